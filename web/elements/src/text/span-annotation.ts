import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { loose } from '../base/attributes.js';
import { type ChoiceTarget, keyOf, listenForChoices, stopListening } from '../base/choice-keys.js';
import { TaskElement } from '../base/header.js';
import { hasModifier } from '../base/keys.js';
import { colourOf, type EntityLabel, entityLabels, readLabels } from './labels.js';
import { selectedStretch } from './selection.js';
import { type Entity, Offsets, type Piece, piecesOf, type Span, type Stretch, trimmed } from './spans.js';
import { spanStyles } from './span-styles.js';
import { textStrings } from './strings.js';
import { TextCursor } from './text-cursor.js';

/**
 * A text in which stretches are given labels, by mouse, by touch or by keyboard; spans may overlap.
 *
 * @attr text - the text
 * @attr labels - loose JSON list of `{label, shortDisplayName, fullDisplayName}` or of strings
 * @attr initial-value - loose JSON list of `{label, startOffset, endOffset}`, offsets in Unicode code points
 */
export abstract class SpanAnnotation extends TaskElement implements ChoiceTarget {
  @property() text = '';
  @property({ attribute: 'initial-value', converter: loose }) initialValue: unknown;
  @state() protected spans: Span[] = [];
  @state() private active: string | undefined;
  /** What the keyboard has selected, drawn by this element. */
  @state() private pending: Stretch | null = null;
  @state() protected chosen: Span | null = null;
  @query('.text') private box!: HTMLElement;
  private entityLabels: EntityLabel[] = [];
  private offsets = new Offsets('');
  private cursor = new TextCursor('');
  private history: Span[][] = [];
  /** What the browser shows as selected; drawing it too would take the nodes away from under the selection. */
  private selected: Stretch | null = null;

