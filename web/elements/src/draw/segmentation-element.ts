import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import type { Size } from './geometry.js';
import type { PointerTool } from './gestures.js';
import { ImageElement } from './image-element.js';
import { arrowKeys, arrowStep, type KeyCommand } from './keyboard.js';
import type { PaintClass } from './mask.js';
import { MaskEditor, type MaskTool } from './mask-editor.js';
import { MaskLayer } from './mask-layer.js';
import { paintMaskTools } from './mask-painter.js';
import { fetchMask, indicesOf, type MaskPixels, readBase64Mask } from './mask-reader.js';
import { encodePng, toBase64 } from './png.js';
import { renderShapeList } from './shape-list.js';
import type { Stage } from './stage.js';
import { drawStrings } from './strings.js';

const MASK_OPACITY = 0.6;
const TOOLS: readonly { tool: MaskTool; key: string; name: 'brush' | 'eraser' | 'fill' }[] = [
  { tool: 'brush', key: 'B', name: 'brush' },
  { tool: 'eraser', key: 'E', name: 'eraser' },
  { tool: 'area', key: 'A', name: 'fill' },
];

/** An element whose answer is a picture of flat colours over the picture. */
export abstract class SegmentationElement extends ImageElement {
  protected editor!: MaskEditor;
  /** A mask is being read; nothing may be drawn until it is there. */
  @state() private reading = false;
  private layer: MaskLayer | null = null;
  private repaintMask: () => void = () => undefined;
  private touched = false;
  private awaiting: unknown;
  private encoded = { revision: -1, data: '' };
  private counted: { revision: number; counts: readonly number[] } = { revision: -1, counts: [] };
  /** Tells a reading that a later one has begun. */
  private readings = 0;

  /** The classes of a new, empty mask. */
  protected abstract firstClasses(): readonly PaintClass[];
  /** The classes in an output or an initial value; null when it names none. */
  protected abstract readClasses(value: Readonly<Record<string, unknown>>): readonly PaintClass[] | null;
  /** The part of the output that explains the colours. */
  protected abstract writeClasses(classes: readonly PaintClass[], counts: readonly number[]): object;
  /** Makes a class for the first stroke of a label if there is none; gives its index, or 0. */
  protected abstract ensureClass(): number;
  /** What an initial value looks like, for messages. */
  protected abstract readonly initialForm: string;

  override get value(): unknown {
    if (this.size === null || this.reading) return this.awaiting;
    const { classes } = this.editor.mask;
    return {
      inputImageProperties: this.inputImageProperties(this.size),
      ...this.writeClasses(classes, this.counts),
      labeledImage: { pngImageData: this.pngImageData() },
    };
  }

  override set value(value: unknown) {
    this.awaiting = value;
    if (this.size !== null) void this.show(value, false);
  }

  override validate(): string | null {
    const problem = super.validate();
    if (problem !== null) return problem;
    if (this.reading) return drawStrings.notReady;
    if (this.editor.outline !== null) return drawStrings.unfinished(this.noun);
    return this.required && this.counts.every((count) => count === 0) ? drawStrings.nothingPainted : null;
  }

  protected override readonly noun = 'area';
  protected override readonly labelLimit = Infinity;

  protected override get count(): number {
    return this.editor === undefined ? 0 : this.counts.filter((count) => count > 0).length;
  }

  protected override get canUndo(): boolean {
    return this.editor !== undefined && (this.editor.mask.canUndo || this.editor.outline !== null);
  }

  protected override get canRedo(): boolean {
    return this.editor?.mask.canRedo ?? false;
  }

  protected override get mayDraw(): boolean {
    return super.mayDraw && !this.reading;
  }

  /** Pixels of each class. */
  protected get counts(): readonly number[] {
    const { mask } = this.editor;
    if (this.counted.revision !== mask.revision) {
      this.counted = { revision: mask.revision, counts: mask.countPixels() };
    }
    return this.counted.counts;
  }

  private pngImageData(): string {
    const { mask } = this.editor;
    if (this.encoded.revision !== mask.revision) {
      const colors = mask.classes.map(({ color }) => color);
      this.encoded = {
        revision: mask.revision,
        data: toBase64(encodePng(mask.indices, mask.width, mask.height, colors)),
      };
    }
    return this.encoded.data;
  }

  protected override setUp(stage: Stage): PointerTool {
    this.editor = new MaskEditor(stage.view, {
      changed: () => {
        this.touched = true;
        this.changed();
      },
      shown: () => this.shown(),
      say: (text) => this.say(text),
    });
    this.editor.ensureClass = () => this.ensureClass();
    this.addPictureLayer(stage);
    const repaintMask = stage.addLayer((context, view, ratio) => this.layer?.paint(context, view, ratio), MASK_OPACITY);
    const repaintTools = stage.addLayer((context, view) => {
      if (this.size !== null) paintMaskTools(context, view, this.editor, this.host.matches(':focus'));
    });
    this.repaintMask = () => {
      repaintMask();
      repaintTools();
    };
    for (const name of ['focus', 'blur', 'pointerleave']) this.host.addEventListener(name, repaintTools);
    return this.editor;
  }

  private shown(): void {
    this.repaintMask();
    // The list counts pixels; while a stroke is under way nobody needs that.
    if (!this.editor.busy || this.editor.outline !== null) this.requestUpdate();
  }

  protected override begin(size: Size, isNewSource: boolean): void {
    if (!isNewSource && this.touched) return;
    this.touched = false;
    this.layer = new MaskLayer(this.editor.open(size));
    this.editor.mask.reset(this.firstClasses());
    this.editor.chooseIndex(this.editor.mask.classes.length === 0 ? 0 : 1);
    void this.showInitial();
  }

