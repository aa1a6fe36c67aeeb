import { css, html, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { looseStrings } from '../base/attributes.js';
import { fields } from '../base/styles.js';
import { SpanAnnotation } from './span-annotation.js';
import type { Entity, Span } from './spans.js';
import { textStrings } from './strings.js';

interface Link {
  label: string;
  from: Span;
  to: Span;
}

/** A relation in the output; `from` and `to` are places in `entities`. */
export interface Relation {
  label: string;
  from: number;
  to: number;
}

/**
 * Labelled stretches of a text and labelled, directed relations between them.
 *
 * @attr relations - loose JSON list of the kinds of relation
 * Output: `{entities: [{startOffset, endOffset, label}], relations: [{label, from, to}]}`.
 */
export class CrowdRelationAnnotation extends SpanAnnotation {
  @property({ converter: looseStrings }) relations: string[] = [];
  private links: Link[] = [];
  @query('[name=kind]') private kind!: HTMLSelectElement;
  @query('[name=from]') private from!: HTMLSelectElement;
  @query('[name=to]') private to!: HTMLSelectElement;

  get value(): { entities: Entity[]; relations: Relation[] } {
    const order = this.inOrder;
    const relations = this.links.map(({ label, from, to }) => ({
      label,
      from: order.indexOf(from),
      to: order.indexOf(to),
    }));
    return { entities: this.entities, relations };
  }
  set value(value: unknown) {
    const { entities, relations } = (value ?? {}) as { entities?: unknown; relations?: Relation[] };
    this.spans = this.spansOf(entities);
    const spans = this.spans;
    this.links = (relations ?? [])
      .filter(({ from, to }) => spans[from] && spans[to])
      .map(({ label, from, to }) => ({ label, from: spans[from]!, to: spans[to]! }));
  }

  /** Spans as `entities` lists them. */
  private get inOrder(): Span[] {
    return [...this.spans].sort((one, other) => one.start - other.start || one.end - other.end);
  }

  /** A relation goes with either of its spans, and follows a span that gets another label. */
  protected override commit(spans: Span[]): void {
    const twin = (span: Span): Span | undefined =>
      spans.includes(span) ? span : spans.find(({ start, end }) => start === span.start && end === span.end);
    this.links = this.links.flatMap((link) => {
      const [from, to] = [twin(link.from), twin(link.to)];
      return from && to ? [{ ...link, from, to }] : [];
    });
    super.commit(spans);
  }

  private addLink(): void {
    const { inOrder } = this;
    const [from, to] = [inOrder[Number(this.from.value)], inOrder[Number(this.to.value)]];
    const label = this.kind.value;
    if (!from || !to || from === to) return;
    if (this.links.some((link) => link.label === label && link.from === from && link.to === to)) return;
    this.links = [...this.links, { label, from, to }];
    this.changed();
  }

  private removeLink(link: Link): void {
    this.links = this.links.filter((other) => other !== link);
    this.changed();
  }

  override render(): TemplateResult {
    return this.renderFrame(html`${this.renderAnnotation()} ${this.renderRelations()}<slot></slot>`);
  }

  private renderRelations(): TemplateResult {
    if (this.spans.length < 2) return html`<p class="quiet">${textStrings.noSpans}</p>`;
    return html`
      <fieldset>
        <legend>${textStrings.relations}</legend>
        <div class="row">
          ${this.renderSpanChoice('from', textStrings.from, 0)}
          <select class="field" name="kind" aria-label=${textStrings.relations} ?disabled=${this.disabled}>
            ${this.relations.map((relation) => html`<option>${relation}</option>`)}
          </select>
          ${this.renderSpanChoice('to', textStrings.to, 1)}
          <button class="button" type="button" ?disabled=${this.disabled} @click=${this.addLink}>
            ${textStrings.add}
          </button>
        </div>
        <ul>
          ${this.links.map((link) => {
            const text = `${this.textOf(link.from)} — ${link.label} → ${this.textOf(link.to)}`;
            return html`<li>
              ${text}
              <button
                class="button bare"
                type="button"
                aria-label=${textStrings.removeRelation(text)}
                ?disabled=${this.disabled}
                @click=${() => this.removeLink(link)}
              >
                ×
              </button>
            </li>`;
          })}
        </ul>
      </fieldset>
    `;
  }

  private renderSpanChoice(name: string, label: string, preset: number): TemplateResult {
    return html`<select class="field" name=${name} aria-label=${label} ?disabled=${this.disabled}>
      ${this.inOrder.map(
        (span, index) =>
          html`<option value=${index} ?selected=${index === preset}>${span.label}: ${this.textOf(span)}</option>`,
      )}
    </select>`;
  }

  private textOf({ start, end }: Span): string {
    return this.text.slice(start, end);
  }

  static override styles = [
    ...SpanAnnotation.styles,
    fields,
    css`
      fieldset {
        margin: 12px 0 0;
        padding: 8px 12px;
        border: 1px solid var(--crowd-line);
        border-radius: var(--crowd-round);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .row .field {
        flex: 1 1 140px;
        width: auto;
        min-width: 0;
      }
      ul {
        margin: 4px 0 0;
        padding-left: 20px;
      }
    `,
  ];
}

customElements.define('crowd-relation-annotation', CrowdRelationAnnotation);
