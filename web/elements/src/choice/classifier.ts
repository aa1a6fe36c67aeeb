import { css, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { loose, looseStrings } from '../base/attributes.js';
import { type ChoiceTarget, keyOf, listenForChoices, stopListening, tellChosen, tellTap } from '../base/choice-keys.js';
import { TaskElement } from '../base/header.js';
import { type Shuffled, shuffled } from '../base/shuffle.js';
import { strings } from '../base/strings.js';
import { fields } from '../base/styles.js';
import { CommentBox } from './comment.js';

/**
 * Categories to choose from, each with a key. What single and multiple choice, with and without an image, share.
 *
 * @attr categories - loose JSON list of strings
 */
export abstract class Classifier extends TaskElement implements ChoiceTarget, Shuffled {
  @property({ converter: looseStrings }) categories: string[] = [];
  @state() protected comment = '';
  @state() private seed: string | null = null;
  private readonly commentBox = new CommentBox(this, () => this.region('worker-comment'));

  protected abstract readonly kind: 'radio' | 'checkbox';
  abstract readonly answered: boolean;
  protected abstract isChosen(option: string): boolean;
  protected abstract choose(option: string): void;

  override connectedCallback(): void {
    super.connectedCallback();
    listenForChoices(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    stopListening(this);
  }

  /** Labels under the name that scripts of templates use for drawing elements too. */
  get labels(): string[] {
    return this.categories;
  }
  set labels(labels: string[]) {
    this.categories = labels;
  }

  /** The options in the order in which they are shown. */
  protected get options(): string[] {
    return this.seed === null ? this.categories : shuffled(this.categories, `${this.seed}/${this.name}`);
  }

  shuffle(seed: string): void {
    this.seed = seed;
  }

  get order(): string[] | undefined {
    return this.seed === null ? undefined : this.options;
  }

  chooseAt(index: number): boolean {
    const option = this.options[index];
    if (option === undefined || this.disabled) return false;
    this.choose(option);
    return true;
  }

  override validate(): string | null {
    return this.answered ? null : strings.chooseCategory;
  }

  protected withComment<T extends object>(output: T): T & { workerComment?: string } {
    const comment = this.comment.trim();
    return comment === '' ? output : { ...output, workerComment: comment };
  }

  protected takeComment(output: unknown): void {
    const comment = (output as { workerComment?: unknown } | null)?.workerComment;
    this.comment = typeof comment === 'string' ? comment : '';
  }

  // The second class names here and in `renderFrame` are those of Amazon's elements that scripts of templates look up.
  override render(): TemplateResult {
    return this.renderFrame(
      html`<div class="choice annotation-area">${this.renderTarget()} ${this.renderChoices()}</div>`,
    );
  }

  /** What is to be classified. */
  protected renderTarget(): TemplateResult | typeof nothing {
    return html`<div class="target"><slot name="classification-target"></slot><slot></slot></div>`;
  }

  private renderChoices(): TemplateResult {
    return html`
      <div class="answers category-picker-wrapper">
        <div
          class="options"
          role=${this.kind === 'radio' ? 'radiogroup' : 'group'}
          aria-label=${this.header || this.name || strings.categories}
        >
          ${this.options.map((option, index) => this.renderOption(option, index))}
        </div>
        ${
          this.filled.has('worker-comment')
            ? this.commentBox.render(this.comment, (comment) => {
                this.comment = comment;
                this.changed();
              })
            : nothing
        }
      </div>
    `;
  }

  /** A finger or a mouse has chosen. */
  protected tapped(_event: MouseEvent): void {}

  /** What stands beside the name of an option. */
  protected renderAside(_option: string): TemplateResult | typeof nothing {
    return nothing;
  }

  private renderOption(option: string, index: number): TemplateResult {
    const key = keyOf(index);
    return html`
      <label class="option" @click=${(event: MouseEvent) => this.tapped(event)}>
        <input
          type=${this.kind}
          name="option"
          .checked=${this.isChosen(option)}
          ?disabled=${this.disabled}
          @change=${() => this.choose(option)}
        />
        <span>${option} ${this.renderAside(option)}</span>
        ${key ? html`<kbd aria-hidden="true">${key.toUpperCase()}</kbd>` : nothing}
      </label>
    `;
  }

  static override styles = [
    ...TaskElement.styles,
    fields,
    css`
      .choice {
        display: grid;
        gap: 16px;
      }
      .target:not(:empty) {
        min-width: 0;
      }
      .options {
        display: grid;
        gap: 8px;
        grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr));
      }
      .option {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: var(--crowd-target);
        padding: 6px 12px;
        border: 1px solid var(--crowd-edge);
        border-radius: var(--crowd-round);
        background: var(--crowd-surface);
        cursor: pointer;
      }
      .option span {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .option input {
        flex: none;
        width: 18px;
        height: 18px;
        margin: 0;
        accent-color: var(--crowd-action);
      }
      .option:hover {
        background: var(--crowd-sunken);
      }
      .option:has(:checked) {
        border-color: var(--crowd-action);
        background: var(--crowd-tint);
        box-shadow: inset 0 0 0 1px var(--crowd-action);
      }
      .option:has(:focus-visible) {
        outline: 3px solid var(--crowd-focus);
        outline-offset: 2px;
      }
      .option input:focus-visible {
        outline: none;
      }
      .option:has(:disabled) {
        opacity: 0.6;
        cursor: default;
      }
    `,
  ];
}

/**
 * One category for anything that is not an image.
 *
 * Output: `{label: "…"}`.
 */
export class CrowdClassifier extends Classifier {
  protected readonly kind = 'radio';
  @state() private chosen: string | undefined;

  /** The chosen category; the output wraps it in an object. */
  get value(): string | undefined {
    return this.chosen;
  }
  set value(value: unknown) {
    const label = typeof value === 'string' ? value : (value as { label?: unknown } | null | undefined)?.label;
    this.chosen = label === undefined || label === null ? undefined : String(label);
    this.takeComment(value);
  }

  override get _submittableValue(): object | undefined {
    return this.chosen === undefined ? undefined : this.withComment({ label: this.chosen });
  }

  get answered(): boolean {
    return this.chosen !== undefined;
  }

  protected isChosen(option: string): boolean {
    return option === this.chosen;
  }

  protected choose(option: string): void {
    this.chosen = option;
    this.changed();
  }

  /** Where a comment may be written, a tap does not go on: one could not write it any more. */
  protected override tapped(event: MouseEvent): void {
    if (!this.disabled && !this.filled.has('worker-comment')) tellTap(this, event);
  }

  override chooseAt(index: number): boolean {
    if (!super.chooseAt(index)) return false;
    tellChosen(this, 'key');
    return true;
  }
}

/**
 * Any number of categories, or the one that stands for none of them.
 *
 * @attr exclusion-category - loose JSON `{text: "None of the above"}`
 * Output: `{labels: ["…", "…"]}`, with the exclusion category an empty list.
 */
export class CrowdClassifierMultiSelect extends Classifier {
  protected readonly kind = 'checkbox';
  @property({ attribute: 'exclusion-category', converter: loose }) exclusionCategory: unknown;
  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private excluded = false;

  get value(): { labels: string[] } {
    return { labels: this.categories.filter((category) => this.chosen.has(category)) };
  }
  set value(value: unknown) {
    const labels = Array.isArray(value) ? value : (value as { labels?: unknown } | null | undefined)?.labels;
    this.chosen = new Set(Array.isArray(labels) ? labels.map(String) : []);
    this.excluded = Array.isArray(labels) && labels.length === 0 && this.exclusion !== undefined;
    this.takeComment(value);
  }

  override get _submittableValue(): object | undefined {
    return this.answered ? this.withComment(this.value) : undefined;
  }

  override reset(): void {
    super.reset();
    this.excluded = false;
  }

  get answered(): boolean {
    return this.excluded || this.value.labels.length > 0;
  }

  private get exclusion(): string | undefined {
    const given = this.exclusionCategory;
    const text = typeof given === 'object' && given !== null ? (given as { text?: unknown }).text : given;
    return text === undefined || text === null ? undefined : String(text);
  }

  protected override get options(): string[] {
    return this.exclusion === undefined ? super.options : [...super.options, this.exclusion];
  }

  protected isChosen(option: string): boolean {
    return this.isExclusion(option) ? this.excluded : this.chosen.has(option);
  }

  protected choose(option: string): void {
    if (this.isExclusion(option)) {
      this.excluded = !this.excluded;
      if (this.excluded) this.chosen = new Set();
    } else {
      const chosen = new Set(this.chosen);
      if (!chosen.delete(option)) chosen.add(option);
      this.chosen = chosen;
      this.excluded = false;
    }
    this.changed();
  }

  private isExclusion(option: string): boolean {
    return option === this.exclusion && !this.categories.includes(option);
  }
}

customElements.define('crowd-classifier', CrowdClassifier);
customElements.define('crowd-classifier-multi-select', CrowdClassifierMultiSelect);
