import { css, html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { loose, looseStrings } from '../base/attributes.js';
import { TaskElement } from '../base/header.js';
import { moreStrings } from './strings.js';

interface Statement {
  id: string;
  text: string;
}

/**
 * Statements that are each answered on the same scale.
 *
 * @attr statements - loose JSON list of strings or of `{id, text}`
 * @attr scale - loose JSON list of the answers, from one end to the other
 * Output: `{[id or statement]: place of the answer on the scale, from 1}`.
 */
export class CrowdLikert extends TaskElement {
  @property({ converter: loose }) statements: unknown = [];
  @property({ converter: looseStrings }) scale: string[] = [];
  @state() private answers: Readonly<Record<string, number>> = {};

  get value(): Record<string, number> {
    return { ...this.answers };
  }
  set value(value: unknown) {
    this.answers = { ...(value as Record<string, number> | null | undefined) };
  }

  override get _submittableValue(): unknown {
    return Object.keys(this.answers).length > 0 ? this.value : undefined;
  }

  override validate(): string | null {
    const missing = this.rows.filter(({ id }) => this.answers[id] === undefined).length;
    return this.required && missing > 0 ? moreStrings.needsRows(missing) : null;
  }

  private get rows(): Statement[] {
    const given = Array.isArray(this.statements) ? (this.statements as unknown[]) : [];
    return given.map((entry) => {
      if (typeof entry !== 'object' || entry === null) return { id: String(entry), text: String(entry) };
      const { id, text } = entry as Partial<Statement>;
      return { id: String(id ?? text), text: String(text ?? id) };
    });
  }

  private choose(id: string, answer: number): void {
    this.answers = { ...this.answers, [id]: answer };
    this.changed();
  }

  /** A number key answers the row with the focus. */
  private onKey(event: KeyboardEvent, id: string): void {
    const answer = Number(event.key);
    if (!Number.isInteger(answer) || answer < 1 || answer > this.scale.length || this.disabled) return;
    event.preventDefault();
    this.choose(id, answer);
  }

  override render(): TemplateResult {
    return this.renderFrame(html`
      <slot></slot>
      <table>
        <thead>
          <tr>
            <th scope="col"><span class="hidden-text">${moreStrings.statement}</span></th>
            ${this.scale.map((answer) => html`<th scope="col">${answer}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${this.rows.map((row) => this.renderRow(row))}
        </tbody>
      </table>
    `);
  }

  private renderRow({ id, text }: Statement): TemplateResult {
    const missing = this.problem !== null && this.answers[id] === undefined;
    return html`<tr class=${missing ? 'missing' : ''} @keydown=${(event: KeyboardEvent) => this.onKey(event, id)}>
      <th scope="row">${text}</th>
      ${this.scale.map(
        (answer, index) =>
          html`<td>
            <label>
              <input
                type="radio"
                name=${id}
                aria-label="${text}: ${answer}"
                .checked=${this.answers[id] === index + 1}
                ?disabled=${this.disabled}
                @change=${() => this.choose(id, index + 1)}
              />
              <span class="answer" aria-hidden="true">${answer}</span>
            </label>
          </td>`,
      )}
    </tr>`;
  }

  static override styles = [
    ...TaskElement.styles,
    css`
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th {
        padding: 6px 8px;
        font-weight: 600;
        text-align: center;
      }
      th[scope='row'] {
        font-weight: 400;
        text-align: left;
      }
      tbody tr {
        border-top: 1px solid var(--crowd-line);
      }
      .missing th {
        color: var(--crowd-bad);
        font-weight: 600;
      }
      td {
        padding: 0;
        text-align: center;
      }
      label {
        display: grid;
        place-items: center;
        min-height: var(--crowd-target);
        cursor: pointer;
      }
      input {
        width: 20px;
        height: 20px;
        margin: 0;
        accent-color: var(--crowd-action);
      }
      .answer {
        display: none;
      }
      @media (max-width: 640px) {
        thead {
          display: none;
        }
        tbody tr,
        tbody th,
        td {
          display: block;
        }
        tbody th[scope='row'] {
          padding-top: 12px;
          font-weight: 600;
        }
        label {
          grid-template-columns: auto 1fr;
          justify-items: start;
          gap: 10px;
          padding-left: 8px;
          text-align: left;
        }
        .answer {
          display: inline;
        }
      }
    `,
  ];
}

customElements.define('crowd-likert', CrowdLikert);
