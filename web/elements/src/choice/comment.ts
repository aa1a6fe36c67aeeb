import { html, type LitElement, type TemplateResult } from 'lit';
import { closeOnShade, dialogBody, openDialog } from '../base/dialog.js';
import { strings } from '../base/strings.js';

/** The worker's comment of a verification task: a link below the categories that opens a window with a text field. */
export class CommentBox {
  constructor(
    private readonly host: LitElement,
    /** The `<worker-comment header link-text placeholder>` of the page; its content says what to write. */
    private readonly region: () => Element | null,
  ) {}

  render(comment: string, onInput: (comment: string) => void): TemplateResult {
    const attribute = (name: string): string | null | undefined => this.region()?.getAttribute(name);
    const header = attribute('header') || strings.addComment;
    return html`
      <p>
        <button class="button bare" type="button" @click=${() => this.open()}>
          ${attribute('link-text') || strings.addComment}
        </button>
        ${comment ? html`<span class="quiet">${comment}</span>` : ''}
      </p>
      <dialog class="dialog comment" aria-label=${header} @click=${closeOnShade}>
        ${dialogBody(
          header,
          html`<slot name="worker-comment"></slot>
            <textarea
              class="field"
              rows="4"
              aria-label=${header}
              placeholder=${attribute('placeholder') ?? ''}
              .value=${comment}
              @input=${(event: Event) => onInput((event.target as HTMLTextAreaElement).value)}
            ></textarea>`,
        )}
      </dialog>
    `;
  }

  private open(): void {
    const dialog = this.host.renderRoot.querySelector<HTMLDialogElement>('dialog.comment');
    if (dialog) openDialog(dialog);
    dialog?.querySelector('textarea')?.focus();
  }
}
