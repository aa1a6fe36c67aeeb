import { css, html, LitElement, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { flag } from '../base/attributes.js';
import { renderIcon } from '../base/icon.js';
import { buttons, common } from '../base/styles.js';

/** A round button with an icon or one character. Its name for a screen reader is `title`, else the icon's name. */
abstract class RoundButton extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  @property({ converter: flag, reflect: true }) disabled = false;
  @property() icon = '';
  @property() label = '';
  @property() override title = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('click', this.stopDisabled);
  }

  private stopDisabled = (event: Event): void => {
    if (this.disabled) event.stopImmediatePropagation();
  };

  override render(): TemplateResult {
    const [first = '', ...rest] = Array.from(this.label);
    return html`
      <button
        class="button"
        type="button"
        title=${this.title}
        aria-label=${this.title || this.label || this.icon}
        ?disabled=${this.disabled}
      >
        ${this.icon ? renderIcon(this.icon) : rest.length > 0 ? '…' : first}
      </button>
      <slot></slot>
    `;
  }

  static override styles = [
    common,
    buttons,
    css`
      :host {
        display: inline-block;
      }
      .button {
        padding: 0;
        border-radius: 50%;
      }
      .icon {
        width: 24px;
        height: 24px;
      }
    `,
  ];
}

/** A floating round button. */
export class CrowdFab extends RoundButton {
  static override styles = [
    ...RoundButton.styles,
    css`
      .button {
        width: 56px;
        height: 56px;
        border-color: var(--crowd-action);
        background: var(--crowd-action);
        color: var(--crowd-on-action);
        font-size: 1.4rem;
        box-shadow: 0 3px 8px rgb(0 0 0 / 30%);
      }
      .button:hover:not(:disabled) {
        background: color-mix(in srgb, var(--crowd-action) 82%, var(--crowd-ink));
      }
    `,
  ];
}

/** A round button without a frame. */
export class CrowdIconButton extends RoundButton {
  static override styles = [
    ...RoundButton.styles,
    css`
      .button {
        border-color: transparent;
        background: none;
      }
    `,
  ];
}

customElements.define('crowd-fab', CrowdFab);
customElements.define('crowd-icon-button', CrowdIconButton);