  private async showInitial(): Promise<void> {
    const { awaiting } = this;
    if (this.initialValue !== undefined) await this.show(this.initialValue, true);
    if (awaiting !== undefined) await this.show(awaiting, false);
  }

  /** Shows an output or an initial value; a mask that cannot be read is reported and leaves the picture unpainted. */
  private async show(value: unknown, isInitial: boolean): Promise<void> {
    const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
    const classes = this.readClasses(fields);
    if (classes === null) return this.notice(drawStrings.badInitial(this.localName, this.initialForm));
    this.readings += 1;
    const own = this.readings;
    this.reading = true;
    const pixels = await this.readMask(fields);
    if (own !== this.readings || this.size === null) return;
    const indices = pixels === null ? undefined : this.fitMask(pixels, this.size, classes);
    this.editor.mask.reset(classes, indices);
    this.editor.chooseIndex(Math.min(Math.max(this.editor.index, 1), classes.length));
    this.reading = false;
    if (!isInitial) this.awaiting = undefined;
    else this.rememberInitial();
    this.repaintMask();
    this.requestUpdate();
  }

  private async readMask(fields: Readonly<Record<string, unknown>>): Promise<MaskPixels | null> {
    const own = (fields['labeledImage'] as { pngImageData?: unknown } | undefined)?.pngImageData;
    const src = fields['src'];
    try {
      if (typeof own === 'string') return await readBase64Mask(own);
      if (typeof src === 'string' && src !== '') return await fetchMask(src);
    } catch (error) {
      this.notice(drawStrings.maskFailed(typeof src === 'string' ? src : 'of the answer'));
      console.warn(error);
    }
    return null;
  }

  private fitMask(mask: MaskPixels, picture: Size, classes: readonly PaintClass[]): Uint8Array {
    if (mask.width !== picture.width || mask.height !== picture.height) {
      const sizes = [mask, picture].map(({ width, height }) => `${width} × ${height}`) as [string, string];
      this.notice(drawStrings.maskSize(...sizes));
    }
    return indicesOf(mask, picture, classes);
  }

  protected override undo(): void {
    this.editor.undo();
    this.keepIndex();
  }

  protected override redo(): void {
    this.editor.redo();
    this.keepIndex();
  }

  /** Undo may have taken away the class that was painted with. */
  private keepIndex(): void {
    const { mask, index } = this.editor;
    if (index > mask.classes.length) this.editor.chooseIndex(mask.classes.length);
  }

  protected override commands(): readonly KeyCommand[] {
    const { editor } = this;
    const run = (act: (key: string) => void) => (key: string) =>
      this.guard(() => {
        act(key);
        if (editor.cursor !== null) this.stage.view.reveal(editor.cursor);
        this.stage.repaint();
      });
    return [
      {
        keys: arrowKeys(),
        shown: '←↑→↓',
        help: drawStrings.keyMove,
        run: run((key) => editor.moveCursor(arrowStep(key, editor.coarseStep))),
      },
      { keys: ['Enter'], shown: 'Enter', help: drawStrings.keyPaint, run: run(() => editor.actAtCursor()) },
      { keys: [], shown: 'B E A', help: drawStrings.keyTools },
      ...TOOLS.map(({ tool, key }) => ({ keys: [key], shown: '', help: '', run: run(() => editor.chooseTool(tool)) })),
      { keys: ['['], shown: '[ ]', help: drawStrings.keySize, run: run(() => editor.changeSize(-1)) },
      { keys: [']'], shown: '', help: '', run: run(() => editor.changeSize(1)) },
      { keys: ['Escape'], shown: 'Escape', help: drawStrings.keyCancel, run: run(() => editor.cancel()) },
      { keys: ['Space'], shown: '', help: '', run: () => this.holdToPan() },
    ];
  }

  protected override renderTools(): TemplateResult {
    const { editor } = this;
    if (editor === undefined) return html``;
    return html`
      ${TOOLS.map(({ tool, name }) =>
        this.tool(drawStrings[name], () => editor.chooseTool(tool), { pressed: editor.tool === tool }),
      )}
      <label class="row quiet">
        ${drawStrings.brushSize}
        <input
          type="range"
          min="1"
          max="200"
          .value=${String(editor.size)}
          ?disabled=${!this.mayDraw}
          @input=${(event: Event) => editor.chooseSize((event.target as HTMLInputElement).valueAsNumber)}
        />
        ${editor.size}
      </label>
      ${
        editor.outline === null
          ? nothing
          : this.tool(drawStrings.finish, () => editor.finishArea(), { enabled: editor.outline.length >= 3 })
      }
    `;
  }

  protected override renderList(): TemplateResult {
    const entries = this.editor === undefined ? [] : this.describeClasses();
    return renderShapeList({
      noun: this.noun,
      entries,
      selected: this.editor === undefined || this.editor.index === 0 ? null : this.editor.index - 1,
      select: (index) => this.editor.chooseIndex(index + 1),
      step: (step) => {
        const count = entries.length;
        this.editor.chooseIndex(((this.editor.index - 1 + step + count) % count) + 1);
      },
    });
  }

  private describeClasses(): { text: string; color: string }[] {
    const { classes } = this.editor.mask;
    return classes.map(({ color }, index) => ({
      text: drawStrings.painted(this.nameOf(index), this.counts[index] ?? 0),
      color,
    }));
  }

  /** What a worker calls the class. */
  protected nameOf(index: number): string {
    return this.editor.mask.classes[index]!.label;
  }
}
