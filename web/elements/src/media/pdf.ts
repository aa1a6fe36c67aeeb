import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy, type RenderTask } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { looseStrings } from '../base/attributes.js';
import { type ChoiceTarget, keyOf, listenForChoices, stopListening } from '../base/choice-keys.js';
import { TaskElement } from '../base/header.js';
import { isTyping } from '../base/keys.js';
import { mediaStrings } from './strings.js';

GlobalWorkerOptions.workerSrc = workerUrl;

const zooms = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];

/**
 * The pages of a PDF, one at a time, each with a label when there are labels.
 *
 * @attr src - address of the document
 * @attr labels - loose JSON list of labels for pages
 * @attr page - the page shown at first, 1
 * Output with labels: `{pageCount, pages: [{page, label}]}`, the pages that have one; without labels nothing.
 */
export class CrowdPdf extends TaskElement implements ChoiceTarget {
  @property() src = '';
  @property({ converter: looseStrings }) labels: string[] = [];
  @property({ type: Number }) page = 1;
  @state() private pageCount = 0;
  @state() private zoom = 1;
  @state() private chosen: Readonly<Record<number, string>> = {};
  @query('canvas') private canvas!: HTMLCanvasElement | null;
  @query('.sheet') private sheet!: HTMLElement | null;
  private pdf: PDFDocumentProxy | undefined;
  private drawing: RenderTask | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    stopListening(this);
    void this.pdf?.loadingTask.destroy();
    this.pdf = undefined;
  }

  get value(): { pageCount: number; pages: { page: number; label: string }[] } {
    const pages = Object.entries(this.chosen).map(([page, label]) => ({ page: Number(page), label }));
    return { pageCount: this.pageCount, pages };
  }
  set value(value: unknown) {
    const pages = (value as { pages?: { page: number; label: string }[] } | null | undefined)?.pages ?? [];
    this.chosen = Object.fromEntries(pages.map(({ page, label }) => [page, label]));
  }

  override get asks(): boolean {
    return this.labels.length > 0;
  }

  override get _submittableValue(): unknown {
    return this.asks && Object.keys(this.chosen).length > 0 ? this.value : undefined;
  }

  override validate(): string | null {
    const missing = this.pageCount - Object.keys(this.chosen).length;
    return this.required && this.asks && missing > 0 ? mediaStrings.needsPages(missing) : null;
  }

  get answered(): boolean {
    return this.pageCount > 0 && Object.keys(this.chosen).length === this.pageCount;
  }

  /** A key gives the label and goes on to the next page. */
  chooseAt(index: number): boolean {
    const label = this.labels[index];
    if (label === undefined || this.disabled || this.pageCount === 0) return false;
    this.choose(label);
    this.turn(1);
    return true;
  }

  private choose(label: string): void {
    this.chosen = { ...this.chosen, [this.page]: label };
    this.changed();
  }

  private turn(step: number): void {
    this.page = Math.min(Math.max(this.page + step, 1), Math.max(this.pageCount, 1));
  }

  private scale(step: number): void {
    this.zoom = zooms[Math.min(Math.max(zooms.indexOf(this.zoom) + step, 0), zooms.length - 1)]!;
  }

  private onKey(event: KeyboardEvent): void {
    if (isTyping(event)) return;
    const step = { PageDown: 1, ArrowRight: 1, PageUp: -1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) this.turn(step);
    else if (event.key === '+' || event.key === '-') this.scale(event.key === '+' ? 1 : -1);
    else return;
    event.preventDefault();
  }

  protected override updated(changes: PropertyValues): void {
    super.updated(changes);
    if (changes.has('labels')) (this.asks ? listenForChoices : stopListening)(this);
    if (changes.has('src') && this.src) void this.open();
    else if (changes.has('page') || changes.has('zoom') || changes.has('pageCount')) void this.draw();
  }

  private async open(): Promise<void> {
    try {
      this.pdf = await getDocument({ url: this.src, isEvalSupported: false }).promise;
      this.pageCount = this.pdf.numPages;
      this.turn(0);
    } catch (error) {
      this.problem = mediaStrings.brokenPdf((error as Error).message);
    }
  }

  private async draw(): Promise<void> {
    const { canvas, pdf, sheet } = this;
    if (!canvas || !pdf || !sheet) return;
    this.drawing?.cancel();
    const page = await pdf.getPage(this.page);
    const fitting = sheet.clientWidth / page.getViewport({ scale: 1 }).width;
    const viewport = page.getViewport({ scale: fitting * this.zoom * devicePixelRatio });
    canvas.width = viewport.width;
    canvas.height = viewport.height;
    canvas.style.width = `${viewport.width / devicePixelRatio}px`;
    this.drawing = page.render({ canvas, viewport });
    // A page that is turned while it is drawn is given up.
    await this.drawing.promise.catch((error: Error) => {
      if (error.name !== 'RenderingCancelledException') this.problem = mediaStrings.brokenPdf(error.message);
    });
    const { items } = await page.getTextContent();
    canvas.textContent = items.map((item) => ('str' in item ? item.str : '')).join(' ');
  }

  override render(): TemplateResult {
    return this.renderFrame(html`
      <slot></slot>
      <div class="reader" @keydown=${this.onKey}>
        ${this.renderBar()} ${this.renderLabels()}
        <div class="sheet" tabindex="0" role="document" aria-label=${mediaStrings.page(this.page, this.pageCount)}>
          ${this.pageCount > 0 || this.problem ? nothing : html`<p role="status">${mediaStrings.loadingPdf}</p>`}
          <canvas ?hidden=${this.pageCount === 0}></canvas>
        </div>
      </div>
    `);
  }

  private renderBar(): TemplateResult {
    const button = (label: string, sign: string, press: () => void, off: boolean): TemplateResult =>
      html`<button class="button" type="button" aria-label=${label} ?disabled=${off} @click=${press}>${sign}</button>`;
    return html`<div class="bar">
      ${button(mediaStrings.previousPage, '‹', () => this.turn(-1), this.page <= 1)}
      <span role="status">${mediaStrings.page(this.page, this.pageCount)}</span>
      ${button(mediaStrings.nextPage, '›', () => this.turn(1), this.page >= this.pageCount)}
      ${button(mediaStrings.zoomOut, '−', () => this.scale(-1), this.zoom === zooms[0])}
      ${button(mediaStrings.zoomIn, '+', () => this.scale(1), this.zoom === zooms.at(-1))}
    </div>`;
  }

  private renderLabels(): TemplateResult | typeof nothing {
    if (this.labels.length === 0) return nothing;
    return html`<div class="bar" role="group" aria-label=${mediaStrings.labels}>
      ${this.labels.map(
        (label, index) =>
          html`<button
            class="button"
            type="button"
            aria-pressed=${this.chosen[this.page] === label}
            ?disabled=${this.disabled || this.pageCount === 0}
            @click=${() => this.choose(label)}
          >
            ${label} ${keyOf(index) ? html`<kbd aria-hidden="true">${keyOf(index)}</kbd>` : nothing}
          </button>`,
      )}
    </div>`;
  }

  static override styles = [
    ...TaskElement.styles,
    css`
      :host {
        overflow: auto;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
        margin-bottom: 8px;
      }
      .sheet {
        max-height: 80vh;
        overflow: auto;
        border: 1px solid var(--crowd-edge);
        background: #fff;
      }
      canvas {
        display: block;
        margin-inline: auto;
      }
    `,
  ];
}

customElements.define('crowd-pdf', CrowdPdf);
