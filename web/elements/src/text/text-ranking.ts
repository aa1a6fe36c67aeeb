import { css, html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { loose, looseStrings } from '../base/attributes.js';
import { TaskElement } from '../base/header.js';
import { textStrings } from './strings.js';

interface Dimension {
  name: string;
  allowTie: boolean;
}

/**
 * Responses to a text, each given a place on every scale, 1 being the best.
 *
 * @attr text - what the responses answer
 * @attr responses - loose JSON list of strings
 * @attr ordinal-ranking-dimensions - loose JSON list of `{name, allowTie}`
 * Output: `{[dimension]: [place of the first response, place of the second, ...]}`.
 */
export class CrowdTextRanking extends TaskElement {
  @property() text = '';
  @property({ converter: looseStrings }) responses: string[] = [];
  @property({ attribute: 'ordinal-ranking-dimensions', converter: loose }) ordinalRankingDimensions: unknown;
  /** Places by dimension, 0 where none is given yet. */
  @state() private places: Record<string, number[]> = {};

  private get dimensions(): Dimension[] {
    const given = Array.isArray(this.ordinalRankingDimensions) ? (this.ordinalRankingDimensions as unknown[]) : [];
    return given.map((entry) => {
      const { name, allowTie } = (typeof entry === 'string' ? { name: entry } : entry) as Partial<Dimension>;
      return { name: String(name), allowTie: allowTie === true };
    });
  }

  get value(): Record<string, number[]> {
    return Object.fromEntries(this.dimensions.map(({ name }) => [name, this.placesOn(name)]));
  }
  set value(value: unknown) {
    this.places = { ...(value as Record<string, number[]> | null) };
  }

  override get _submittableValue(): unknown {
    const given = Object.values(this.value).flat();
    return given.some((place) => place > 0) ? this.value : undefined;
  }

  override validate(): string | null {
    for (const { name, allowTie } of this.dimensions) {
      const places = this.placesOn(name);
      if (places.includes(0)) return `${name}: ${textStrings.needsResponse}`;
      if (!allowTie && new Set(places).size < places.length) return textStrings.needsTies(name);
    }
    return null;
  }

  private placesOn(dimension: string): number[] {
    return this.responses.map((_, index) => this.places[dimension]?.[index] ?? 0);
  }

  private choose(dimension: string, response: number, place: number): void {
    const places = this.placesOn(dimension);
    places[response] = place;
    this.places = { ...this.places, [dimension]: places };
    this.changed();
  }

  override render(): TemplateResult {
    return this.renderFrame(html`
      ${this.text ? html`<blockquote>${this.text}</blockquote>` : ''}
      <ol>
        ${this.responses.map(
          (response, index) =>
            html`<li>
              <h3>${textStrings.response(index + 1)}</h3>
              <p class="response">${response}</p>
              ${this.dimensions.map((dimension) => this.renderScale(dimension, index))}
            </li>`,
        )}
      </ol>
      <slot></slot>
    `);
  }

  private renderScale({ name }: Dimension, response: number): TemplateResult {
    const label = `${name}, ${textStrings.response(response + 1)}`;
    return html`<fieldset>
      <legend class="hidden-text">${label}</legend>
      <span class="scale" aria-hidden="true">${name}</span>
      ${this.responses.map(
        (_, index) =>
          html`<label>
            <input
              type="radio"
              name="${name}-${response}"
              .checked=${this.placesOn(name)[response] === index + 1}
              ?disabled=${this.disabled}
              @change=${() => this.choose(name, response, index + 1)}
            />${index + 1}${index === 0 ? html` <span class="quiet">${textStrings.best}</span>` : ''}
          </label>`,
      )}
    </fieldset>`;
  }

  static override styles = [
    ...TaskElement.styles,
    css`
      blockquote {
        margin: 0 0 12px;
        padding: 8px 12px;
        border-left: 3px solid var(--crowd-edge);
        background: var(--crowd-sunken);
        white-space: pre-wrap;
      }
      ol {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr));
        gap: 12px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        padding: 12px;
        border: 1px solid var(--crowd-line);
        border-radius: var(--crowd-round);
        background: var(--crowd-surface);
      }
      h3 {
        margin: 0;
        font-size: 1rem;
      }
      .response {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 14px;
        margin: 0;
        padding: 0;
        border: 0;
      }
      .scale {
        flex: 1 0 100%;
        font-weight: 600;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: var(--crowd-target);
      }
      input {
        width: 18px;
        height: 18px;
        accent-color: var(--crowd-action);
      }
    `,
  ];
}

customElements.define('crowd-text-ranking', CrowdTextRanking);