  @property({ converter: entityLabels, noAccessor: true })
  get labels(): EntityLabel[] {
    return this.entityLabels;
  }
  set labels(labels: readonly unknown[]) {
    this.entityLabels = readLabels(labels);
    this.active = this.entityLabels.length === 1 ? this.entityLabels[0]!.label : undefined;
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    listenForChoices(this);
    document.addEventListener('selectionchange', this.onSelection);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    stopListening(this);
    document.removeEventListener('selectionchange', this.onSelection);
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has('text')) {
      this.offsets = new Offsets(this.text);
      this.cursor = new TextCursor(this.text);
    }
    if (changes.has('initialValue') || (changes.has('text') && this.history.length === 0)) this.takeInitial();
  }

  private takeInitial(): void {
    if (Array.isArray(this.initialValue) && this.history.length === 0) this.spans = this.spansOf(this.initialValue);
  }

  get answered(): boolean {
    return false;
  }

  /** The annotations in the order of the text, offsets in code points. */
  protected get entities(): Entity[] {
    return [...this.spans]
      .sort((one, other) => one.start - other.start || one.end - other.end)
      .map(({ start, end, label }) => ({
        startOffset: this.offsets.toPoints(start),
        endOffset: this.offsets.toPoints(end),
        label,
      }));
  }

  protected spansOf(entities: unknown): Span[] {
    // A draft may come before the first rendering.
    this.offsets = new Offsets(this.text);
    return (Array.isArray(entities) ? (entities as Partial<Entity>[]) : [])
      .map((entity) => ({
        start: this.offsets.toUnits(Number(entity.startOffset)),
        end: this.offsets.toUnits(Number(entity.endOffset)),
        label: String(entity.label),
      }))
      .filter(({ start, end }) => start < end);
  }

  // Choosing

  chooseAt(index: number): boolean {
    const label = this.entityLabels[index]?.label;
    if (label === undefined || this.disabled) return false;
    this.useLabel(label);
    return true;
  }

  /** Gives the label to what is selected, or to the span that is chosen, or keeps it for the next selection. */
  private useLabel(label: string): void {
    if (this.disabled) return;
    this.active = label;
    const stretch = this.selected ?? this.pending;
    if (stretch) this.addSpan(stretch, label);
    else if (this.chosen) this.relabel(this.chosen, label);
  }

  private addSpan(stretch: Stretch, label: string): void {
    const span = { ...stretch, label };
    const same = this.spans.some(
      (other) => other.start === span.start && other.end === span.end && other.label === label,
    );
    if (!same) this.commit([...this.spans, span]);
    this.pending = this.selected = this.chosen = null;
    getSelection()?.removeAllRanges();
  }

  private relabel(span: Span, label: string): void {
    const changed = { ...span, label };
    this.commit(this.spans.map((other) => (other === span ? changed : other)));
    this.chosen = changed;
  }

  protected removeSpan(span: Span): void {
    this.commit(this.spans.filter((other) => other !== span));
    if (this.chosen === span) this.chosen = null;
  }

  protected commit(spans: Span[]): void {
    this.history.push(this.spans);
    this.spans = spans;
    this.changed();
  }

  private undo(): void {
    const before = this.history.pop();
    if (!before) return;
    this.spans = before;
    this.chosen = null;
    this.changed();
  }

  // Selecting

  private onSelection = (): void => {
    if (!this.box || this.disabled) return;
    const stretch = selectedStretch(this.box);
    if (stretch) this.selected = trimmed(this.text, stretch.start, stretch.end);
  };

  private onPointerUp(event: PointerEvent): void {
    if (this.disabled) return;
    const stretch = selectedStretch(this.box);
    if (!stretch) return this.choosePiece(event.target as HTMLElement);
    this.selected = trimmed(this.text, stretch.start, stretch.end);
    this.pending = this.chosen = null;
    // A finger goes on to move the handles of its selection, and presses a label when it is done.
    if (!this.selected || this.active === undefined || event.pointerType !== 'mouse') return;
    this.addSpan(this.selected, this.active);
  }

  private choosePiece(target: HTMLElement): void {
    this.pending = this.selected = null;
    const start = Number(target.closest<HTMLElement>('[data-start]')?.dataset['start'] ?? Number.NaN);
    const covering = this.spans.filter((span) => span.start <= start && start < span.end);
    const [shortest] = covering.sort((one, other) => one.end - one.start - (other.end - other.start));
    this.chosen = shortest ?? null;
  }

  private onKey(event: KeyboardEvent): void {
    if (this.disabled) return;
    if (event.key === 'z' && (event.ctrlKey || event.metaKey)) this.undo();
    else if (event.key === 'Escape' && (this.pending || this.chosen)) this.pending = this.chosen = null;
    else if ((event.key === 'Delete' || event.key === 'Backspace') && this.spanHere) this.removeSpan(this.spanHere);
    else if (event.key === 'Enter' && !hasModifier(event) && this.pending && this.active !== undefined)
      this.addSpan(this.pending, this.active);
    else if (!this.moveCursor(event)) return;
    event.preventDefault();
  }

  private moveCursor(event: KeyboardEvent): boolean {
    const moved = this.cursor.key(event);
    if (!moved) return false;
    this.pending = moved;
    this.selected = this.chosen = null;
    void this.updateComplete.then(() => this.box.querySelector('.pending')?.scrollIntoView({ block: 'nearest' }));
    return true;
  }

  /** The span that Delete takes away: the chosen one, or the shortest one under the cursor. */
  private get spanHere(): Span | undefined {
    const { pending } = this;
    if (this.chosen || !pending) return this.chosen ?? undefined;
    const under = this.spans.filter((span) => span.start < pending.end && span.end > pending.start);
    return under.sort((one, other) => one.end - one.start - (other.end - other.start))[0];
  }

  // Rendering

  protected renderAnnotation(): TemplateResult {
    return html`
      ${this.renderLabels()}
      <div
        class="text"
        role="group"
        tabindex="0"
        data-own-keys
        aria-label=${textStrings.text}
        aria-describedby="help"
        @pointerup=${this.onPointerUp}
        @keydown=${this.onKey}
      >
        ${this.renderPieces()}
      </div>
      <p id="help" class="quiet keys-help">${textStrings.help}</p>
      <p class="hidden-text" role="status">${this.status}</p>
      ${this.renderSpans()}
    `;
  }

  private renderLabels(): TemplateResult {
    return html`<div class="labels" role="group" aria-label=${textStrings.labels}>
      ${this.entityLabels.map(
        ({ label, fullDisplayName }, index) =>
          html`<button
            class="button label"
            type="button"
            style="--colour: ${colourOf(index)}"
            aria-pressed=${this.active === label}
            ?disabled=${this.disabled}
            @pointerdown=${(event: Event) => event.preventDefault()}
            @click=${() => this.useLabel(label)}
          >
            <i></i>${fullDisplayName} ${keyOf(index) ? html`<kbd aria-hidden="true">${keyOf(index)}</kbd>` : nothing}
          </button>`,
      )}
    </div>`;
  }

  private renderPieces(): unknown {
    const marks = this.pending ? [...this.spans, { ...this.pending, label: '' }] : this.spans;
    return repeat(
      piecesOf(this.text.length, marks),
      (piece) => piece.start,
      (piece) => this.renderPiece(piece),
    );
  }

  private renderPiece({ start, end, spans }: Piece): TemplateResult {
    const text = this.text.slice(start, end);
    if (spans.length === 0) return html`<span data-start=${start}>${text}</span>`;
    const labelled = spans.filter(({ label }) => label !== '');
    const tags = labelled.filter((span) => span.start === start).map(({ label }) => this.shortName(label));
    const lines = labelled.map(({ label }, depth) => `inset 0 ${-2 * (depth + 1)}px 0 ${this.lineOf(label)}`);
    const top = labelled.at(-1);
    const classes = [
      top ? 'span' : '',
      labelled.length < spans.length ? 'pending' : '',
      this.chosen && spans.includes(this.chosen) ? 'chosen' : '',
    ];
    return html`<span
      class=${classes.join(' ')}
      data-start=${start}
      data-tag=${tags.length > 0 ? tags.join(' ') : nothing}
      style="--colour: ${top ? this.colour(top.label) : 'transparent'}; box-shadow: ${lines.reverse().join(', ') || 'none'}"
      >${text}</span
    >`;
  }

  /** The annotations as a list, each with a button that takes it away. */
  private renderSpans(): TemplateResult {
    const spans = [...this.spans].sort((one, other) => one.start - other.start || one.end - other.end);
    return html`<ul class="spans" aria-label=${textStrings.annotations}>
      ${spans.map(
        (span) =>
          html`<li class=${span === this.chosen ? 'chosen' : ''} style="--colour: ${this.colour(span.label)}">
            <button type="button" class="name" @click=${() => (this.chosen = span)}>
              <b>${this.shortName(span.label)}</b> ${this.text.slice(span.start, span.end)}
            </button>
            <button
              type="button"
              class="remove"
              aria-label=${textStrings.remove(span.label, this.text.slice(span.start, span.end))}
              ?disabled=${this.disabled}
              @click=${() => this.removeSpan(span)}
            >
              ×
            </button>
          </li>`,
      )}
    </ul>`;
  }

  private get status(): string {
    if (this.pending) return textStrings.selected(this.text.slice(this.pending.start, this.pending.end));
    return textStrings.count(this.spans.length);
  }

  private shortName(label: string): string {
    return this.entityLabels.find((entry) => entry.label === label)?.shortDisplayName ?? label;
  }

  private colour(label: string): string {
    return colourOf(
      Math.max(
        this.entityLabels.findIndex((entry) => entry.label === label),
        0,
      ),
    );
  }

  private lineOf(label: string): string {
    return `color-mix(in srgb, ${this.colour(label)} 55%, var(--crowd-ink))`;
  }

  static override styles = [...TaskElement.styles, spanStyles];
}
