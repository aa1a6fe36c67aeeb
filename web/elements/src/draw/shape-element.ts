import { html, nothing, type TemplateResult } from 'lit';
import { boundsOf, type Point, type Size, snapToPicture } from './geometry.js';
import type { PointerTool } from './gestures.js';
import { ImageElement } from './image-element.js';
import type { KeyCommand } from './keyboard.js';
import { type EditorListener, ShapeEditor } from './shape-editor.js';
import { shapeCommands } from './shape-keys.js';
import { renderShapeList } from './shape-list.js';
import { ShapeLayers } from './shape-layers.js';
import { ShapePointer } from './shape-pointer.js';
import type { Shape, ShapeKind } from './shapes.js';
import type { Stage } from './stage.js';
import { drawStrings } from './strings.js';

export type Fields = Readonly<Record<string, unknown>>;

/** How one element writes its shapes down. */
export interface ShapeFormat {
  readonly kind: ShapeKind;
  /** The property of the output that holds the list. */
  readonly list: string;
  readonly labelLimit: number;
  /** Whether adjustment tasks report `initialValueModified`: documented for some elements only. */
  readonly reportsModified: boolean;
  write(shape: Shape): Fields;
  /** The shape's points; null when fields are missing or not numbers. */
  read(fields: Fields): Point[] | null;
}

/** An element whose answer is a list of labelled shapes on a picture. */
export abstract class ShapeElement extends ImageElement {
  protected abstract readonly format: ShapeFormat;
  private editor!: ShapeEditor;
  private pointer!: ShapePointer;
  private layers: ShapeLayers | null = null;
  private rendered = '';
  private touched = false;
  /** An answer that was set before the picture was there. */
  private awaiting: unknown;

  /**
   * The output as documented. Until the picture's size is known it has only the list, so that scripts of a template can
   * count shapes at any time. Set it to show shapes.
   */
  override get value(): unknown {
    if (this.size === null) return this.awaiting ?? { [this.format.list]: [] };
    return {
      [this.format.list]: this.editor.shapes.map((shape) => this.format.write(shape)),
      inputImageProperties: this.inputImageProperties(this.size),
    };
  }

  override set value(value: unknown) {
    if (this.size === null) this.awaiting = value;
    else this.editor.reset(this.readShapes(value));
    this.requestUpdate();
  }

  override get _submittableValue(): unknown {
    if (this.size === null) return this.awaiting;
    const output = this.value as object;
    return this.format.reportsModified ? this.withModified(output) : output;
  }

  override validate(): string | null {
    const problem = super.validate();
    if (problem !== null) return problem;
    if (this.editor.draft !== null) return drawStrings.unfinished(this.noun);
    return this.required && this.count === 0 ? drawStrings.nothingDrawn(this.noun) : null;
  }

  protected override get noun(): string {
    return this.format.kind.noun;
  }

  protected override get labelLimit(): number {
    return this.format.labelLimit;
  }

  protected override get currentLabel(): string {
    return this.editor?.label ?? '';
  }

  protected override get count(): number {
    return this.editor?.shapes.length ?? 0;
  }

  protected override get canUndo(): boolean {
    return this.editor?.canUndo ?? false;
  }

  protected override get canRedo(): boolean {
    return this.editor?.canRedo ?? false;
  }

  protected override setUp(stage: Stage): PointerTool {
    this.editor = new ShapeEditor(this.format.kind, this.listener());
    this.pointer = new ShapePointer(this.editor, stage.view);
    this.addPictureLayer(stage);
    this.layers = new ShapeLayers(
      stage,
      this.editor,
      this.pointer,
      (label) => this.colorOf(label),
      () => this.size !== null,
    );
    return this.pointer;
  }

  private listener(): EditorListener {
    return {
      changed: () => {
        this.touched = true;
        this.changed();
      },
      shown: () => this.shown(),
      say: (text) => this.say(text),
    };
  }

