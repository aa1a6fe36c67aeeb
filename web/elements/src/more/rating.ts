import { css, html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { looseStrings } from '../base/attributes.js';
import { type ChoiceTarget, listenForChoices, stopListening, tellChosen, tellTap } from '../base/choice-keys.js';
import { TaskElement } from '../base/header.js';
import { moreStrings } from './strings.js';

/**
 * Stars. Output: a whole number from 1.
 *
 * @attr max - the best rating, 5
 * @attr labels - loose JSON list that names the ratings from the worst to the best
 */
export class CrowdRating extends TaskElement implements ChoiceTarget {
  @property({ type: Number }) max = 5;
  @property({ converter: looseStrings }) labels: string[] = [];
  @state() private rating: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    listenForChoices(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    stopListening(this);
  }

  @property({ type: Number, noAccessor: true })
  get value(): number | undefined {
    return this.rating;
  }
  set value(value: unknown) {
    const rating = Math.round(Number(value ?? 0));
    this.rating = rating >= 1 && rating <= this.max ? rating : undefined;
  }

  get answered(): boolean {
    return this.rating !== undefined;
  }

  chooseAt(index: number): boolean {
    if (index >= this.max || this.disabled) return false;
    this.choose(index + 1);
    tellChosen(this, 'key');
    return true;
  }

  private choose(rating: number): void {
    this.rating = rating;
    this.changed();
  }

  override render(): TemplateResult {
    const ratings = Array.from({ length: this.max }, (_, index) => index + 1);
    return this.renderFrame(html`
      <slot></slot>
      <div class="stars" role="radiogroup" aria-label=${this.header || this.name}>
        ${ratings.map((rating) => this.renderStar(rating))}
        <span class="quiet">${this.rating ? this.nameOf(this.rating) : ''}</span>
      </div>
    `);
  }

  private nameOf(rating: number): string {
    return this.labels[rating - 1] ?? moreStrings.rating(rating, this.max);
  }

  private renderStar(rating: number): TemplateResult {
    const lit = this.rating !== undefined && rating <= this.rating;
    return html`<label
      class=${lit ? 'lit' : ''}
      title=${this.nameOf(rating)}
      @click=${(event: MouseEvent) => this.disabled || tellTap(this, event)}
    >
      <input
        type="radio"
        name="rating"
        aria-label=${this.nameOf(rating)}
        .checked=${rating === this.rating}
        ?disabled=${this.disabled}
        @change=${() => this.choose(rating)}
      />
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 2.5l2.9 6.2 6.6.8-4.9 4.6 1.3 6.7L12 17.4l-5.9 3.4 1.3-6.7-4.9-4.6 6.6-.8z" />
      </svg>
    </label>`;
  }

  static override styles = [
    ...TaskElement.styles,
    css`
      .stars {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
      }
      label {
        display: grid;
        place-items: center;
        width: var(--crowd-target);
        height: var(--crowd-target);
        border-radius: var(--crowd-round);
        cursor: pointer;
      }
      input {
        position: absolute;
        opacity: 0;
      }
      svg {
        width: 32px;
        fill: none;
        stroke: var(--crowd-edge);
        stroke-width: 1.5;
      }
      .lit svg {
        fill: #e3ad2d;
        stroke: #8a6410;
      }
      label:has(:focus-visible) {
        outline: 3px solid var(--crowd-focus);
      }
      .quiet {
        margin-left: 8px;
      }
    `,
  ];
}

customElements.define('crowd-rating', CrowdRating);
