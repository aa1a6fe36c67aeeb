import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { MediaKind } from '../base/shell.js';
import { buttons, common } from '../base/styles.js';
import { mediaStrings } from './strings.js';

/** What a recorder gives with its `recorded` event. */
export interface Recording {
  file: Blob;
  /** Seconds; 0 for a photo. */
  duration: number;
}

/**
 * Records sound, video or a photo from the device as soon as it is in the page. The page uses it where it may; the shell
 * uses the same element when a page asks it to capture something.
 *
 * @attr kind - `audio`, `video` or `photo`
 * @attr max-duration - seconds after which a recording ends by itself
 * @fires recorded - CustomEvent<Recording>
 * @fires cancelled - CustomEvent<string>, the reason, '' when the worker gave up
 */
export class CrowdRecorder extends LitElement {
  @property() kind: Exclude<MediaKind, 'file'> = 'audio';
  @property({ attribute: 'max-duration', type: Number }) maxDuration: number | null = null;
  @state() private stream: MediaStream | undefined;
  @state() private seconds = 0;
  @query('video') private video!: HTMLVideoElement | null;
  private recorder: MediaRecorder | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;

  // Not when connected: properties set before this class was loaded have arrived only now.
  protected override firstUpdated(): void {
    void this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.release();
  }

  private async begin(): Promise<void> {
    const video = this.kind === 'audio' ? false : { facingMode: 'environment' };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: this.kind !== 'photo', video });
      if (!this.isConnected) return stream.getTracks().forEach((track) => track.stop());
      this.stream = stream;
      if (this.kind !== 'photo') this.record(stream);
    } catch (error) {
      this.dispatchEvent(new CustomEvent('cancelled', { detail: (error as Error).message }));
    }
  }

  private record(stream: MediaStream): void {
    const started = performance.now();
    const parts: Blob[] = [];
    this.recorder = new MediaRecorder(stream);
    this.recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
    this.recorder.addEventListener('stop', () => {
      const file = new Blob(parts, { type: this.recorder!.mimeType.split(';')[0]! });
      this.give({ file, duration: (performance.now() - started) / 1000 });
    });
    this.recorder.start();
    this.timer = setInterval(() => {
      this.seconds = (performance.now() - started) / 1000;
      if (this.maxDuration !== null && this.seconds >= this.maxDuration) this.stop();
    }, 100);
  }

  stop(): void {
    clearInterval(this.timer);
    if (this.recorder?.state === 'recording') this.recorder.stop();
  }

  private async take(): Promise<void> {
    const { videoWidth, videoHeight } = this.video!;
    const canvas = new OffscreenCanvas(videoWidth, videoHeight);
    canvas.getContext('2d')!.drawImage(this.video!, 0, 0);
    this.give({ file: await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 }), duration: 0 });
  }

  private give(recording: Recording): void {
    this.release();
    this.dispatchEvent(new CustomEvent('recorded', { detail: recording }));
  }

  private cancel(): void {
    this.recorder = undefined;
    this.release();
    this.dispatchEvent(new CustomEvent('cancelled', { detail: '' }));
  }

  private release(): void {
    clearInterval(this.timer);
    this.stream?.getTracks().forEach((track) => track.stop());
  }

  override render(): TemplateResult {
    if (!this.stream) return html`<p role="status">${mediaStrings.starting}</p>`;
    return html`
      ${this.kind === 'audio' ? nothing : html`<video autoplay .muted=${true} playsinline .srcObject=${this.stream}></video>`}
      ${
        this.kind === 'photo'
          ? html`<button class="button main" type="button" @click=${this.take}>${mediaStrings.take}</button>`
          : html`<p><i></i> ${mediaStrings.recording(this.seconds.toFixed(1))}</p>
              <button class="button main" type="button" @click=${this.stop}>${mediaStrings.stop}</button>`
      }
      <button class="button bare" type="button" @click=${this.cancel}>${mediaStrings.cancel}</button>
    `;
  }

  static override styles = [
    common,
    buttons,
    css`
      :host {
        display: block;
      }
      video {
        display: block;
        width: 100%;
        max-width: 640px;
        margin-bottom: 8px;
        border-radius: var(--crowd-round);
        background: #000;
      }
      i {
        display: inline-block;
        width: 12px;
        height: 12px;
        border-radius: 50%;
        background: var(--crowd-bad, #a8271d);
      }
    `,
  ];
}

customElements.define('crowd-recorder', CrowdRecorder);
