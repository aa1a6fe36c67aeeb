import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { flag } from '../base/attributes.js';
import { renderIcon } from '../base/icon.js';
import { buttons, common } from '../base/styles.js';
import type { CrowdForm } from '../form/form.js';

/**
 * A button.
 *
 * @attr form-action - `submit` or `reset` of the form around it
 * @attr variant - `primary`, `normal`, `link` or `icon`
 * @attr icon - name of an icon; `icon-url` for a picture, `icon-align` left or right
 * @attr href - makes it a link, opened in `target`
 * @attr loading - busy: shown as such and not pressed
 */
export class CrowdButton extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  @property({ converter: flag, reflect: true }) disabled = false;
  @property({ converter: flag, reflect: true }) loading = false;
  @property({ attribute: 'form-action' }) formAction = '';
  @property() href = '';
  @property() target = '';
  @property() variant = 'normal';
  @property() icon = '';
  @property({ attribute: 'icon-url' }) iconUrl = '';
  @property({ attribute: 'icon-align' }) iconAlign = 'left';

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('click', this.onClick);
  }

  override render(): TemplateResult {
    const icon = renderIcon(this.iconUrl || this.icon);
    const inside = html`
      ${this.loading ? html`<i class="spin" role="status" aria-label="…"></i>` : nothing}
      ${this.iconAlign === 'right' ? nothing : icon}<slot></slot>${this.iconAlign === 'right' ? icon : nothing}
    `;
    const look = { primary: 'main', link: 'bare', icon: 'bare' }[this.variant] ?? '';
    if (this.href && !this.disabled) {
      return html`<a class="button ${look}" href=${this.href} target=${this.target || nothing} rel="noopener">
        ${inside}
      </a>`;
    }
    return html`<button
      class="button ${look}"
      type="button"
      aria-label=${this.getAttribute('aria-label') || nothing}
      ?disabled=${this.disabled || this.loading}
    >
      ${inside}
    </button>`;
  }

  private onClick = (event: Event): void => {
    if (this.disabled || this.loading) return event.stopImmediatePropagation();
    // The template's listeners come after this one; they may still prevent it.
    setTimeout(() => event.defaultPrevented || this.act());
  };

  private act(): void {
    const form = this.form;
    if (this.formAction === 'submit') form?.requestSubmit();
    if (this.formAction === 'reset') form?.reset();
  }

  private get form(): CrowdForm | HTMLFormElement | null {
    return this.closest<CrowdForm>('crowd-form') ?? this.closest('form');
  }

  static override styles = [
    common,
    buttons,
    css`
      :host {
        display: inline-block;
        margin-block: 4px;
        max-width: 100%;
      }
      :host([data-crowd-added]) {
        display: block;
        margin-top: 16px;
      }
      .button {
        width: 100%;
      }
      /* Presses go to the element itself, whose script may make it work again. */
      .button:disabled {
        pointer-events: none;
      }
      :host([data-crowd-added]) .button {
        width: auto;
        min-width: 140px;
      }
      .icon {
        width: 20px;
        height: 20px;
      }
      .spin {
        width: 16px;
        height: 16px;
        border: 2px solid currentcolor;
        border-right-color: transparent;
        border-radius: 50%;
        animation: spin 800ms linear infinite;
      }
      @keyframes spin {
        to {
          rotate: 1turn;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .spin {
          animation: none;
        }
      }
      @media (max-width: 480px) {
        :host([form-action='submit']) {
          display: block;
        }
        :host([form-action='submit']) .button {
          width: 100%;
        }
      }
    `,
  ];
}

customElements.define('crowd-button', CrowdButton);
