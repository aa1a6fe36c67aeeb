import { css, html, type TemplateResult } from 'lit';
import { SegmentElement } from './segment-element.js';

/** Segments of a video. */
export class CrowdVideoSegments extends SegmentElement {
  protected renderMedia(): TemplateResult {
    return html`<video
      class="media"
      playsinline
      preload="metadata"
      src=${this.src}
      @loadedmetadata=${this.onLoaded}
      @durationchange=${this.onLoaded}
      @timeupdate=${this.onTime}
      @seeking=${this.onTime}
      @error=${this.onBroken}
    ></video>`;
  }

  static override styles = [
    ...SegmentElement.styles,
    css`
      video {
        width: 100%;
        max-height: 60vh;
        background: #000;
      }
    `,
  ];
}

customElements.define('crowd-video-segments', CrowdVideoSegments);
