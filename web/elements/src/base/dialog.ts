// Modal windows. The page may sit in a frame that is taller than the screen, where "the middle of the window" is out of
// sight; so a dialog is placed inside the part of the page that can be seen.
import { html, type TemplateResult } from 'lit';
import { strings } from './strings.js';

let seen: DOMRectReadOnly | undefined;

new IntersectionObserver(
  ([entry]) => {
    seen = entry?.isIntersecting ? entry.intersectionRect : undefined;
  },
  { threshold: Array.from({ length: 21 }, (_, step) => step / 20) },
).observe(document.documentElement);

/** Opens a dialog within sight; focus goes to it and comes back when it closes. */
export function openDialog(dialog: HTMLDialogElement): void {
  if (dialog.open) return;
  const top = Math.max(seen?.top ?? 0, 0);
  const height = Math.min(seen?.height ?? innerHeight, innerHeight);
  if (height < innerHeight - 1) {
    dialog.style.marginBlock = `${top + 12}px auto`;
    dialog.style.maxHeight = `${Math.max(height - 24, 200)}px`;
  } else {
    dialog.style.marginBlock = dialog.style.maxHeight = '';
  }
  dialog.showModal();
}

/** The inside of `<dialog class="dialog">`: a heading, a button that closes, the content. */
export function dialogBody(heading: string, content: unknown): TemplateResult {
  return html`
    <header>
      <h2>${heading}</h2>
      <button class="button bare" type="button" @click=${closeAround}>${strings.close}</button>
    </header>
    <div class="content">${content}</div>
  `;
}

function closeAround(event: Event): void {
  (event.currentTarget as HTMLElement).closest('dialog')?.close();
}

/** A click on the shade around the dialog closes it. */
export function closeOnShade(event: MouseEvent): void {
  if (event.target === event.currentTarget) (event.currentTarget as HTMLDialogElement).close();
}
