// Boxes that show something and give no answer: alert, badge, card, toast.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { flag } from '../base/attributes.js';
import { renderIcon } from '../base/icon.js';
import { strings } from '../base/strings.js';
import { buttons, common } from '../base/styles.js';

const alertIcons: Record<string, string> = {
  info: 'info-outline',
  success: 'check-circle',
  error: 'error-outline',
  warning: 'warning',
};

/**
 * A message about the situation.
 *
 * @attr type - `info`, `success`, `error` or `warning`
 * @attr dismissible - with a button that closes it
 */
export class CrowdAlert extends LitElement {
  @property({ reflect: true }) type = 'info';
  @property({ converter: flag }) dismissible = false;

  override render(): TemplateResult {
    const urgent = this.type === 'error' || this.type === 'warning';
    return html`
      <div class="alert" role=${urgent ? 'alert' : 'status'}>
        ${renderIcon(alertIcons[this.type] ?? 'info-outline')}
        <div class="text"><slot></slot></div>
        ${
          this.dismissible
            ? html`<button class="button bare" type="button" @click=${() => this.dismiss()}>${strings.close}</button>`
            : nothing
        }
      </div>
    `;
  }

  private dismiss(): void {
    this.hidden = true;
    this.dispatchEvent(new CustomEvent('dismiss', { bubbles: true }));
  }

  static override styles = [
    common,
    buttons,
    css`
      :host {
        display: block;
        margin-block: 8px;
        --tone: var(--crowd-action);
        --back: var(--crowd-tint);
      }
      :host([type='success']) {
        --tone: var(--crowd-good);
        --back: var(--crowd-good-tint);
      }
      :host([type='error']) {
        --tone: var(--crowd-bad);
        --back: var(--crowd-bad-tint);
      }
      :host([type='warning']) {
        --tone: var(--crowd-warn);
        --back: var(--crowd-warn-tint);
      }
      .alert {
        display: flex;
        align-items: flex-start;
        gap: 12px;
        padding: 10px 14px;
        border: 1px solid var(--tone);
        border-radius: var(--crowd-round);
        background: var(--back);
      }
      .icon {
        flex: none;
        width: 22px;
        height: 22px;
        color: var(--tone);
      }
      .text {
        flex: 1;
        min-width: 0;
      }
      .button {
        margin: -6px -8px -6px 0;
      }
    `,
  ];
}

/**
 * A small mark over the top right corner of another element.
 *
 * @attr for - id of that element
 * @attr label - up to three characters
 * @attr icon - an icon instead of the label
 */
export class CrowdBadge extends LitElement {
  @property() for = '';
  @property() label = '';
  @property() icon = '';
  private readonly moves = new ResizeObserver(() => this.place());

  override connectedCallback(): void {
    super.connectedCallback();
    this.moves.observe(document.documentElement);
    addEventListener('scroll', this.place, { capture: true, passive: true });
    requestAnimationFrame(this.place);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.moves.disconnect();
    removeEventListener('scroll', this.place, { capture: true });
  }

  /** Over the corner of the other element, wherever this element's own origin lies. */
  private place = (): void => {
    const target = this.for ? document.getElementById(this.for) : this.parentElement;
    if (!target) return;
    this.moves.observe(target);
    this.style.left = this.style.top = '0';
    const corner = target.getBoundingClientRect();
    const origin = this.getBoundingClientRect();
    this.style.left = `${corner.right - origin.left}px`;
    this.style.top = `${corner.top - origin.top}px`;
  };

  override render(): TemplateResult {
    return html`<span class="badge">${this.icon ? renderIcon(this.icon) : this.label}</span><slot></slot>`;
  }

  static override styles = [
    common,
    css`
      :host {
        position: absolute;
        z-index: 2;
      }
      .badge {
        display: flex;
        align-items: center;
        justify-content: center;
        min-width: 22px;
        height: 22px;
        padding: 0 5px;
        border-radius: 11px;
        background: var(--crowd-bad);
        color: var(--crowd-surface);
        font-size: 0.75rem;
        font-weight: 700;
        translate: -50% -50%;
      }
      .icon {
        width: 16px;
        height: 16px;
      }
    `,
  ];
}

/**
 * A raised box.
 *
 * @attr heading - text on top
 * @attr image - address of an image below the heading
 */
export class CrowdCard extends LitElement {
  @property() heading = '';
  @property() image = '';

  override render(): TemplateResult {
    return html`
      <article class="card" aria-label=${this.heading || nothing}>
        ${this.image ? html`<img src=${this.image} alt="" />` : nothing}
        ${this.heading ? html`<h3>${this.heading}</h3>` : nothing}
        <div class="text"><slot></slot></div>
      </article>
    `;
  }

  static override styles = [
    common,
    css`
      :host {
        display: inline-block;
        max-width: 100%;
        margin-block: 8px;
        vertical-align: top;
      }
      .card {
        overflow: hidden;
        border: 1px solid var(--crowd-line);
        border-radius: 10px;
        background: var(--crowd-surface);
        box-shadow: 0 2px 6px rgb(0 0 0 / 14%);
      }
      img {
        display: block;
        width: 100%;
      }
      h3 {
        margin: 0;
        padding: 12px 16px 0;
        font-size: 1.1rem;
      }
      .text {
        padding: 12px 16px;
      }
    `,
  ];
}

/** The toast that is on the screen; the next one takes its place. */
let visible: CrowdToast | undefined;

/**
 * A short notice that goes away by itself. Only one is visible.
 *
 * @attr text - what it says
 * @attr duration - milliseconds on the screen, 3000
 */
export class CrowdToast extends LitElement {
  @property() text = '';
  @property({ type: Number }) duration = 3000;
  @state() private open = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.show();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  /** Shows it again; `text` replaces what it says. */
  show(text?: string): void {
    if (text !== undefined) this.text = text;
    if (visible !== this) visible?.hide();
    visible = this;
    this.open = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), this.duration);
  }

  hide(): void {
    this.open = false;
    if (visible === this) visible = undefined;
  }

  override render(): TemplateResult {
    return html`<div class="toast" role="status" ?data-open=${this.open}>
      ${this.open ? html`${this.text}<slot></slot>` : nothing}
    </div>`;
  }

  static override styles = [
    common,
    css`
      :host {
        position: fixed;
        inset: auto 12px 12px;
        z-index: 10;
        pointer-events: none;
      }
      .toast {
        width: max-content;
        max-width: min(480px, 100%);
        margin-inline: auto;
        padding: 12px 18px;
        border-radius: var(--crowd-round);
        background: var(--crowd-ink);
        color: var(--crowd-surface);
        opacity: 0;
        transition: opacity var(--crowd-quick);
      }
      .toast[data-open] {
        opacity: 1;
      }
    `,
  ];
}

customElements.define('crowd-alert', CrowdAlert);
customElements.define('crowd-badge', CrowdBadge);
customElements.define('crowd-card', CrowdCard);
customElements.define('crowd-toast', CrowdToast);
