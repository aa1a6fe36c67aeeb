import { css, html, LitElement, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { common } from '../base/styles.js';
import { tabKey } from './tab-keys.js';

/**
 * One page of `crowd-tabs`.
 *
 * @attr header - the text on its tab
 */
export class CrowdTab extends LitElement {
  @property({ reflect: true }) header = '';

  override render(): TemplateResult {
    return html`<slot></slot>`;
  }

  protected override updated(): void {
    this.dispatchEvent(new CustomEvent('tab-changed', { bubbles: true }));
  }

  static override styles = [
    common,
    css`
      :host {
        display: block;
        padding-block: 12px;
      }
    `,
  ];
}

/** Pages of which one is shown. */
export class CrowdTabs extends LitElement {
  @state() private tabs: CrowdTab[] = [];
  @state() private shown = 0;

  override render(): TemplateResult {
    return html`
      <div role="tablist" @keydown=${tabKey}>
        ${this.tabs.map(
          (tab, index) =>
            html`<button
              role="tab"
              type="button"
              aria-selected=${index === this.shown}
              tabindex=${index === this.shown ? 0 : -1}
              @click=${() => this.show(index)}
            >
              ${tab.header || String(index + 1)}
            </button>`,
        )}
      </div>
      <slot @slotchange=${this.collect} @tab-changed=${() => this.requestUpdate()}></slot>
    `;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('crowd-reveal', this.reveal);
  }

  /** A field on a tab that is not shown wants the worker's attention. */
  private reveal = (event: Event): void => {
    const index = this.tabs.findIndex((tab) => tab.contains(event.target as Node));
    if (index >= 0) this.show(index);
  };

  /** Shows the tab at that place, counted from 0. */
  show(index: number): void {
    this.shown = index;
    this.apply();
  }

  private collect = (): void => {
    this.tabs = [...this.children].filter((child) => child.localName === 'crowd-tab') as CrowdTab[];
    this.shown = Math.min(this.shown, Math.max(this.tabs.length - 1, 0));
    this.apply();
  };

  private apply(): void {
    for (const [index, tab] of this.tabs.entries()) {
      tab.hidden = index !== this.shown;
      tab.setAttribute('role', 'tabpanel');
      tab.setAttribute('aria-label', tab.getAttribute('header') ?? String(index + 1));
    }
  }

  static override styles = [
    common,
    css`
      :host {
        display: block;
      }
      [role='tablist'] {
        display: flex;
        overflow-x: auto;
        border-bottom: 1px solid var(--crowd-line);
      }
      button {
        flex: none;
        min-height: var(--crowd-target);
        padding: 6px 16px;
        border: 0;
        border-bottom: 3px solid transparent;
        background: none;
        color: inherit;
        font: inherit;
        cursor: pointer;
      }
      button:focus-visible {
        outline-offset: -3px;
      }
      [aria-selected='true'] {
        border-color: var(--crowd-action);
        font-weight: 600;
      }
    `,
  ];
}

customElements.define('crowd-tab', CrowdTab);
customElements.define('crowd-tabs', CrowdTabs);
