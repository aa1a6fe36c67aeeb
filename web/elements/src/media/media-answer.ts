import { css, html, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { flag } from '../base/attributes.js';
import { TaskElement } from '../base/header.js';
import { nameOf } from '../form/fields.js';
import { inShell, type Uploaded } from '../base/shell.js';
import type { Recording } from './recorder.js';
import { mediaStrings } from './strings.js';
import { capture, mayRecord, upload } from './upload.js';

/** What the output holds: the stored media's name, null outside of a shell. */
export interface MediaOutput {
  media: string | null;
  type: string;
  /** Bytes. */
  size: number;
  /** Seconds, of a recording. */
  duration?: number;
}

/**
 * Something recorded or chosen by the worker and stored by the shell.
 *
 * @attr no-upload - only recording, no files
 * @attr no-capture - only files, no recording
 * @attr max-size - megabytes a chosen file may have, 200
 */
export abstract class MediaAnswer extends TaskElement {
  @property({ attribute: 'no-upload', converter: flag }) noUpload = false;
  @property({ attribute: 'no-capture', converter: flag }) noCapture = false;
  @property({ attribute: 'max-size', type: Number }) maxSize = 200;
  @state() private output: MediaOutput | undefined;
  @state() private busy: 'recording' | 'uploading' | undefined;
  @state() protected url: string | undefined;
  @query('input[type=file]') private picker!: HTMLInputElement;

  protected abstract readonly kind: 'audio' | 'video' | 'photo';
  protected abstract renderPreview(url: string): TemplateResult;
  /** Seconds, null for no end. */
  protected get longest(): number | null {
    return null;
  }

  get value(): MediaOutput | undefined {
    return this.output;
  }
  set value(value: unknown) {
    const output = value as (MediaOutput & { url?: string }) | null | undefined;
    this.url = output?.url;
    this.output = output ? strip(output) : undefined;
  }

  override validate(): string | null {
    if (this.busy) return mediaStrings.uploading;
    return this.required && !this.output ? mediaStrings.needs[this.kind] : null;
  }

  /** Why this media may not be the answer, else null. */
  protected problemWith(_output: MediaOutput): string | null {
    return null;
  }

  private async capture(): Promise<void> {
    this.busy = 'recording';
    this.problem = null;
    if (mayRecord) return void (await import('./recorder.js'));
    if (!inShell) return this.fail(mediaStrings.noDevice('the page has no origin'));
    this.take(await capture(nameOf(this), this.kind, this.longest));
  }

  private async onRecorded({ detail }: CustomEvent<Recording>): Promise<void> {
    await this.store(detail.file, detail.duration > 0 ? detail.duration : undefined);
  }

  private onCancelled({ detail }: CustomEvent<string>): void {
    this.fail(detail ? mediaStrings.noDevice(detail) : mediaStrings.cancelled);
  }

  private async onPicked(): Promise<void> {
    const [file] = this.picker.files ?? [];
    if (!file) return;
    const wanted = this.kind === 'photo' ? 'image/' : `${this.kind}/`;
    if (!file.type.startsWith(wanted)) return this.fail(mediaStrings.wrongType(file.type));
    if (file.size > this.maxSize * 1e6) return this.fail(mediaStrings.tooLarge(this.maxSize));
    await this.store(file);
    this.picker.value = '';
  }

  private async store(file: Blob, duration?: number): Promise<void> {
    this.busy = 'uploading';
    this.problem = null;
    const uploaded = await upload(nameOf(this), file, this.kind);
    this.take(duration === undefined ? uploaded : { ...uploaded, duration });
  }

  private take(uploaded: Uploaded): void {
    if (uploaded.error !== undefined) return this.fail(uploaded.error);
    const { media = null, type = '', size = 0, duration, url } = uploaded;
    const seconds = duration === undefined ? {} : { duration: Math.round(duration * 1000) / 1000 };
    const output = { media, type, size, ...seconds };
    const problem = this.problemWith(output);
    if (problem) return this.fail(problem);
    this.busy = undefined;
    this.url = url;
    this.output = output;
    this.changed();
  }

  private fail(message: string): void {
    this.busy = undefined;
    this.problem = message;
  }

  private discard(): void {
    this.value = undefined;
    this.changed();
  }

  override render(): TemplateResult {
    return this.renderFrame(html`<slot></slot>${this.renderStored()} ${this.renderBusy()} ${this.renderButtons()}`);
  }

  private renderStored(): TemplateResult | typeof nothing {
    if (!this.output || this.busy) return nothing;
    return html`<div class="stored">
      ${this.url ? this.renderPreview(this.url) : html`<p>${mediaStrings.saved(this.output.type)}</p>`}
      <button class="button bare" type="button" ?disabled=${this.disabled} @click=${this.discard}>
        ${mediaStrings.remove}
      </button>
    </div>`;
  }

  private renderBusy(): TemplateResult | typeof nothing {
    if (this.busy === 'uploading') return html`<p role="status">${mediaStrings.uploading}</p>`;
    if (this.busy !== 'recording') return nothing;
    if (!mayRecord) return html`<p role="status">${mediaStrings.starting}</p>`;
    return html`<crowd-recorder
      .kind=${this.kind}
      .maxDuration=${this.longest}
      @recorded=${this.onRecorded}
      @cancelled=${this.onCancelled}
    ></crowd-recorder>`;
  }

  private renderButtons(): TemplateResult | typeof nothing {
    if (this.busy) return nothing;
    const accept = this.kind === 'photo' ? 'image/*' : `${this.kind}/*`;
    const look = this.output ? '' : 'main';
    return html`<div class="buttons">
      ${
        this.noCapture
          ? nothing
          : html`<button class="button ${look}" type="button" ?disabled=${this.disabled} @click=${this.capture}>
              ${this.output ? mediaStrings.again : mediaStrings.record[this.kind]}
            </button>`
      }
      ${
        this.noUpload
          ? nothing
          : html`<button class="button" type="button" ?disabled=${this.disabled} @click=${() => this.picker.click()}>
                ${mediaStrings.choose[this.kind]}
              </button>
              <input
                type="file"
                hidden
                accept=${accept}
                aria-label=${mediaStrings.choose[this.kind]}
                @change=${this.onPicked}
              />`
      }
    </div>`;
  }

  static override styles = [
    ...TaskElement.styles,
    css`
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .stored {
        margin-bottom: 8px;
      }
      .stored > :first-child {
        display: block;
        width: 100%;
        max-width: 640px;
      }
    `,
  ];
}

function strip({ media, type, size, duration }: MediaOutput): MediaOutput {
  return { media, type, size, ...(duration === undefined ? {} : { duration }) };
}
