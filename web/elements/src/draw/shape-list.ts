import { html, nothing, type TemplateResult } from 'lit';
import { drawStrings } from './strings.js';

export interface ShapeList {
  readonly noun: string;
  readonly entries: readonly { readonly text: string; readonly color: string }[];
  readonly selected: number | null;
  /** Whether the list is unfolded at first; it is unless told otherwise. */
  readonly open?: boolean;
  select(index: number): void;
  step(step: 1 | -1): void;
}

/** Everything drawn, in words: what screen readers read, and a way to what is too small to click. */
export function renderShapeList(list: ShapeList): TemplateResult {
  const { noun, entries, selected } = list;
  const keys = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] as 1 | -1 | undefined;
    if (step === undefined || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    list.step(step);
  };
  return html`<details ?open=${list.open ?? true}>
    <summary>${drawStrings.listed(noun, entries.length)}</summary>
    ${
      entries.length === 0
        ? html`<p class="quiet">${drawStrings.nothingYet(noun)}</p>`
        : html`<ul
            class="list"
            role="listbox"
            tabindex="0"
            data-own-keys
            aria-label=${drawStrings.listed(noun, entries.length)}
            aria-activedescendant=${selected === null ? nothing : `entry-${selected}`}
            @keydown=${keys}
          >
            ${entries.map(
              ({ text, color }, index) =>
                html`<li
                  id="entry-${index}"
                  role="option"
                  aria-selected=${index === selected}
                  .style=${`--swatch: ${color}`}
                  @click=${() => list.select(index)}
                >
                  <span class="swatch"></span>${text}
                </li>`,
            )}
          </ul>`
    }
  </details>`;
}
