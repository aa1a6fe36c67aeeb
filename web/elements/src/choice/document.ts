import { css, html, svg, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { flag, loose, looseStrings } from '../base/attributes.js';
import { TaskElement } from '../base/header.js';
import { strings } from '../base/strings.js';
import { fields } from '../base/styles.js';
import { type Block, type Pair, pairsOf, read, write } from './document-blocks.js';

/**
 * Keys and values read from a document, to be corrected beside its image, as Amazon Augmented AI asks for them.
 *
 * @attr src - address of the image
 * @attr initial-value (or initialValue) - loose JSON list of blocks
 * @attr block-types - loose JSON list; only KEY_VALUE_SET is shown
 * @attr keys - loose JSON list of keys that the worker may add
 * @attr no-key-edit - keys cannot be changed
 * Outlines cannot be changed here, as if the page said no-geometry-edit.
 *
 * Output under "AWS/Textract/AnalyzeDocument/Forms/V1", unless `name` says another: `{blocks: [...]}`, the given blocks
 * with the corrected `text` at keys and values, added pairs at the end.
 */
export class CrowdDocument extends TaskElement {
  override name = 'AWS/Textract/AnalyzeDocument/Forms/V1';
  @property() src = '';
  @property({ attribute: 'initial-value', converter: loose }) initialValue: unknown;
  @property({ attribute: 'block-types', converter: looseStrings }) blockTypes: string[] = ['KEY_VALUE_SET'];
  @property({ converter: loose }) keys: unknown = [];
  @property({ attribute: 'no-key-edit', converter: flag }) noKeyEdit = false;
  @state() private blocks: Block[] = [];
  @state() private current = -1;
  private added = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    // Amazon's page on this element writes the attribute in this way.
    if (this.hasAttribute('initialvalue') && !this.hasAttribute('initial-value')) {
      this.setAttribute('initial-value', this.getAttribute('initialvalue')!);
    }
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has('initialValue') && Array.isArray(this.initialValue)) this.blocks = this.initialValue as Block[];
  }

  get value(): { blocks: Block[] } {
    return { blocks: this.blocks };
  }
  set value(value: unknown) {
    const blocks = Array.isArray(value) ? value : (value as { blocks?: unknown } | null | undefined)?.blocks;
    this.blocks = Array.isArray(blocks) ? (blocks as Block[]) : [];
  }

  private get pairs(): Pair[] {
    return this.blockTypes.includes('KEY_VALUE_SET') ? pairsOf(this.blocks) : [];
  }

  private edit(block: Block | undefined, text: string): void {
    this.blocks = this.blocks.map((other) => (other === block ? write(other, 'text', text) : other));
    this.changed();
  }

  /** Keys as strings, or as Augmented AI's conditions name them. */
  private get wantedKeys(): string[] {
    const keys = Array.isArray(this.keys) ? (this.keys as unknown[]) : [];
    return keys.map((key) => String((key as { importantFormKey?: unknown } | null)?.importantFormKey ?? key));
  }

  /** A pair of which the machine found nothing. */
  private add(key: string): void {
    const id = `added-${++this.added}`;
    const blockType = 'KEY_VALUE_SET';
    const value = { blockType, id: `${id}-value`, entityTypes: ['VALUE'], text: '' };
    const relationships = [{ type: 'VALUE', ids: [value.id] }];
    this.blocks = [...this.blocks, { blockType, id, entityTypes: ['KEY'], relationships, text: key }, value];
    this.changed();
  }

  override render(): TemplateResult {
    const { pairs } = this;
    const missing = this.wantedKeys.filter((key) => pairs.every(({ keyText }) => keyText !== key));
    return this.renderFrame(html`
      <div class="sides">
        ${this.renderImage(pairs)}
        <div class="pairs">
          ${pairs.map((pair, index) => this.renderPair(pair, index))}
          ${missing.map(
            (key) =>
              html`<button class="button" type="button" ?disabled=${this.disabled} @click=${() => this.add(key)}>
                ${strings.addKey(key)}
              </button>`,
          )}
        </div>
      </div>
      <slot></slot>
    `);
  }

  private renderImage(pairs: readonly Pair[]): TemplateResult {
    return html`<div class="image">
      <img src=${this.src} alt=${strings.document} />
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        ${pairs.map(
          ({ outline }, index) => svg`<polygon
            points=${outline.map(({ x, y }) => `${x},${y}`).join(' ')}
            class=${index === this.current ? 'current' : ''}
          />`,
        )}
      </svg>
    </div>`;
  }

  private renderPair({ key, value, keyText, valueText }: Pair, index: number): TemplateResult {
    const field = (block: Block | undefined, text: string, label: string, fixed: boolean): TemplateResult =>
      html`<input
        class="field"
        .value=${text}
        aria-label=${label}
        ?readonly=${fixed || block === undefined}
        ?disabled=${this.disabled}
        @change=${(event: Event) => this.edit(block, (event.target as HTMLInputElement).value)}
      />`;
    const confidence = Number(read(value ?? key, 'confidence'));
    return html`<div
      class="pair"
      role="group"
      aria-label=${keyText}
      @focusin=${() => (this.current = index)}
      @pointerenter=${() => (this.current = index)}
    >
      ${field(key, keyText, strings.key(index + 1), this.noKeyEdit)}
      ${field(value, valueText, strings.valueOf(keyText), false)}
      ${Number.isFinite(confidence) ? html`<span class="quiet">${Math.round(confidence)} %</span>` : ''}
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
      @media (min-width: 760px) {
        .sides {
          grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
          align-items: start;
        }
      }
      .image {
        position: relative;
      }
      img {
        display: block;
        width: 100%;
      }
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      polygon {
        fill: rgb(30 100 220 / 12%);
        stroke: #1c4d88;
        stroke-width: 2px;
        vector-effect: non-scaling-stroke;
      }
      .current {
        fill: rgb(230 130 0 / 25%);
        stroke: #c26a0a;
        stroke-width: 3px;
      }
      .pair {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) auto;
        align-items: center;
        gap: 6px;
        margin-bottom: 6px;
      }
      .field[readonly] {
        border-color: transparent;
        background: none;
      }
    `,
  ];
}

customElements.define('crowd-textract-analyze-document', CrowdDocument);
