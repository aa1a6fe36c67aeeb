// `<crowd-image-overlay src="…" overlay="…">`: a picture with the marks of an earlier task over it, to look at and not to
// change. The image classifiers show it when they have an `overlay`.
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { loose } from '../base/attributes.js';
import { buttons, common } from '../base/styles.js';
import { drawingStyles } from './drawing-styles.js';
import type { Size } from './geometry.js';
import { Gestures } from './gestures.js';
import { arrowKeys, arrowStep, type KeyCommand, pressedKey, runKey } from './keyboard.js';
import { Mask } from './mask.js';
import { MaskLayer } from './mask-layer.js';
import { fetchMask, indicesOf } from './mask-reader.js';
import { NoMarks, type OverlayMarks, readOverlay } from './overlay-marks.js';
import { Picture } from './picture.js';
import { renderShapeList } from './shape-list.js';
import { paintShape } from './shape-painter.js';
import { box } from './shapes.js';
import { Stage } from './stage.js';
import { drawStrings } from './strings.js';

const MASK_OPACITY = 0.6;
const ZOOM_STEP = 1.4;
const PAN_STEP = 40;

/**
 * @attr src - address of the picture
 * @attr overlay - `{boundingBox: {labels, value}}`, `{semanticSegmentation: {labels, labelMappings, src}}` or
 *   `{instanceSegmentation: {labels, instances, src}}`, as the documentation of `crowd-image-classifier` shows
 */
@customElement('crowd-image-overlay')
export class ImageOverlay extends LitElement {
  @property() src = '';
  @property({ converter: loose }) overlay: unknown;
  @state() private size: Size | null = null;
  @state() private problem: string | null = null;
  @state() private shown = true;
  @state() private selected: number | null = null;
  @query('.stage') private host!: HTMLElement;
  private stage!: Stage;
  private picture: Picture | null = null;
  private marks: OverlayMarks = NoMarks;
  private mask: MaskLayer | null = null;
  /** Stands in for a mask whose pixels may not be read: it is shown as it is. */
  private maskPicture: Picture | null = null;

  protected override willUpdate(changes: PropertyValues): void {
    if (!changes.has('overlay')) return;
    const marks = readOverlay(this.overlay);
    this.problem = marks === null ? drawStrings.badOverlay : null;
    this.marks = marks ?? NoMarks;
    this.selected = null;
  }

  protected override firstUpdated(): void {
    this.stage = new Stage(this.host);
    this.stage.addLayer((context, view, ratio) => this.picture?.paint(context, view, ratio));
    this.stage.addLayer((context, view, ratio) => {
      if (this.shown) (this.mask ?? this.maskPicture)?.paint(context, view, ratio);
    }, MASK_OPACITY);
    this.stage.addLayer((context, view) => {
      if (!this.shown || this.size === null) return;
      this.marks.boxes.forEach((shape, index) => {
        paintShape(context, view, box, shape, this.marks.color(shape.label), index === this.selected);
      });
    });
    const look = { press() {}, drag() {}, release() {}, abandon() {}, hover: () => 'grab' };
    new Gestures(this.host, this.stage.view, look, { mayDraw: false, viewChanged: () => this.viewChanged() });
  }

  protected override updated(changes: PropertyValues): void {
    if (changes.has('src')) void this.openPicture();
    else if (changes.has('overlay') && this.size !== null) void this.openMask(this.size);
    if (changes.has('shown') || changes.has('selected') || changes.has('overlay')) this.stage.repaint();
  }

  private async openPicture(): Promise<void> {
    const { src } = this;
    this.size = null;
    try {
      const picture = await Picture.load(src);
      if (src !== this.src) return;
      this.picture?.close();
      this.picture = picture;
      this.size = picture.size;
      this.host.style.aspectRatio = `${picture.size.width} / ${picture.size.height}`;
      this.stage.setPicture(picture.size);
      void picture.prepare(() => this.stage.repaint());
      await this.openMask(picture.size);
    } catch {
      if (src === this.src) this.problem = drawStrings.pictureFailed(src);
    }
  }

