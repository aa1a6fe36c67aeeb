import { css, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { flag } from '../base/attributes.js';
import { type ChoiceTarget, listenForChoices, stopListening, tellChosen, tellTap } from '../base/choice-keys.js';
import { TaskElement } from '../base/header.js';
import { moreStrings } from './strings.js';

type Choice = 'first' | 'second' | 'tie';
const choices: readonly Choice[] = ['first', 'second', 'tie'];

/**
 * Two things side by side, of which one is better, or neither.
 *
 * @attr no-tie - one of them has to be better
 * @attr first-text, second-text, tie-text - what the buttons say
 * @slot first-option, second-option - the children of these names
 * @slot - what both are about, above them
 * Output: `{choice: "first" | "second" | "tie"}`.
 */
export class CrowdComparison extends TaskElement implements ChoiceTarget {
  @property({ attribute: 'no-tie', converter: flag }) noTie = false;
  @property({ attribute: 'first-text' }) firstText = moreStrings.first;
  @property({ attribute: 'second-text' }) secondText = moreStrings.second;
  @property({ attribute: 'tie-text' }) tieText = moreStrings.tie;
  @state() private choice: Choice | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.assignOptions();
    listenForChoices(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    stopListening(this);
  }

  private assignOptions = (): void => {
    for (const child of this.children) {
      if (child.localName === 'first-option' || child.localName === 'second-option') child.slot = child.localName;
    }
  };

  get value(): { choice?: Choice } {
    return this.choice ? { choice: this.choice } : {};
  }
  set value(value: unknown) {
    const choice = typeof value === 'string' ? value : (value as { choice?: unknown } | null | undefined)?.choice;
    this.choice = this.offered.find((offer) => offer === choice);
  }

  override get _submittableValue(): unknown {
    return this.choice ? this.value : undefined;
  }

  override validate(): string | null {
    return this.choice ? null : moreStrings.chooseOne;
  }

  get answered(): boolean {
    return this.choice !== undefined;
  }

  private get offered(): readonly Choice[] {
    return this.noTie ? choices.slice(0, 2) : choices;
  }

  chooseAt(index: number): boolean {
    const choice = this.offered[index];
    if (!choice || this.disabled) return false;
    this.choose(choice);
    tellChosen(this, 'key');
    return true;
  }

  private choose(choice: Choice): void {
    this.choice = choice;
    this.changed();
  }

  override render(): TemplateResult {
    const texts = { first: this.firstText, second: this.secondText, tie: this.tieText };
    return this.renderFrame(html`
      <slot @slotchange=${this.assignOptions}></slot>
      <div class="sides">
        ${(['first', 'second'] as const).map(
          (side) =>
            html`<section
              class="side ${this.choice === side ? 'chosen' : ''}"
              aria-label=${moreStrings.option[side]}
              @dblclick=${() => !this.disabled && this.choose(side)}
            >
              <slot name="${side}-option"></slot>
            </section>`,
        )}
      </div>
      <div class="choices" role="radiogroup" aria-label=${this.header || this.name}>
        ${this.offered.map((choice, index) => this.renderChoice(choice, texts[choice], index))}
      </div>
    `);
  }

  private renderChoice(choice: Choice, text: string, index: number): TemplateResult {
    return html`<label class="button" @click=${(event: MouseEvent) => this.disabled || tellTap(this, event)}>
      <input
        type="radio"
        name="choice"
        .checked=${this.choice === choice}
        ?disabled=${this.disabled}
        @change=${() => this.choose(choice)}
      />
      ${text} ${index < 9 ? html`<kbd aria-hidden="true">${index + 1}</kbd>` : nothing}
    </label>`;
  }

  static override styles = [
    ...TaskElement.styles,
    css`
      .sides {
        display: grid;
        gap: 12px;
        margin-block: 8px;
      }
      @media (min-width: 640px) {
        .sides {
          grid-template-columns: 1fr 1fr;
        }
      }
      .side {
        min-width: 0;
        padding: 12px;
        border: 2px solid var(--crowd-line);
        border-radius: var(--crowd-round);
        background: var(--crowd-surface);
        overflow-wrap: anywhere;
      }
      .chosen {
        border-color: var(--crowd-action);
        background: var(--crowd-tint);
      }
      .choices {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(200px, 100%), 1fr));
        gap: 8px;
      }
      .button:has(:checked) {
        border-color: var(--crowd-action);
        background: var(--crowd-tint);
      }
      .button:has(:focus-visible) {
        outline: 3px solid var(--crowd-focus);
        outline-offset: 2px;
      }
      input {
        width: 18px;
        height: 18px;
        accent-color: var(--crowd-action);
      }
    `,
  ];
}

customElements.define('crowd-comparison', CrowdComparison);
