import { css, html, LitElement, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { renderIcon } from '../base/icon.js';
import { common } from '../base/styles.js';

/**
 * An icon by its name in the iron-icons set.
 *
 * @attr icon - the name, with or without its set: `search`, `icons:search`
 * @attr src - the address of a picture instead
 */
export class IronIcon extends LitElement {
  @property() icon = '';
  @property() src = '';

  override render(): TemplateResult {
    return html`${renderIcon(this.src || this.icon)}<slot></slot>`;
  }

  static override styles = [
    common,
    css`
      :host {
        display: inline-flex;
        vertical-align: middle;
        color: inherit;
      }
      .icon {
        width: var(--iron-icon-width, 24px);
        height: var(--iron-icon-height, 24px);
      }
    `,
  ];
}

customElements.define('iron-icon', IronIcon);