  /** Repaints; renders the page again only when a button or the list looks different, not for each step of a drag. */
  private shown(): void {
    this.layers?.repaint();
    const { selected, draft, label, canUndo, canRedo } = this.editor;
    const look = JSON.stringify([selected, draft === null, label, canUndo, canRedo]);
    if (look !== this.rendered) this.requestUpdate();
    this.rendered = look;
  }

  protected override begin(size: Size, isNewSource: boolean): void {
    this.editor.picture = size;
    if (isNewSource) this.touched = false;
    if (this.touched && this.awaiting === undefined) return;
    this.editor.reset(this.initialValue === undefined ? [] : this.readShapes(this.initialValue));
    if (this.initialValue !== undefined) this.rememberInitial();
    if (this.awaiting !== undefined) this.value = this.awaiting;
    this.awaiting = undefined;
  }

  /** The shapes of an output or of an initial value: a list, or an object that holds it. */
  private readShapes(value: unknown): Shape[] {
    const { list, kind } = this.format;
    const items = Array.isArray(value) ? value : (value as Fields | null)?.[list];
    if (!Array.isArray(items)) {
      this.notice(drawStrings.badInitial(this.localName, `[…] or {"${list}": […]}`));
      return [];
    }
    return items.flatMap((item: unknown, index) => {
      const shape = this.readShape(item);
      if (typeof shape !== 'string') return [shape];
      this.notice(drawStrings.initialShape(kind.noun, index + 1, shape));
      return [];
    });
  }

  /** A shape, or the reason why it is none. */
  private readShape(item: unknown): Shape | string {
    const fields = (item ?? {}) as Fields;
    const label = String(fields['label'] ?? '');
    if (this.labels.length > 0 && !this.usedLabels.includes(label)) return drawStrings.unknownLabel(label);
    const points = this.format.read(fields)?.map((point) => snapToPicture(point, this.editor.room));
    if (points === undefined || !this.format.kind.complete(points)) return drawStrings.badPoints;
    return { label, points };
  }

  protected override undo(): void {
    this.editor.undo();
  }

  protected override redo(): void {
    this.editor.redo();
  }

  protected override chooseLabel(label: string): void {
    this.editor.chooseLabel(label);
  }

  protected override commands(): readonly KeyCommand[] {
    return shapeCommands(this.editor, {
      guard: (change) => this.guard(change),
      reveal: (point) => this.stage.view.reveal(point),
      repaint: () => this.stage.repaint(),
      hold: () => this.holdToPan(),
    });
  }

  protected override renderTools(): TemplateResult {
    const editor: ShapeEditor | undefined = this.editor;
    const drawing = editor?.draft !== null && editor !== undefined;
    const chosen = editor?.selected !== null && editor !== undefined;
    return html`
      ${
        drawing && this.format.kind.mostPoints === Infinity
          ? this.tool(drawStrings.finish, () => editor.finish(), { enabled: editor.placed >= editor.kind.leastPoints })
          : nothing
      }
      ${this.tool(drawStrings.remove, () => editor?.remove(), { enabled: chosen || drawing })}
      ${this.tool(drawStrings.duplicate, () => editor?.duplicate(), { enabled: chosen })}
    `;
  }

  protected override renderList(): TemplateResult {
    const shapes = this.editor?.shapes ?? [];
    const { kind } = this.format;
    return renderShapeList({
      noun: kind.noun,
      entries: shapes.map((shape, index) => ({
        text: kind.describe(shape, index + 1),
        color: this.colorOf(shape.label),
      })),
      selected: this.editor?.selected ?? null,
      select: (index) => {
        this.editor.select(index);
        this.reveal(this.editor.shapes[index]!.points);
      },
      step: (step) => this.editor.selectNext(step),
    });
  }

  private reveal(points: readonly Point[]): void {
    const { left, top, width, height } = boundsOf(points);
    this.stage.view.reveal({ x: left + width / 2, y: top + height / 2 });
    this.stage.repaint();
  }
}
