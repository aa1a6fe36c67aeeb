import { css, html, LitElement, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { strings } from '../base/strings.js';
import { common } from '../base/styles.js';
import { drawingTags } from '../draw/tags.js';

// What draws boxes and masks of an earlier task over the image weighs more than a plain picture should.
let overlayModule: Promise<unknown> | undefined;
const loadOverlay = (): Promise<unknown> => (overlayModule ??= drawingTags['crowd-image-overlay']!());

/** An image to look at: fitted, a press shows it in its own size. Part of the image classifiers. */
export class TargetImage extends LitElement {
  @property() src = '';
  /** The result of an earlier task, as crowd-image-classifier's `overlay` describes it. */
  @property({ attribute: false }) overlay: unknown;
  @state() private large = false;
  @state() private broken = false;

  override render(): TemplateResult {
    if (this.broken) return html`<p class="problem" role="alert">${strings.brokenImage(this.src)}</p>`;
    if (this.overlay !== undefined) {
      void loadOverlay();
      return html`<crowd-image-overlay .src=${this.src} .overlay=${this.overlay}></crowd-image-overlay>`;
    }
    return html`
      <button
        type="button"
        aria-pressed=${this.large}
        aria-label=${strings.ownSize}
        class=${this.large ? 'large' : ''}
        @click=${() => (this.large = !this.large)}
      >
        <img src=${this.src} alt=${strings.imageToClassify} @error=${() => (this.broken = true)} />
      </button>
    `;
  }

  static override styles = [
    common,
    css`
      :host {
        display: block;
        overflow: auto;
      }
      button {
        display: block;
        width: 100%;
        padding: 0;
        border: 0;
        background: none;
        cursor: zoom-in;
      }
      img {
        display: block;
        max-width: 100%;
        max-height: min(70vh, 720px);
        margin-inline: auto;
      }
      .large {
        width: max-content;
        cursor: zoom-out;
      }
      .large img {
        max-width: none;
        max-height: none;
      }
    `,
  ];
}

customElements.define('crowd-target-image', TargetImage);
