import { css, html, LitElement, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { closeOnShade, dialogBody, openDialog } from '../base/dialog.js';
import { strings } from '../base/strings.js';
import { buttons, common, dialogs } from '../base/styles.js';

/**
 * A window that opens at a press.
 *
 * @attr link-text - "Click to open modal"
 * @attr link-type - `link` or `button`
 */
export class CrowdModal extends LitElement {
  @property({ attribute: 'link-text' }) linkText = strings.openModal;
  @property({ attribute: 'link-type' }) linkType = 'link';
  @query('dialog') private dialog!: HTMLDialogElement;

  open(): void {
    openDialog(this.dialog);
  }

  close(): void {
    this.dialog.close();
  }

  override render(): TemplateResult {
    return html`
      <button class="button ${this.linkType === 'button' ? '' : 'bare'}" type="button" @click=${this.open}>
        ${this.linkText}
      </button>
      <dialog class="dialog" aria-label=${this.linkText} @click=${closeOnShade}>
        ${dialogBody(this.getAttribute('header') ?? '', html`<slot></slot>`)}
      </dialog>
    `;
  }

  static override styles = [
    common,
    buttons,
    dialogs,
    css`
      :host {
        display: inline-block;
      }
    `,
  ];
}

customElements.define('crowd-modal', CrowdModal);
