import { css, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { looseStrings } from '../base/attributes.js';
import { TaskElement } from '../base/header.js';
import { moreStrings } from './strings.js';

/**
 * Entries to put in order, by dragging, by buttons or by arrow keys.
 *
 * @attr items - loose JSON list of the entries
 * Output: `{ranking: ["best", ..., "worst"]}`.
 */
export class CrowdRanking extends TaskElement {
  @property({ converter: looseStrings }) items: string[] = [];
  @state() private order: string[] | undefined;
  @state() private touched = false;
  @state() private dragged: string | undefined;

  get value(): { ranking: string[] } {
    // An order from a draft may miss entries or have others.
    const known = (this.order ?? []).filter((item) => this.items.includes(item));
    return { ranking: [...known, ...this.items.filter((item) => !known.includes(item))] };
  }
  set value(value: unknown) {
    const ranking = Array.isArray(value) ? value : (value as { ranking?: unknown } | null | undefined)?.ranking;
    this.order = Array.isArray(ranking) ? ranking.map(String) : undefined;
  }

  override get _submittableValue(): unknown {
    return this.touched ? this.value : undefined;
  }

  override restore(output: unknown): void {
    this.value = output;
    this.touched = true;
  }

  override reset(): void {
    super.reset();
    this.touched = false;
  }

  override validate(): string | null {
    return this.touched || !this.required ? null : moreStrings.needsOrder;
  }

  private move(item: string, to: number): void {
    const order = this.value.ranking.filter((other) => other !== item);
    if (this.disabled || to < 0 || to > order.length) return;
    order.splice(to, 0, item);
    this.order = order;
    this.touched = true;
    this.changed();
  }

  private confirm(): void {
    this.touched = true;
    this.changed();
  }

  private onKey(event: KeyboardEvent, item: string): void {
    const at = this.value.ranking.indexOf(item);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: this.items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.move(item, to);
    // Moving the row in the document takes the focus from it.
    const row = (event.currentTarget as HTMLElement).closest<HTMLElement>('li')!;
    void this.updateComplete.then(() => row.focus());
  }

  private onDown(event: PointerEvent, item: string): void {
    if (this.disabled || (event.target as Element).closest('button')) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.dragged = item;
  }

  private onMove(event: PointerEvent): void {
    if (this.dragged === undefined) return;
    const rows = [...this.renderRoot.querySelectorAll('li')];
    const before = rows.filter((row) => {
      const { top, height } = row.getBoundingClientRect();
      return row.dataset['item'] !== this.dragged && event.clientY > top + height / 2;
    }).length;
    if (before !== this.value.ranking.indexOf(this.dragged)) this.move(this.dragged, before);
  }

  override render(): TemplateResult {
    const { ranking } = this.value;
    return this.renderFrame(html`
      <slot></slot>
      <p class="quiet" id="help">${moreStrings.rankHelp}</p>
      <ol aria-describedby="help">
        ${repeat(
          ranking,
          (item) => item,
          (item, index) => this.renderItem(item, index, ranking.length),
        )}
      </ol>
      ${
        this.required && !this.touched
          ? html`<button class="button" type="button" @click=${this.confirm}>${moreStrings.confirmOrder}</button>`
          : nothing
      }
    `);
  }

  private renderItem(item: string, index: number, count: number): TemplateResult {
    const button = (label: string, sign: string, to: number): TemplateResult =>
      html`<button
        type="button"
        class="button bare"
        tabindex="-1"
        aria-label=${label}
        ?disabled=${this.disabled || to < 0 || to >= count}
        @click=${() => this.move(item, to)}
      >
        ${sign}
      </button>`;
    return html`<li
      tabindex="0"
      data-item=${item}
      class=${item === this.dragged ? 'dragged' : ''}
      aria-label=${moreStrings.rank(item, index + 1, count)}
      @keydown=${(event: KeyboardEvent) => this.onKey(event, item)}
      @pointerdown=${(event: PointerEvent) => this.onDown(event, item)}
      @pointermove=${this.onMove}
      @pointerup=${() => (this.dragged = undefined)}
      @pointercancel=${() => (this.dragged = undefined)}
    >
      <span class="place">${index + 1}</span><span class="text">${item}</span>
      ${button(moreStrings.up(item), '↑', index - 1)} ${button(moreStrings.down(item), '↓', index + 1)}
    </li>`;
  }

  static override styles = [
    ...TaskElement.styles,
    css`
      ol {
        display: grid;
        gap: 6px;
        margin: 0 0 8px;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        align-items: center;
        gap: 10px;
        padding: 2px 4px 2px 12px;
        border: 1px solid var(--crowd-edge);
        border-radius: var(--crowd-round);
        background: var(--crowd-surface);
        cursor: grab;
        touch-action: none;
        user-select: none;
      }
      .dragged {
        border-color: var(--crowd-action);
        background: var(--crowd-tint);
        cursor: grabbing;
      }
      .place {
        min-width: 1.6em;
        font-weight: 700;
      }
      .text {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      li .button {
        padding: 0;
      }
    `,
  ];
}

customElements.define('crowd-ranking', CrowdRanking);
