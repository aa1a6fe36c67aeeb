// Modal windows. The page may sit in a frame that is taller than the screen, where "the middle of the window" is out of
// sight; so a dialog is placed inside the part of the page that can be seen.
import { html, type TemplateResult } from 'lit';
import { strings } from './strings.js';

let seen: IntersectionObserverEntry | undefined;

new IntersectionObserver((entries) => (seen = entries.at(-1)), {
  threshold: Array.from({ length: 21 }, (_, step) => step / 20),
}).observe(document.documentElement);

/** The part of the window that is on the screen, null when all of the page or all of the window is. */
function visiblePart(): DOMRectReadOnly | null {
  if (!seen?.isIntersecting || seen.intersectionRatio > 0.99) return null;
  return seen.intersectionRect.height >= innerHeight - 1 ? null : seen.intersectionRect;
}

/** The least height of a page with an open dialog, in CSS pixels; the shell makes its frame follow. */
const roomForDialog = 520;

/** Opens a dialog within sight; focus goes to it and comes back when it closes. */
export function openDialog(dialog: HTMLDialogElement): void {
  if (dialog.open) return;
  const part = visiblePart();
  dialog.style.marginBlock = part ? `${part.top + 12}px auto` : '';
  dialog.style.maxHeight = part ? `${Math.max(part.height - 24, 200)}px` : '';
  const page = document.documentElement;
  page.style.minHeight = `${roomForDialog}px`;
  dialog.addEventListener('close', () => (page.style.minHeight = ''), { once: true });
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
