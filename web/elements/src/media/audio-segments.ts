import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { query } from 'lit/decorators.js';
import WaveSurfer from 'wavesurfer.js';
import { SegmentElement } from './segment-element.js';

/** Segments of a sound, under its wave form. */
export class CrowdAudioSegments extends SegmentElement {
  @query('.wave') private box!: HTMLElement;
  private wave: WaveSurfer | undefined;

  protected override updated(changes: PropertyValues): void {
    super.updated(changes);
    if (changes.has('src') && this.src) this.drawWave();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.wave?.destroy();
    this.wave = undefined;
  }

  private drawWave(): void {
    this.wave?.destroy();
    // It gets a player of its own, never played: given the element's, it would load its sound anew, from the start.
    this.wave = WaveSurfer.create({
      container: this.box,
      url: this.src,
      height: 72,
      interact: false,
      cursorWidth: 0,
      // A canvas does not know light-dark(); the computed colour is plain.
      waveColor: getComputedStyle(this.box).color,
    });
    // A sound that can be played but not fetched has no picture; its time line works all the same.
    this.wave.on('error', () => (this.box.hidden = true));
    this.wave.on('ready', () => (this.box.hidden = false));
  }

  protected renderMedia(): TemplateResult {
    return html`
      <audio
        class="media"
        preload="auto"
        src=${this.src}
        @loadedmetadata=${this.onLoaded}
        @durationchange=${this.onLoaded}
        @timeupdate=${this.onTime}
        @seeking=${this.onTime}
        @error=${this.onBroken}
      ></audio>
      <div class="wave" aria-hidden="true"></div>
    `;
  }

  static override styles = [
    ...SegmentElement.styles,
    css`
      .wave {
        min-height: 72px;
        color: var(--crowd-edge);
      }
    `,
  ];
}

customElements.define('crowd-audio-segments', CrowdAudioSegments);
