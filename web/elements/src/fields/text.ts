import { css, html, nothing, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { flag } from '../base/attributes.js';
import { AnswerElement } from '../base/answer.js';
import { strings } from '../base/strings.js';
import { common, fields } from '../base/styles.js';

const numeric = {
  fromAttribute: (text: string | null): number | undefined => (text === null ? undefined : Number(text)),
};

/**
 * Text typed by the worker, on one line or on several.
 *
 * @attr label - what to enter
 * @attr value - the text from the start
 * @attr placeholder - an example, shown while the field is empty
 * @attr min-length - characters (Unicode code points) that are needed once something is entered
 * @attr max-length - characters beyond it are not taken
 * @attr allowed-pattern - regular expression; with auto-validate other characters are not taken
 * @attr auto-validate - check while typing
 * @attr error-message - what to say when the text is not valid
 * @attr auto-focus - the cursor stands here from the start
 * Output: the text, nothing when empty.
 */
export abstract class TextField extends AnswerElement {
  @property() value = '';
  @property() label = '';
  @property() placeholder = '';
  @property({ attribute: 'allowed-pattern' }) allowedPattern = '';
  @property({ attribute: 'auto-focus', converter: flag }) autoFocus = false;
  @property({ attribute: 'auto-validate', converter: flag }) autoValidate = false;
  @property({ attribute: 'error-message' }) errorMessage = '';
  @property({ attribute: 'max-length', converter: numeric }) maxLength: number | undefined;
  @property({ attribute: 'min-length', converter: numeric }) minLength: number | undefined;
  @query('.field') protected control!: HTMLInputElement | HTMLTextAreaElement;

  override get _submittableValue(): unknown {
    return this.value || undefined;
  }

  override restore(output: unknown): void {
    this.value = String(output);
  }

  override validate(): string | null {
    // Scripts empty a field with null, too.
    if (!this.value) return this.required ? this.errorMessage || strings.required : null;
    const missing = (this.minLength ?? 0) - Array.from(this.value).length;
    if (missing > 0) return this.errorMessage || strings.tooShort(this.minLength!);
    return this.control && !this.control.validity.valid
      ? this.errorMessage || this.control.validationMessage
      : this.patternProblem();
  }

  /** Delegated focus would select the text, and the next key press would replace it. */
  override focus(options?: FocusOptions): void {
    this.control.focus(options);
  }

  private patternProblem(): string | null {
    if (!this.autoValidate || this.accepts(this.value)) return null;
    return this.errorMessage || strings.notAllowed;
  }

  /** Whether each character, or the text as a whole, fits the allowed pattern. */
  private accepts(text: string): boolean {
    if (!this.allowedPattern) return true;
    const whole = new RegExp(`^(?:${this.allowedPattern})$`, 'u');
    const one = new RegExp(this.allowedPattern, 'u');
    return whole.test(text) || Array.from(text).every((character) => one.test(character));
  }

  protected onBeforeInput(event: InputEvent): void {
    if (!this.autoValidate || event.data === null || event.isComposing || this.accepts(event.data)) return;
    event.preventDefault();
    this.problem = this.errorMessage || strings.notAllowed;
  }

  protected onInput(): void {
    this.value = this.control.value;
    this.changed(false);
  }

  /** The control's own event does not leave the shadow tree. */
  protected onChange(): void {
    this.dispatchEvent(new Event('change', { bubbles: true }));
  }

  protected onBlur(): void {
    if (this.autoValidate && this.value) this.showProblemSoon(this.validate());
  }

  protected override firstUpdated(changes: Map<PropertyKey, unknown>): void {
    super.firstUpdated(changes);
    if (this.autoFocus) this.control.focus();
  }

  protected renderLabel(): TemplateResult | typeof nothing {
    return this.label ? html`<label class="caption" for="field">${this.label}</label>` : nothing;
  }

  /** The name for a screen reader when the page has no label. */
  protected get spoken(): string | typeof nothing {
    if (this.label) return nothing;
    return this.getAttribute('aria-label') || this.placeholder || this.name || nothing;
  }

  static override styles = [
    common,
    fields,
    css`
      :host {
        display: block;
        margin-block: 8px;
      }
    `,
  ];
}

/**
 * One line of text, or a file that the shell stores.
 *
 * @attr type - type of HTML's input: text, number, date, email, url, file, ...
 * Output of `type="file"`: the name of the stored media, outside of a shell the file's own name.
 */
export class CrowdInput extends TextField {
  @property() type = 'text';

  override render(): TemplateResult {
    return html`
      ${this.renderLabel()} ${this.type === 'file' ? this.renderFile() : this.renderInput()} ${this.renderProblem()}
      <slot></slot>
    `;
  }

  private renderInput(): TemplateResult {
    return html`<input
      id="field"
      class="field"
      type=${this.type}
      .value=${this.value}
      step=${this.type === 'number' ? 'any' : nothing}
      placeholder=${this.placeholder || nothing}
      maxlength=${this.maxLength ?? nothing}
      aria-label=${this.spoken}
      aria-invalid=${this.problem !== null}
      ?disabled=${this.disabled}
      ?required=${this.required}
      @beforeinput=${this.onBeforeInput}
      @input=${this.onInput}
      @change=${this.onChange}
      @blur=${this.onBlur}
    />`;
  }

  private renderFile(): TemplateResult {
    return html`<input
      id="field"
      class="field"
      type="file"
      aria-label=${this.spoken}
      aria-invalid=${this.problem !== null}
      ?disabled=${this.disabled}
      @change=${this.store}
    />`;
  }

  private async store(): Promise<void> {
    const [file] = (this.control as HTMLInputElement).files ?? [];
    this.value = '';
    if (!file) return this.changed();
    const { upload } = await import('../media/upload.js');
    const { media = file.name, error } = await upload(this.name, file, 'file');
    if (error !== undefined) return this.showProblem(error);
    this.value = media;
    this.changed();
  }
}

/**
 * Several lines of text.
 *
 * @attr rows - height in rows of text
 * @attr max-rows - the field grows with the text up to this height
 * @attr char-counter - shows the number of characters
 */
export class CrowdTextArea extends TextField {
  @property({ type: Number }) rows = 2;
  @property({ attribute: 'max-rows', converter: numeric }) maxRows: number | undefined;
  @property({ attribute: 'char-counter', converter: flag }) charCounter = false;

  override render(): TemplateResult {
    return html`
      ${this.renderLabel()}
      <textarea
        id="field"
        class="field"
        rows=${this.rows}
        .value=${this.value}
        style=${this.maxRows ? `max-height: calc(${this.maxRows}lh + 18px)` : nothing}
        placeholder=${this.placeholder || nothing}
        maxlength=${this.maxLength ?? nothing}
        aria-label=${this.spoken}
        aria-invalid=${this.problem !== null}
        ?disabled=${this.disabled}
        ?required=${this.required}
        @beforeinput=${this.onBeforeInput}
        @input=${this.onInput}
        @change=${this.onChange}
        @blur=${this.onBlur}
      ></textarea>
      ${this.charCounter ? html`<p class="quiet count">${this.count}</p>` : nothing} ${this.renderProblem()}
      <slot></slot>
    `;
  }

  private get count(): string {
    const { length } = Array.from(this.value ?? '');
    return this.maxLength === undefined ? String(length) : `${length} / ${this.maxLength}`;
  }

  static override styles = [
    ...TextField.styles,
    css`
      textarea {
        field-sizing: content;
        resize: vertical;
      }
      .count {
        margin: 2px 0 0;
        text-align: right;
      }
    `,
  ];
}

customElements.define('crowd-input', CrowdInput);
customElements.define('crowd-text-area', CrowdTextArea);
