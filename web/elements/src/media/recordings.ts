// The three elements that take media from the worker.
import { html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaAnswer, type MediaOutput } from './media-answer.js';
import { mediaStrings } from './strings.js';

/**
 * A recording with a length.
 *
 * @attr min-duration, max-duration - seconds; at max-duration a recording ends by itself
 */
abstract class TimedAnswer extends MediaAnswer {
  @property({ attribute: 'min-duration', type: Number }) minDuration = 0;
  @property({ attribute: 'max-duration', type: Number }) maxDuration: number | null = null;

  protected override get longest(): number | null {
    return this.maxDuration;
  }

  protected override problemWith({ duration }: MediaOutput): string | null {
    return duration !== undefined && duration < this.minDuration ? mediaStrings.tooShort(this.minDuration) : null;
  }
}

/** Sound from the microphone or from a file. Output: `{media, type, size, duration?}`. */
export class CrowdAudioRecording extends TimedAnswer {
  protected readonly kind = 'audio';

  protected renderPreview(url: string): TemplateResult {
    return html`<audio controls src=${url}></audio>`;
  }
}

/** Video from the camera or from a file. Output: `{media, type, size, duration?}`. */
export class CrowdVideoRecording extends TimedAnswer {
  protected readonly kind = 'video';

  protected renderPreview(url: string): TemplateResult {
    return html`<video controls playsinline src=${url}></video>`;
  }
}

/** A picture from the camera or from a file. Output: `{media, type, size}`. */
export class CrowdPhoto extends MediaAnswer {
  protected readonly kind = 'photo';

  protected renderPreview(url: string): TemplateResult {
    return html`<img src=${url} alt=${mediaStrings.photo} />`;
  }
}

customElements.define('crowd-audio-recording', CrowdAudioRecording);
customElements.define('crowd-video-recording', CrowdVideoRecording);
customElements.define('crowd-photo', CrowdPhoto);
