import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { flag, loose, looseStrings } from '../base/attributes.js';
import { type ChoiceTarget, keyOf, listenForChoices, stopListening } from '../base/choice-keys.js';
import { TaskElement } from '../base/header.js';
import { hasModifier, isTyping } from '../base/keys.js';
import { fields } from '../base/styles.js';
import { colourOf } from '../text/labels.js';
import { between, clock, fit, inOrder, readSegments, type Segment } from './segments.js';
import { segmentStyles } from './segment-styles.js';
import { mediaStrings } from './strings.js';
import { Timeline } from './timeline.js';

/**
 * Labelled stretches of time of a medium.
 *
 * @attr src - address of the medium
 * @attr labels - loose JSON list of labels
 * @attr initial-value - loose JSON list of `{start, end, label, text}`, times in seconds
 * @attr transcribe - each segment has a text
 * Output: `{duration, segments: [{start, end, label, text?}], initialValueModified?}`.
 */
export abstract class SegmentElement extends TaskElement implements ChoiceTarget {
  @property() src = '';
  @property({ converter: looseStrings }) labels: string[] = [];
  @property({ attribute: 'initial-value', converter: loose }) initialValue: unknown;
  @property({ converter: flag }) transcribe = false;
  @state() protected segments: readonly Segment[] = [];
  @state() protected duration = 0;
  @state() private time = 0;
  @state() private active = '';
  @state() private chosen: Segment | null = null;
  @state() private openStart: number | null = null;
  @query('.media') protected media!: HTMLMediaElement;
  private readonly timeline = new Timeline(this);
  private restored = false;

  override connectedCallback(): void {
    super.connectedCallback();
    listenForChoices(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    stopListening(this);
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has('labels') && !this.labels.includes(this.active)) this.active = this.labels[0] ?? '';
    if (!changes.has('initialValue') || this.initialValue === undefined || this.restored) return;
    this.segments = readSegments(this.initialValue);
    this.rememberInitial();
  }

  get value(): { duration: number; segments: Segment[]; initialValueModified?: boolean } {
    return this.withModified({ duration: this.duration, segments: inOrder(this.segments) });
  }
  set value(value: unknown) {
    this.segments = readSegments(value);
    this.restored = true;
  }

  protected override bareOutput(): unknown {
    return inOrder(this.segments);
  }

  override validate(): string | null {
    return this.required && this.segments.length === 0 ? mediaStrings.needsSegment : null;
  }

  get answered(): boolean {
    return false;
  }

  // Editing

  chooseAt(index: number): boolean {
    const label = this.labels[index];
    if (label === undefined || this.disabled) return false;
    this.useLabel(label);
    return true;
  }

  private useLabel(label: string): void {
    this.active = label;
    if (this.chosen) this.edit(this.chosen, { label });
  }

  /** Adds what lies between two times under the label in use. */
  addBetween(one: number, other: number): void {
    const segment = between(one, other, this.active, this.duration);
    if (!segment || this.disabled) return;
    this.segments = [...this.segments, segment];
    this.chosen = segment;
    this.changed();
  }

  edit(segment: Segment, change: Partial<Segment>): void {
    const changed = { ...segment, ...change };
    const isShort = between(changed.start, changed.end, '', this.duration) === null;
    if (this.disabled || isShort || changed.end < changed.start) return this.requestUpdate();
    this.segments = this.segments.map((other) => (other === segment ? changed : other));
    this.chosen = changed;
    this.changed();
  }

  select(segment: Segment | null): void {
    this.chosen = segment;
  }

  get selected(): Segment | null {
    return this.chosen;
  }

  private discard(segment: Segment): void {
    if (this.disabled) return;
    this.segments = this.segments.filter((other) => other !== segment);
    if (this.chosen === segment) this.chosen = null;
    this.changed();
  }

  private markStart(): void {
    this.openStart = this.media.currentTime;
  }

  private markEnd(): void {
    this.addBetween(this.openStart ?? 0, this.media.currentTime);
    this.openStart = null;
  }

  // Playing

  /** Seconds, whatever the player says of media without a known length. */
  get length(): number {
    return this.duration;
  }

  seek(seconds: number): void {
    this.media.currentTime = fit(seconds, this.duration);
  }

  private toggle(): void {
    if (this.media.paused) void this.media.play();
    else this.media.pause();
  }

