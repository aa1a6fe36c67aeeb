import { css, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { loose } from '../base/attributes.js';
import { CrowdClassifier, CrowdClassifierMultiSelect } from './classifier.js';
import './target-image.js';

const beside = css`
  @media (min-width: 760px) {
    .choice {
      grid-template-columns: minmax(0, 1fr) minmax(200px, 280px);
      align-items: start;
    }
    .options {
      grid-template-columns: 1fr;
    }
  }
`;

function renderImage(src: string, overlay: unknown): TemplateResult {
  const image = src ? html`<crowd-target-image .src=${src} .overlay=${overlay}></crowd-target-image>` : nothing;
  return html`<div class="target">${image}<slot></slot></div>`;
}

/**
 * One category for an image.
 *
 * @attr src - address of the image
 * @attr overlay - loose JSON with the result of an earlier task to draw over the image
 * Output: `{label: "…", workerComment?: "…"}`.
 */
export class CrowdImageClassifier extends CrowdClassifier {
  @property() src = '';
  @property({ converter: loose }) overlay: unknown;

  protected override renderTarget(): TemplateResult {
    return renderImage(this.src, this.overlay);
  }

  static override styles = [...CrowdClassifier.styles, beside];
}

/**
 * Any number of categories for an image.
 *
 * @attr src - address of the image
 * Output: `{labels: ["…"], workerComment?: "…"}`.
 */
export class CrowdImageClassifierMultiSelect extends CrowdClassifierMultiSelect {
  @property() src = '';
  @property({ converter: loose }) overlay: unknown;

  protected override renderTarget(): TemplateResult {
    return renderImage(this.src, this.overlay);
  }

  static override styles = [...CrowdClassifierMultiSelect.styles, beside];
}

customElements.define('crowd-image-classifier', CrowdImageClassifier);
customElements.define('crowd-image-classifier-multi-select', CrowdImageClassifierMultiSelect);
