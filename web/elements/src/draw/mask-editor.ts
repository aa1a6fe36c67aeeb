import { add, clamp, distance, type Point, samePoint, type Size } from './geometry.js';
import type { PointerTool } from './gestures.js';
import { Mask, type PaintClass } from './mask.js';
import type { EditorListener } from './shape-editor.js';
import { drawStrings } from './strings.js';
import type { View } from './view.js';

export type MaskTool = 'brush' | 'eraser' | 'area';

/** Brush sizes in picture pixels. */
const SIZES = { least: 1, most: 400, first: 20 } as const;
/** Screen pixels. */
const CLICK = 4;
const CLOSE = 10;

/**
 * Paints a mask with brush, eraser and filled areas, by pointer and by keyboard. The keyboard has a brush of its own at
 * `cursor`, which Enter lowers and lifts.
 */
export class MaskEditor implements PointerTool {
  mask = new Mask({ width: 1, height: 1 });
  #listener: EditorListener;
  #view: View;
  #tool: MaskTool = 'brush';
  #size: number = SIZES.first;
  #index = 0;
  #outline: readonly Point[] | null = null;
  #last: Point | null = null;
  #start: Point = { x: 0, y: 0 };
  #painting: 'pointer' | 'keyboard' | null = null;
  #traced = false;
  #cursor: Point | null = null;
  #hover: Point | null = null;
  /** Gives the class to paint with, making one if there is none yet; 0: none to be had. */
  ensureClass: () => number = () => this.#index;

  constructor(view: View, listener: EditorListener) {
    this.#view = view;
    this.#listener = listener;
  }

  /** Begins with an empty mask of the picture's size. */
  open(picture: Size): Mask {
    this.mask = new Mask(picture);
    this.#size = clamp(Math.round(Math.max(picture.width, picture.height) / 40), SIZES.least, SIZES.most);
    this.#outline = this.#painting = this.#last = this.#cursor = null;
    return this.mask;
  }

  get tool(): MaskTool {
    return this.#tool;
  }

  get size(): number {
    return this.#size;
  }

  /** The class painted with: n for `mask.classes[n - 1]`, 0 for none. */
  get index(): number {
    return this.#index;
  }