  private onKey(event: KeyboardEvent): void {
    const target = event.composedPath()[0];
    if (isTyping(event) || hasModifier(event)) return;
    if (event.key === ' ' && target instanceof HTMLButtonElement) return;
    const step = event.shiftKey ? 0.1 : 2;
    const acts: Record<string, () => void> = {
      ' ': () => this.toggle(),
      ArrowRight: () => this.seek(this.media.currentTime + step),
      ArrowLeft: () => this.seek(this.media.currentTime - step),
      s: () => this.markStart(),
      e: () => this.markEnd(),
      Delete: () => this.chosen && this.discard(this.chosen),
      Backspace: () => this.chosen && this.discard(this.chosen),
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  protected onLoaded(): void {
    if (Number.isFinite(this.media.duration)) this.duration = Math.round(this.media.duration * 1000) / 1000;
  }

  protected onTime(): void {
    this.time = this.media.currentTime;
  }

  protected onBroken(): void {
    this.problem = mediaStrings.brokenMedia(this.src);
  }

  // Rendering

  protected abstract renderMedia(): TemplateResult;

  override render(): TemplateResult {
    return this.renderFrame(html`
      <slot></slot>
      <div
        class="editor"
        role="group"
        aria-label=${this.header || this.name}
        tabindex="0"
        data-own-keys
        @keydown=${this.onKey}
      >
        ${this.renderMedia()} ${this.timeline.render(this.segments, this.time, this.openStart)} ${this.renderControls()}
      </div>
      <p class="quiet keys-help">${mediaStrings.segmentHelp}</p>
      ${this.renderList()}
    `);
  }

  private renderControls(): TemplateResult {
    const button = (label: string, sign: string, press: () => void): TemplateResult =>
      html`<button class="button" type="button" title=${label} aria-label=${label} @click=${press}>${sign}</button>`;
    return html`
      <div class="bar">
        ${button(mediaStrings.back, '«', () => this.seek(this.media.currentTime - 2))}
        ${button(mediaStrings.play, '▶', () => this.toggle())}
        ${button(mediaStrings.on, '»', () => this.seek(this.media.currentTime + 2))}
        ${button(mediaStrings.start, '[', () => this.markStart())}
        ${button(mediaStrings.end, ']', () => this.markEnd())}
        <span class="time">${clock(this.time)} / ${clock(this.duration)}</span>
        ${this.openStart === null ? nothing : html`<span class="quiet">${mediaStrings.openStart(clock(this.openStart))}</span>`}
      </div>
      <div class="bar" role="group" aria-label=${mediaStrings.labels}>
        ${this.labels.map(
          (label, index) =>
            html`<button
              class="button"
              type="button"
              style="--colour: ${colourOf(index)}"
              aria-pressed=${this.active === label}
              ?disabled=${this.disabled}
              @click=${() => this.useLabel(label)}
            >
              <i></i>${label} ${keyOf(index) ? html`<kbd aria-hidden="true">${keyOf(index)}</kbd>` : nothing}
            </button>`,
        )}
      </div>
    `;
  }

  colour(label: string): string {
    return colourOf(Math.max(this.labels.indexOf(label), 0));
  }

  private renderList(): TemplateResult {
    return html`<ol class="list" aria-label=${mediaStrings.segments}>
      ${inOrder(this.segments).map((segment, index) => this.renderRow(segment, index))}
    </ol>`;
  }

  private renderRow(segment: Segment, index: number): TemplateResult {
    const name = mediaStrings.segment(index + 1, segment.label);
    const time = (key: 'start' | 'end', label: string): TemplateResult =>
      html`<input
        class="field"
        type="number"
        min="0"
        step="0.1"
        aria-label=${label}
        .value=${String(segment[key])}
        ?disabled=${this.disabled}
        @change=${(event: Event) =>
          this.edit(segment, { [key]: fit(Number((event.target as HTMLInputElement).value), this.duration) })}
      />`;
    return html`<li class=${segment === this.chosen ? 'chosen' : ''} @focusin=${() => (this.chosen = segment)}>
      <button
        class="button"
        type="button"
        style="--colour: ${this.colour(segment.label)}"
        @click=${() => this.seek(segment.start)}
      >
        <i></i>${segment.label || index + 1}
      </button>
      ${time('start', mediaStrings.from(name))} ${time('end', mediaStrings.to(name))}
      ${
        this.transcribe
          ? html`<textarea
              class="field"
              rows="1"
              aria-label=${mediaStrings.text(name)}
              .value=${segment.text ?? ''}
              ?disabled=${this.disabled}
              @change=${(event: Event) => this.edit(segment, { text: (event.target as HTMLTextAreaElement).value })}
            ></textarea>`
          : nothing
      }
      <button
        class="button bare"
        type="button"
        aria-label=${mediaStrings.removeSegment(name)}
        ?disabled=${this.disabled}
        @click=${() => this.discard(segment)}
      >
        ×
      </button>
    </li>`;
  }

  static override styles = [...TaskElement.styles, fields, Timeline.styles, segmentStyles];
}
