import { css, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { looseStrings } from '../base/attributes.js';
import { TaskElement } from '../base/header.js';
import { type Json, parseLoose } from '../base/loose-json.js';
import { fields } from '../base/styles.js';
import { moreStrings } from './strings.js';

/**
 * JSON written by hand, for whatever has no element of its own. It is read loosely and given as proper JSON.
 *
 * @attr value - the text from the start
 * @attr keys - loose JSON list of keys that the answer, an object, has to have
 * @attr rows - height in rows of text, 8
 * Output: the JSON value.
 */
export class CrowdJson extends TaskElement {
  @property({ converter: looseStrings }) keys: string[] = [];
  @property({ type: Number }) rows = 8;
  @state() private text = '';

  @property({ noAccessor: true })
  get value(): Json | undefined {
    return this.read().value;
  }
  set value(value: unknown) {
    this.text = typeof value === 'string' ? value : value === undefined || value === null ? '' : pretty(value);
  }

  override restore(output: unknown): void {
    this.text = pretty(output);
  }

  override reset(): void {
    super.reset();
    this.text = this.getAttribute('value') ?? '';
  }

  override validate(): string | null {
    const { value, problem } = this.read();
    if (problem) return moreStrings.badJson(problem);
    if (value === undefined) return super.validate();
    const has = value !== null && typeof value === 'object' ? value : {};
    const missing = this.keys.filter((key) => !(key in has));
    return missing.length > 0 ? moreStrings.missingKeys(missing.join(', ')) : null;
  }

  private read(): { value?: Json; problem?: string } {
    if (this.text.trim() === '') return {};
    try {
      return { value: parseLoose(this.text) };
    } catch (error) {
      return { problem: (error as Error).message };
    }
  }

  private onInput(event: Event): void {
    this.text = (event.target as HTMLTextAreaElement).value;
    this.changed();
  }

  /** Leaving the field puts the text in order, or says what is wrong with it. */
  private onChange(): void {
    const { value, problem } = this.read();
    if (value !== undefined) this.text = pretty(value);
    this.showProblemSoon(problem ? moreStrings.badJson(problem) : null);
  }

  override render(): TemplateResult {
    return this.renderFrame(html`
      <slot></slot>
      <textarea
        class="field"
        spellcheck="false"
        rows=${this.rows}
        .value=${this.text}
        aria-label=${this.header || this.name || moreStrings.json}
        aria-invalid=${this.problem === null ? nothing : 'true'}
        ?disabled=${this.disabled}
        @input=${this.onInput}
        @change=${this.onChange}
      ></textarea>
    `);
  }

  static override styles = [
    ...TaskElement.styles,
    fields,
    css`
      textarea {
        font-family: var(--crowd-mono);
        font-size: 0.9375rem;
        resize: vertical;
      }
    `,
  ];
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

customElements.define('crowd-json', CrowdJson);