  get currentClass(): PaintClass | null {
    return this.mask.classes[this.#index - 1] ?? null;
  }

  /** The corners of the area under way. */
  get outline(): readonly Point[] | null {
    return this.#outline;
  }

  get cursor(): Point | null {
    return this.#cursor;
  }

  /** Where the brush would paint: under the mouse, else at the keyboard's cursor. */
  get brushAt(): Point | null {
    return this.#hover ?? this.#cursor;
  }

  /** A stroke or an area is under way. */
  get busy(): boolean {
    return this.#painting !== null || this.#outline !== null;
  }

  get coarseStep(): number {
    return Math.max(10, Math.ceil(Math.max(this.mask.width, this.mask.height) / 100));
  }

  chooseTool(tool: MaskTool): void {
    this.#settle();
    this.#tool = tool;
    this.#outline = null;
    this.#listener.say(drawStrings.toolChosen(drawStrings[tool === 'area' ? 'fill' : tool]));
    this.#listener.shown();
  }

  chooseSize(size: number): void {
    this.#size = clamp(Math.round(size), SIZES.least, SIZES.most);
    this.#listener.say(drawStrings.sizeChosen(this.#size));
    this.#listener.shown();
  }

  /** A fifth smaller or larger, at least one pixel. */
  changeSize(direction: 1 | -1): void {
    this.chooseSize(this.#size + direction * Math.max(1, Math.round(this.#size / 5)));
  }

  chooseIndex(index: number): void {
    this.#settle();
    this.#index = index;
    this.#listener.shown();
  }

  /** As `chooseIndex`, in the middle of a stroke. */
  useIndex(index: number): void {
    this.#index = index;
  }

  undo(): void {
    if (this.#outline !== null) return this.#dropCorner();
    this.#settle();
    this.#travel(this.mask.undo(), drawStrings.undone, drawStrings.nothingToUndo);
  }

  redo(): void {
    this.#settle();
    this.#travel(this.mask.redo(), drawStrings.redone, drawStrings.nothingToRedo);
  }

  /** Takes back the stroke or the area under way. */
  cancel(): void {
    if (this.#painting !== null) this.mask.abandonStep();
    this.#painting = this.#outline = this.#last = null;
    this.#listener.say(drawStrings.cancelled);
    this.#listener.shown();
  }

  /** Runs a change of mask and classes as one step to undo. */
  change(act: () => void): void {
    this.#settle();
    this.mask.beginStep();
    act();
    this.#endStep();
  }

  // --- pointer ---

  press(screen: Point): void {
    this.#start = screen;
    this.#traced = false;
    if (this.#tool === 'area') return;
    this.#settle();
    this.#begin('pointer', this.#view.toPicture(screen));
  }

  drag(screen: Point): void {
    this.#hover = null;
    if (this.#tool === 'area') return this.#lasso(screen);
    if (this.#painting === 'pointer') this.#paintTo(this.#view.toPicture(screen));
  }

  release(screen: Point): void {
    if (this.#tool !== 'area') {
      if (this.#painting === 'pointer') this.#settle();
    } else if (this.#traced) {
      this.finishArea();
    } else {
      this.#corner(this.#view.toPicture(screen), CLOSE / this.#view.scale);
    }
  }

  abandon(): void {
    if (this.#painting === 'pointer') this.cancel();
  }

  hover(screen: Point | null): string {
    this.#hover = screen === null ? null : this.#view.toPicture(screen);
    this.#listener.shown();
    return this.#tool === 'area' ? 'crosshair' : 'none';
  }

  // --- keyboard ---

  moveCursor(step: Point): void {
    const before = this.#cursor ?? { x: this.mask.width / 2, y: this.mask.height / 2 };
    const moved = this.#cursor === null ? before : add(before, step);
    this.#hover = null;
    this.#cursor = {
      x: clamp(Math.round(moved.x), 0, this.mask.width),
      y: clamp(Math.round(moved.y), 0, this.mask.height),
    };
    if (this.#painting === 'keyboard') this.#paintTo(this.#cursor);
    this.#listener.say(drawStrings.cursorAt(this.#cursor));
    this.#listener.shown();
  }

  /** Enter: lowers or lifts the brush, or places a corner of the area. */
  actAtCursor(): void {
    if (this.#cursor === null) return this.moveCursor({ x: 0, y: 0 });
    if (this.#tool === 'area') return this.#corner(this.#cursor, 0);
    if (this.#painting === 'keyboard') {
      this.#settle();
      return this.#listener.say(drawStrings.brushUp);
    }
    this.#begin('keyboard', this.#cursor);
    const label = this.#tool === 'eraser' ? drawStrings.eraser : (this.currentClass?.label ?? '');
    this.#listener.say(drawStrings.brushDown(label));
  }

  finishArea(): void {
    const outline = this.#outline;
    this.#outline = null;
    if (outline !== null && outline.length >= 3) {
      this.change(() => this.mask.fillPolygon(outline, this.ensureClass()));
    }
    this.#listener.shown();
  }

  #begin(by: 'pointer' | 'keyboard', point: Point): void {
    this.mask.beginStep();
    this.#painting = by;
    this.#last = null;
    this.#paintTo(point);
  }

  #paintTo(point: Point): void {
    const index = this.#tool === 'eraser' ? 0 : this.ensureClass();
    if (index === 0 && this.#tool !== 'eraser') return;
    this.mask.stroke(this.#last ?? point, point, this.#size, index);
    this.#last = point;
    this.#listener.shown();
  }

  /** Ends the stroke under way, if any. */
  #settle(): void {
    if (this.#painting === null) return;
    this.#painting = this.#last = null;
    this.#endStep();
  }

  #endStep(): void {
    if (this.mask.endStep()) this.#listener.changed();
    this.#listener.shown();
  }

  /** A drag around an area draws its outline by hand. */
  #lasso(screen: Point): void {
    if (!this.#traced && distance(screen, this.#start) < CLICK) return;
    if (!this.#traced && this.#outline === null) this.#outline = [this.#view.toPicture(this.#start)];
    this.#traced = true;
    const point = this.#view.toPicture(screen);
    const last = this.#outline!.at(-1)!;
    if (distance(last, point) * this.#view.scale >= CLICK / 2) this.#outline = [...this.#outline!, point];
    this.#listener.shown();
  }

  /** Adds a corner; one at the first or the last corner closes the area. */
  #corner(point: Point, reach: number): void {
    const outline = this.#outline ?? [];
    const first = outline[0];
    const last = outline.at(-1);
    const near = (corner: Point | undefined): boolean =>
      corner !== undefined && (samePoint(corner, point) || distance(corner, point) <= reach);
    if (outline.length >= 3 && (near(first) || near(last))) return this.finishArea();
    if (near(last)) return;
    this.#outline = [...outline, point];
    this.#listener.say(drawStrings.pointAdded(outline.length + 1, { x: Math.round(point.x), y: Math.round(point.y) }));
    this.#listener.shown();
  }

  #dropCorner(): void {
    const left = this.#outline!.slice(0, -1);
    this.#outline = left.length === 0 ? null : left;
    this.#listener.shown();
  }

  #travel(moved: boolean, done: string, nothing: string): void {
    this.#listener.say(moved ? done : nothing);
    if (moved) this.#listener.changed();
    this.#listener.shown();
  }
}