  private async openMask(size: Size): Promise<void> {
    const { marks } = this;
    this.mask = this.maskPicture = null;
    if (marks.maskSrc === null) return;
    try {
      const pixels = await fetchMask(marks.maskSrc);
      const mask = new Mask(size);
      mask.reset(marks.classes, indicesOf(pixels, size, marks.classes));
      if (marks === this.marks) this.mask = new MaskLayer(mask);
    } catch {
      await this.openMaskPicture(marks.maskSrc, marks);
    }
    this.stage.repaint();
  }

  private async openMaskPicture(src: string, marks: OverlayMarks): Promise<void> {
    try {
      const picture = await Picture.load(src);
      if (marks === this.marks) this.maskPicture = picture;
    } catch {
      this.problem = drawStrings.maskFailed(src);
    }
  }

  /** A finger scrolls the page while the whole picture is shown, and pans once it is enlarged. */
  private viewChanged(): void {
    this.host.style.touchAction = this.stage.view.isFitted ? 'pan-y' : 'none';
    this.stage.repaint();
  }

  private zoom(factor: number): void {
    this.stage.view.zoomBy(factor);
    this.viewChanged();
  }

  private readonly fit = (): void => {
    this.stage.view.fit();
    this.viewChanged();
  };

  private readonly toggle = (): void => {
    this.shown = !this.shown;
  };

  private readonly commands: readonly KeyCommand[] = [
    { keys: ['+', '='], shown: '+', help: drawStrings.zoomIn, run: () => this.zoom(ZOOM_STEP) },
    { keys: ['-'], shown: '−', help: drawStrings.zoomOut, run: () => this.zoom(1 / ZOOM_STEP) },
    { keys: ['F'], shown: 'F', help: drawStrings.fit, run: this.fit },
    { keys: ['H'], shown: 'H', help: drawStrings.marks, run: this.toggle },
    {
      keys: arrowKeys(),
      shown: '←↑→↓',
      help: drawStrings.keyPan,
      run: (key) => {
        const { x, y } = arrowStep(key, 4);
        this.stage.view.panBy({ x: -x * PAN_STEP, y: -y * PAN_STEP });
        this.viewChanged();
      },
    },
  ];

  private readonly key = (event: KeyboardEvent): void => {
    if (runKey(this.commands, pressedKey(event))) event.preventDefault();
  };

  protected override render(): TemplateResult {
    return html`
      <div class="drawing">
        <div class="holder">
          <div
            class="stage"
            part="stage"
            tabindex="0"
            role="img"
            aria-label=${drawStrings.overlayText(this.marks.summary)}
            aria-keyshortcuts="+ - F H"
            @keydown=${this.key}
          ></div>
          ${this.problem === null ? nothing : html`<p class="note" role="alert">${this.problem}</p>`}
        </div>
        <div class="row under">
          <button class="button" type="button" aria-pressed=${this.shown} @click=${this.toggle}>
            ${drawStrings.marks} <kbd>H</kbd>
          </button>
          <button
            class="button"
            type="button"
            aria-label=${drawStrings.zoomOut}
            @click=${() => this.zoom(1 / ZOOM_STEP)}
          >
            −
          </button>
          <button class="button" type="button" @click=${this.fit}>${drawStrings.fit}</button>
          <button class="button" type="button" aria-label=${drawStrings.zoomIn} @click=${() => this.zoom(ZOOM_STEP)}>
            +
          </button>
          ${this.marks.legend.map(
            (label) =>
              html`<span class="label" .style=${`--swatch: ${this.marks.color(label)}`}>
                <span class="swatch"></span> ${label}
              </span>`,
          )}
        </div>
        ${this.marks.boxes.length === 0 ? nothing : this.renderBoxes()}
      </div>
    `;
  }

  private renderBoxes(): TemplateResult {
    const { boxes } = this.marks;
    return renderShapeList({
      noun: box.noun,
      open: false,
      entries: boxes.map((shape, index) => ({
        text: box.describe(shape, index + 1),
        color: this.marks.color(shape.label),
      })),
      selected: this.selected,
      select: (index) => (this.selected = index),
      step: (step) => (this.selected = ((this.selected ?? -step) + step + boxes.length) % boxes.length),
    });
  }

  static override styles = [
    common,
    buttons,
    drawingStyles,
    css`
      :host {
        display: block;
      }
      .stage {
        touch-action: pan-y;
        cursor: grab;
      }
      .under {
        margin-top: 8px;
      }
      .label {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        font-size: 0.875rem;
      }
    `,
  ];
}
