import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { closeOnShade, dialogBody, openDialog } from '../base/dialog.js';
import { strings } from '../base/strings.js';
import { buttons, common, dialogs } from '../base/styles.js';
import { tabKey } from './tab-keys.js';

const pages = {
  summary: { title: strings.summary, regions: ['short-summary'] },
  detailed: { title: strings.detailed, regions: ['detailed-instructions'] },
  examples: { title: strings.examples, regions: ['positive-example', 'negative-example'] },
};
type Page = keyof typeof pages;
const known = Object.values(pages).flatMap(({ regions }) => regions);

/**
 * Instructions behind a link: summary, details, good and bad examples on three tabs.
 *
 * @attr link-text - "Click for instructions"
 * @attr link-type - `link` or `button`
 * @slot short-summary, detailed-instructions, positive-example, negative-example - children of these names
 */
export class CrowdInstructions extends LitElement {
  @property({ attribute: 'link-text' }) linkText = strings.showInstructions;
  @property({ attribute: 'link-type' }) linkType = 'link';
  @state() private filled: Page[] = [];
  @state() private shown: Page = 'summary';
  @query('dialog') private dialog!: HTMLDialogElement;

  open(): void {
    openDialog(this.dialog);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.assign();
  }

  private assign = (): void => {
    for (const child of this.children) if (known.includes(child.localName)) child.slot = child.localName;
    const has = (region: string): boolean => this.querySelector(`:scope > ${region}`) !== null;
    this.filled = (Object.keys(pages) as Page[]).filter((page) => pages[page].regions.some(has));
    if (!this.filled.includes(this.shown)) this.shown = this.filled[0] ?? 'summary';
  };

  override render(): TemplateResult {
    const look = this.linkType === 'button' ? '' : 'bare';
    return html`
      <button class="button ${look}" type="button" @click=${this.open}>${this.linkText}</button>
      <dialog class="dialog" aria-label=${strings.instructions} @click=${closeOnShade}>
        ${dialogBody(
          strings.instructions,
          html`
            <div role="tablist" class="tabs" @keydown=${tabKey}>${this.filled.map((page) => this.renderTab(page))}</div>
            ${this.filled.map((page) => this.renderPage(page))}
            <slot @slotchange=${this.assign}></slot>
          `,
        )}
      </dialog>
    `;
  }

  private renderTab(page: Page): TemplateResult {
    const shown = page === this.shown;
    return html`<button
      role="tab"
      type="button"
      id="tab-${page}"
      aria-selected=${shown}
      aria-controls="page-${page}"
      tabindex=${shown ? 0 : -1}
      @click=${() => (this.shown = page)}
    >
      ${pages[page].title}
    </button>`;
  }

  private renderPage(page: Page): TemplateResult {
    return html`<div role="tabpanel" id="page-${page}" aria-labelledby="tab-${page}" ?hidden=${page !== this.shown}>
      ${pages[page].regions.map((region) => html`<div class=${region}>${this.heading(region)}<slot name=${region}></slot></div>`)}
    </div>`;
  }

  private heading(region: string): TemplateResult | typeof nothing {
    if (!region.endsWith('-example') || !this.querySelector(`:scope > ${region}`)) return nothing;
    return html`<h3>${region === 'positive-example' ? strings.goodExample : strings.badExample}</h3>`;
  }

  static override styles = [
    common,
    buttons,
    dialogs,
    css`
      :host {
        display: block;
      }
      .tabs {
        display: flex;
        flex-wrap: wrap;
        border-bottom: 1px solid var(--crowd-line);
      }
      [role='tab'] {
        min-height: var(--crowd-target);
        padding: 6px 14px;
        border: 0;
        border-bottom: 3px solid transparent;
        background: none;
        color: inherit;
        font: inherit;
        cursor: pointer;
      }
      [role='tab'][aria-selected='true'] {
        border-color: var(--crowd-action);
        font-weight: 600;
      }
      h3 {
        margin: 12px 0 4px;
        font-size: 1rem;
      }
      .positive-example:has(h3) {
        padding-left: 12px;
        border-left: 4px solid var(--crowd-good);
      }
      .negative-example:has(h3) {
        margin-top: 12px;
        padding-left: 12px;
        border-left: 4px solid var(--crowd-bad);
      }
      ::slotted(*) {
        display: block;
        margin-top: 8px;
      }
    `,
  ];
}

customElements.define('crowd-instructions', CrowdInstructions);
