import { css, html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { flag, looseStrings } from '../base/attributes.js';
import { TaskElement } from '../base/header.js';
import { strings } from '../base/strings.js';
import { fields } from '../base/styles.js';
import type { CrowdForm } from '../form/form.js';
import { textStrings } from './strings.js';

interface Pair {
  question: string;
  answer: string;
  tags: string[];
}

const empty = (): Pair => ({ question: '', answer: '', tags: [] });
const wordCount = (text: string): number => text.trim().split(/\s+/).filter(Boolean).length;

/**
 * Questions about a text and their answers, written by the worker.
 *
 * @attr text - the text
 * @attr min-questions, max-questions - how many; 1 and no limit
 * @attr question-min-words, question-max-words, answer-min-words, answer-max-words - how long
 * @attr question-tags - loose JSON list of tags for questions
 * @attr allow-custom-question-tags (or allow-custom-tags) - the worker may make up tags
 * @attr instructions - short instructions as plain text
 * @attr crowd-form-element-id - id of the form that this element belongs to when it stands outside of it
 * Output: `{questions: [{question, answer, tags}]}`.
 */
export class CrowdQuestionAnswerGeneration extends TaskElement {
  @property() text = '';
  @property({ attribute: 'min-questions', type: Number }) minQuestions = 1;
  @property({ attribute: 'max-questions', type: Number }) maxQuestions = Infinity;
  @property({ attribute: 'question-min-words', type: Number }) questionMinWords = 1;
  @property({ attribute: 'question-max-words', type: Number }) questionMaxWords = Infinity;
  @property({ attribute: 'answer-min-words', type: Number }) answerMinWords = 1;
  @property({ attribute: 'answer-max-words', type: Number }) answerMaxWords = Infinity;
  @property({ attribute: 'question-tags', converter: looseStrings }) questionTags: string[] = [];
  @property({ attribute: 'allow-custom-question-tags', converter: flag }) allowCustomQuestionTags = false;
  @property({ attribute: 'allow-custom-tags', converter: flag }) allowCustomTags = false;
  @property() instructions = '';
  @property({ attribute: 'crowd-form-element-id' }) formId = '';
  @state() private pairs: Pair[] = [empty()];

  get value(): { questions: Pair[] } {
    return { questions: this.written };
  }
  set value(value: unknown) {
    const questions = (value as { questions?: Partial<Pair>[] } | null | undefined)?.questions ?? [];
    this.pairs = questions.length > 0 ? questions.map((pair) => ({ ...empty(), ...pair })) : [empty()];
  }

  override get _submittableValue(): unknown {
    return this.written.length > 0 ? this.value : undefined;
  }

  private get allowsCustom(): boolean {
    return this.allowCustomQuestionTags || this.allowCustomTags;
  }

  /** A form that the page hides cannot show its own button. */
  private submitForm(): void {
    (document.getElementById(this.formId) as CrowdForm | null)?.requestSubmit();
  }

  private get written(): Pair[] {
    return this.pairs.filter(({ question, answer }) => question.trim() !== '' || answer.trim() !== '');
  }

  override validate(): string | null {
    const { written } = this;
    if (written.length < this.minQuestions) return textStrings.fewPairs(this.minQuestions);
    for (const [index, { question, answer }] of written.entries()) {
      const problem =
        this.lengthProblem(textStrings.question, index, question, this.questionMinWords, this.questionMaxWords) ??
        this.lengthProblem(textStrings.answer, index, answer, this.answerMinWords, this.answerMaxWords);
      if (problem) return problem;
    }
    return null;
  }

  private lengthProblem(part: string, index: number, text: string, least: number, most: number): string | null {
    const count = wordCount(text);
    if (count === 0 && least > 0) return textStrings.emptyPart(part, index + 1);
    if (count < least) return textStrings.words(part, index + 1, textStrings.atLeast(least), count);
    return count > most ? textStrings.words(part, index + 1, textStrings.atMost(most), count) : null;
  }

  private edit(index: number, change: Partial<Pair>): void {
    this.pairs = this.pairs.map((pair, at) => (at === index ? { ...pair, ...change } : pair));
    this.changed();
  }

  private toggleTag(index: number, tag: string): void {
    const { tags } = this.pairs[index]!;
    this.edit(index, { tags: tags.includes(tag) ? tags.filter((other) => other !== tag) : [...tags, tag] });
  }

  private addTag(index: number, event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const input = event.target as HTMLInputElement;
    const tag = input.value.trim();
    if (tag && !this.pairs[index]!.tags.includes(tag)) this.toggleTag(index, tag);
    input.value = '';
  }

  private removePair(index: number): void {
    this.pairs = this.pairs.filter((_, at) => at !== index);
    if (this.pairs.length === 0) this.pairs = [empty()];
    this.changed();
  }

  private async addPair(): Promise<void> {
    this.pairs = [...this.pairs, empty()];
    await this.updateComplete;
    [...this.renderRoot.querySelectorAll<HTMLElement>('textarea.question')].at(-1)?.focus();
  }

  override render(): TemplateResult {
    return this.renderFrame(html`
      ${this.instructions ? html`<p class="instructions">${this.instructions}</p>` : ''}
      <div class="sides">
        ${this.text ? html`<blockquote tabindex="0">${this.text}</blockquote>` : ''}
        <div>
          ${this.pairs.map((pair, index) => this.renderPair(pair, index))}
          <button
            class="button"
            type="button"
            ?disabled=${this.disabled || this.pairs.length >= this.maxQuestions}
            @click=${this.addPair}
          >
            ${textStrings.addPair}
          </button>
        </div>
      </div>
      <slot></slot>
      ${
        this.formId
          ? html`<crowd-button form-action="submit" variant="primary" @click=${this.submitForm}
              >${strings.submit}</crowd-button
            >`
          : ''
      }
    `);
  }

  private renderPair(pair: Pair, index: number): TemplateResult {
    return html`<section class="pair">
      ${this.renderText(index, 'question', textStrings.question, pair.question, 2)}
      ${this.renderText(index, 'answer', textStrings.answer, pair.answer, 3)} ${this.renderTags(pair, index)}
      <button
        class="button bare"
        type="button"
        aria-label=${textStrings.removePair(index + 1)}
        ?disabled=${this.disabled}
        @click=${() => this.removePair(index)}
      >
        ×
      </button>
    </section>`;
  }

  private renderText(
    index: number,
    key: 'question' | 'answer',
    part: string,
    text: string,
    rows: number,
  ): TemplateResult {
    return html`<label>
      <span class="caption">${part} ${index + 1}</span>
      <textarea
        class="field ${key}"
        rows=${rows}
        .value=${text}
        ?disabled=${this.disabled}
        @input=${(event: Event) => this.edit(index, { [key]: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
    </label>`;
  }

  private renderTags({ tags }: Pair, index: number): TemplateResult | '' {
    const all = [...new Set([...this.questionTags, ...tags])];
    if (all.length === 0 && !this.allowsCustom) return '';
    return html`<div class="tags" role="group" aria-label="${textStrings.tags} ${index + 1}">
      ${all.map(
        (tag) =>
          html`<button
            class="button"
            type="button"
            aria-pressed=${tags.includes(tag)}
            ?disabled=${this.disabled}
            @click=${() => this.toggleTag(index, tag)}
          >
            ${tag}
          </button>`,
      )}
      ${
        this.allowCustomQuestionTags
          ? html`<input
              class="field"
              placeholder=${textStrings.customTag}
              aria-label=${textStrings.customTag}
              ?disabled=${this.disabled}
              @keydown=${(event: KeyboardEvent) => this.addTag(index, event)}
            />`
          : ''
      }
    </div>`;
  }

  static override styles = [
    ...TaskElement.styles,
    fields,
    css`
      .sides {
        display: grid;
        gap: 16px;
      }
      @media (min-width: 900px) {
        .sides {
          grid-template-columns: 1fr 1fr;
        }
      }
      .instructions {
        white-space: pre-line;
      }
      blockquote {
        max-height: 75vh;
        margin: 0;
        padding: 12px 16px;
        overflow: auto;
        border: 1px solid var(--crowd-line);
        border-radius: var(--crowd-round);
        background: var(--crowd-surface);
        white-space: pre-wrap;
      }
      .pair {
        position: relative;
        display: grid;
        gap: 8px;
        margin-bottom: 12px;
        padding: 12px;
        border: 1px solid var(--crowd-line);
        border-radius: var(--crowd-round);
      }
      .pair > .bare {
        position: absolute;
        top: 0;
        right: 0;
      }
      .tags {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .tags .field {
        width: 16em;
      }
    `,
  ];
}

customElements.define('crowd-question-answer-generation', CrowdQuestionAnswerGeneration);
