// The frame around a task's tool: the question on top, short instructions beside it, full instructions one key away.
import { css, html, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { AnswerElement } from './answer.js';
import { closeOnShade, dialogBody, openDialog } from './dialog.js';
import { strings } from './strings.js';
import { buttons, common, dialogs } from './styles.js';

/** Children that are not part of the default slot but of the slot of their own name. */
const regions = ['short-instructions', 'full-instructions', 'classification-target', 'worker-comment'];

/**
 * An answer element with a header and instructions.
 *
 * @attr header - the question or instruction above the tool
 * @slot short-instructions - `<short-instructions>` child: what to keep in mind, beside the tool
 * @slot full-instructions - `<full-instructions header="…">` child: everything, in a dialog
 */
export abstract class TaskElement extends AnswerElement {
  @property() header = '';
  /** Names of the regions that this page fills. */
  @state() protected filled: ReadonlySet<string> = new Set();
  @query('.full') private fullDialog!: HTMLDialogElement | null;

  private readonly children$ = new MutationObserver(() => this.assignRegions());

  override connectedCallback(): void {
    super.connectedCallback();
    this.assignRegions();
    this.children$.observe(this, { childList: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.children$.disconnect();
  }

  /** The first child of that name, for its attributes. */
  protected region(name: string): Element | null {
    return this.querySelector(`:scope > ${name}`);
  }

  /** Opens the full instructions, if the page has any. */
  openInstructions(): void {
    if (this.fullDialog) openDialog(this.fullDialog);
  }

  private assignRegions(): void {
    const filled = new Set<string>();
    for (const child of this.children) {
      if (!regions.includes(child.localName)) continue;
      child.slot = child.localName;
      filled.add(child.localName);
    }
    this.filled = filled;
  }

  /** The whole frame: header, instructions, `tool`, and what is wrong. */
  protected renderFrame(tool: unknown): TemplateResult {
    return html`
      <section class="frame" part="frame" aria-label=${this.header || nothing}>
        ${this.renderTop()}
        <div class="columns">
          ${this.renderShort()}
          <div class="tool" part="tool">${tool}${this.renderProblem()}</div>
        </div>
        ${this.renderFull()}
      </section>
    `;
  }

  private renderTop(): TemplateResult | typeof nothing {
    const full = this.filled.has('full-instructions');
    if (!this.header && !full) return nothing;
    return html`
      <div class="top">
        ${this.header ? html`<h2 part="header">${this.header}</h2>` : html`<span></span>`}
        ${
          full
            ? html`<button class="button bare" type="button" @click=${this.openInstructions}>
                ${strings.fullInstructions}
              </button>`
            : nothing
        }
      </div>
    `;
  }

  private renderShort(): TemplateResult | typeof nothing {
    if (!this.filled.has('short-instructions')) return nothing;
    return html`
      <details class="short awsui-app-layout__navigation" open>
        <summary>${strings.instructions}</summary>
        <slot name="short-instructions"></slot>
      </details>
    `;
  }

  private renderFull(): TemplateResult | typeof nothing {
    if (!this.filled.has('full-instructions')) return nothing;
    const heading = this.region('full-instructions')?.getAttribute('header') || strings.fullInstructions;
    return html`
      <dialog class="dialog full awsui-modal-dialog" aria-label=${heading} @click=${closeOnShade}>
        ${dialogBody(heading, html`<slot name="full-instructions"></slot>`)}
      </dialog>
    `;
  }

  static override styles = [
    common,
    buttons,
    dialogs,
    css`
      :host {
        display: block;
        margin-bottom: 20px;
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 16px;
        margin-bottom: 8px;
      }
      .top .button {
        padding-inline: 0;
      }
      h2 {
        margin: 0;
        font-size: 1.25rem;
        line-height: 1.3;
      }
      .columns {
        display: grid;
        gap: 16px;
      }
      .tool {
        min-width: 0;
      }
      .short {
        align-self: start;
        padding: 8px 12px;
        border-left: 3px solid var(--crowd-edge);
        background: var(--crowd-sunken);
        font-size: 0.9375rem;
      }
      .short summary {
        font-weight: 600;
        cursor: pointer;
      }
      @media (min-width: 760px) {
        .columns:has(> .short) {
          grid-template-columns: minmax(180px, 260px) minmax(0, 1fr);
        }
        .columns:has(> .short:not([open])) {
          grid-template-columns: max-content minmax(0, 1fr);
        }
      }
    `,
  ];
}
