import { css, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { flag } from '../base/attributes.js';
import { AnswerElement } from '../base/answer.js';
import { strings } from '../base/strings.js';
import { common, fields } from '../base/styles.js';

/**
 * A number on a bar. Output: the number.
 *
 * @attr min - smallest number, 0
 * @attr max - largest number, 100
 * @attr step - distance between numbers, 1
 * @attr value - the number from the start; `min` when missing
 * @attr pin - shows the number above the knob
 * @attr editable - a field with up and down buttons beside the bar
 * @attr secondary-progress - a second number, shown as a coloured part of the bar
 * @attr required - the worker has to move the knob, unless the page gives a value
 */
export class CrowdSlider extends AnswerElement {
  @property({ type: Number }) min = 0;
  @property({ type: Number }) max = 100;
  @property({ type: Number }) step = 1;
  @property({ converter: flag }) pin = false;
  @property({ converter: flag }) editable = false;
  @property({ attribute: 'secondary-progress', type: Number }) secondaryProgress: number | undefined;
  @property() label = '';
  @state() private touched = false;
  private number: number | undefined;

  @property({ type: Number, noAccessor: true })
  get value(): number {
    return this.number ?? this.min;
  }
  set value(value: unknown) {
    const number = value === null || value === undefined || value === '' ? Number.NaN : Number(value);
    this.number = Number.isFinite(number) ? Math.min(Math.max(number, this.min), this.max) : undefined;
    this.requestUpdate();
  }

  override get _submittableValue(): unknown {
    return this.value;
  }

  override restore(output: unknown): void {
    this.value = output;
    this.touched = true;
  }

  override validate(): string | null {
    return this.required && !this.touched && this.number === undefined ? strings.setSlider : null;
  }

  override reset(): void {
    super.reset();
    this.touched = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const child of this.children) if (child.localName === 'crowd-slider-label') child.slot = 'label';
  }

  override render(): TemplateResult {
    const share = (number: number): number => ((number - this.min) / (this.max - this.min || 1)) * 100;
    const second = this.secondaryProgress === undefined ? 0 : share(this.secondaryProgress);
    return html`
      ${this.label ? html`<label class="caption" for="bar">${this.label}</label>` : nothing}
      <div class="row" style="--at: ${share(this.value)}%; --second: ${second}%">
        <span class="quiet" aria-hidden="true">${this.min}</span>
        <div class="bar">
          ${this.pin ? html`<output aria-hidden="true">${this.value}</output>` : nothing}
          <input
            id="bar"
            type="range"
            min=${this.min}
            max=${this.max}
            step=${this.step}
            .value=${String(this.value)}
            aria-label=${this.label ? nothing : this.getAttribute('aria-label') || this.name}
            ?disabled=${this.disabled}
            @input=${this.onInput}
            @pointerup=${this.onInput}
          />
        </div>
        <span class="quiet" aria-hidden="true">${this.max}</span>
        ${this.editable ? this.renderField() : nothing}
      </div>
      <div class="labels"><slot name="label"></slot></div>
      ${this.renderProblem()}
      <slot></slot>
    `;
  }

  private renderField(): TemplateResult {
    return html`<input
      class="field"
      type="number"
      min=${this.min}
      max=${this.max}
      step=${this.step}
      .value=${String(this.value)}
      aria-label=${this.label || this.name}
      ?disabled=${this.disabled}
      @change=${this.onInput}
    />`;
  }

  private onInput(event: Event): void {
    if (this.disabled) return;
    this.value = (event.target as HTMLInputElement).value;
    this.touched = true;
    this.changed();
  }

  protected override willUpdate(changes: Map<PropertyKey, unknown>): void {
    // Attributes come in any order: a value that was set before its limits is fitted into them here.
    if ((changes.has('min') || changes.has('max')) && this.hasAttribute('value') && !this.touched) {
      this.value = this.getAttribute('value');
    }
  }

  static override styles = [
    common,
    fields,
    css`
      :host {
        display: block;
        margin-block: 8px;
      }
      .row {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: var(--crowd-target);
      }
      .labels {
        display: flex;
        justify-content: space-between;
        padding-inline: 24px;
      }
      .bar {
        position: relative;
        flex: 1;
        min-width: 0;
      }
      .bar::before {
        content: '';
        position: absolute;
        left: 0;
        bottom: 0;
        width: var(--second);
        height: 4px;
        border-radius: 2px;
        background: var(--crowd-slider-secondary-color, var(--crowd-edge));
      }
      .bar input {
        display: block;
        width: 100%;
        height: 32px;
        margin: 0;
        accent-color: var(--crowd-action);
      }
      output {
        display: block;
        width: max-content;
        margin-left: var(--at);
        padding: 0 6px;
        border-radius: 4px;
        background: var(--crowd-action);
        color: var(--crowd-on-action);
        font-size: 0.875rem;
        translate: -50%;
      }
      .field {
        width: 6em;
      }
    `,
  ];
}

customElements.define('crowd-slider', CrowdSlider);
