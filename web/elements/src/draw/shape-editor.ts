import { add, type Point, samePoint, type Size, snapToPicture, stretchCorner, translateInside } from './geometry.js';
import { History } from './history.js';
import { duplicateShape, type Shape, type ShapeKind } from './shapes.js';
import { drawStrings } from './strings.js';

export interface EditorListener {
  /** The answer changed. */
  changed(): void;
  /** Something else that is visible changed: selection, cursor, a shape under way. */
  shown(): void;
  /** Tells a worker who does not look. */
  say(text: string): void;
}

/**
 * The shapes of one picture and what can be done to them, by whatever hand: pointer, keys, buttons and scripts all call
 * these methods. Every shape has whole coordinates inside the picture and a size.
 */
export class ShapeEditor {
  readonly kind: ShapeKind;
  picture: Size = { width: 1, height: 1 };
  /** The label of the next shape. */
  label = '';
  #history = new History<readonly Shape[]>([]);
  #listener: EditorListener;
  #selected: number | null = null;
  #handle: number | null = null;
  #draft: readonly Point[] | null = null;
  #loose: Point | null = null;
  #moved: Shape | null = null;
  /** The selected shape was drawn just now: a label chosen next is meant for the next shape. */
  #fresh = false;
  #cursor: Point | null = null;

  constructor(kind: ShapeKind, listener: EditorListener) {
    this.kind = kind;
    this.#listener = listener;
  }

  /** The finished shapes, with the one that is being dragged where it is now. */
  get shapes(): readonly Shape[] {
    const shapes = this.#history.present;
    const moved = this.#moved;
    return moved === null ? shapes : shapes.map((shape, index) => (index === this.#selected ? moved : shape));
  }

  /** The finished shapes as they were before the drag under way; the same list as long as nothing is finished. */
  get still(): readonly Shape[] {
    return this.#history.present;
  }

  get selected(): number | null {
    return this.#selected;
  }

  get selectedShape(): Shape | null {
    return this.#moved ?? (this.#selected === null ? null : (this.#history.present[this.#selected] ?? null));
  }

  /** The handle of the selected shape that the arrow keys move. */
  get handle(): number | null {
    return this.#handle;
  }

  /** The keyboard's place in the picture; null until it is first used. */
  get cursor(): Point | null {
    return this.#cursor;
  }

  /** The points of the shape that is being drawn, with the one that still follows the hand; null: none. */
  get draft(): readonly Point[] | null {
    if (this.#draft === null) return null;
    return this.#loose === null ? this.#draft : [...this.#draft, this.#loose];
  }

  /** How many points of the draft stay where they are. */
  get placed(): number {
    return this.#draft?.length ?? 0;
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /** Coarse steps with Shift: 10 pixels, or a hundredth of a large picture. */
  get coarseStep(): number {
    return Math.max(10, Math.ceil(Math.max(this.picture.width, this.picture.height) / 100));
  }

  /** The largest coordinates a point may have. */
  get room(): Size {
    const { inset } = this.kind;
    return { width: this.picture.width - inset, height: this.picture.height - inset };
  }

  /** Starts anew with these shapes; nothing of before can be undone. */
  reset(shapes: readonly Shape[]): void {
    this.#history.reset(shapes);
    this.#forget();
    this.#listener.shown();
  }

  // --- drawing ---

  begin(point: Point): void {
    this.#deselect();
    this.#draft = [this.snap(point)];
    this.#listener.say(drawStrings.begun(this.kind.noun, this.#draft[0]!));
    if (this.kind.mostPoints === 1) return this.finish();
    this.#listener.shown();
  }

  /** The point that follows the hand moves. */
  stretch(point: Point): void {
    if (this.#draft === null) return;
    this.#loose = this.snap(point);
    this.#listener.shown();
  }

  /** Adds a point to the shape under way; the last possible one finishes it. */
  place(point: Point): void {
    if (this.#draft === null) return this.begin(point);
    const snapped = this.snap(point);
    this.#loose = null;
    this.#draft = [...this.#draft, snapped];
    if (this.#draft.length >= this.kind.mostPoints) return this.finish();
    this.#listener.say(drawStrings.pointAdded(this.#draft.length, snapped));
    this.#listener.shown();
  }

  /** Keeps the shape under way and selects it; one without a size is dropped (two-point kinds) or waits for more points. */
  finish(): void {
    if (this.#draft === null) return;
    const points = this.kind.fromPlaced(this.#draft);
    if (!this.kind.complete(points)) return this.#refuse();
    const shape = { label: this.label, points };
    this.#draft = this.#loose = null;
    this.#commit([...this.#history.present, shape]);
    this.#selected = this.#history.present.length - 1;
    this.#fresh = true;
    this.#listener.say(drawStrings.added(this.#describe(this.#selected)));
    this.#listener.shown();
  }

  #refuse(): void {
    this.#listener.say(drawStrings.tooSmall(this.kind.noun));
    if (this.kind.mostPoints === 2 && this.#draft!.length === 2) this.#draft = this.#draft!.slice(0, 1);
    this.#listener.shown();
  }

  /** Leaves the drag or the shape under way; else selects nothing. */
  cancel(): void {
    const busy = this.#draft !== null || this.#moved !== null;
    this.#draft = this.#loose = this.#moved = null;
    if (busy) this.#listener.say(drawStrings.cancelled);
    else this.#deselect();
    this.#listener.shown();
  }

  // --- selection ---

  select(index: number | null): void {
    this.#deselect();
    this.#selected = index;
    const shape = this.selectedShape;
    if (shape !== null) this.label = shape.label;
    if (index !== null) this.#listener.say(this.#describe(index));
    this.#listener.shown();
  }

  selectNext(step: 1 | -1): void {
    const count = this.#history.present.length;
    if (count === 0 || this.#draft !== null) return;
    const start = this.#selected ?? (step === 1 ? -1 : count);
    this.select((start + step + count) % count);
  }

  pickNextHandle(step: 1 | -1): void {
    const shape = this.selectedShape;
    if (shape === null) return;
    const count = this.kind.handles(shape.points).length;
    this.pickHandle(((this.#handle ?? (step === 1 ? -1 : 0)) + step + count) % count);
  }

  /** The arrow keys and Delete now mean this handle of the selected shape. */
  pickHandle(index: number): void {
    const handles = this.kind.handles(this.selectedShape!.points);
    this.#handle = index;
    this.#listener.say(drawStrings.handleAt(index + 1, handles.length, this.snap(handles[index]!)));
    this.#listener.shown();
  }

  // --- changing the selected shape ---

  /** Shows the selected shape with these points until `drop()` or `cancel()`. */
  drag(points: readonly Point[]): void {
    const shape = this.selectedShape;
    if (shape === null) return;
    this.#moved = { ...shape, points };
    this.#listener.shown();
  }

  drop(): void {
    const moved = this.#moved;
    this.#moved = this.#handle = null;
    if (moved !== null && this.kind.complete(moved.points)) this.#replace(moved);
    this.#listener.shown();
  }

  /** One arrow key: moves the picked handle, the selected shape, or the cursor. */
  nudge(step: Point): void {
    const shape = this.selectedShape;
    if (shape === null || this.#draft !== null) return this.moveCursor(step);
    const handle = this.#handle;
    const points =
      handle === null
        ? translateInside(shape.points, step, this.room)
        : this.kind.moveHandle(shape.points, handle, this.snap(add(this.kind.handles(shape.points)[handle]!, step)));
    this.#adjust(points, `nudge ${this.#selected} ${handle}`);
  }

  /** Moves the lower right corner of the selected shape; what is not a box is scaled. It keeps at least one pixel. */
  resize(step: Point): void {
    const shape = this.selectedShape;
    if (shape === null || this.kind.mostPoints === 1) return;
    const points = stretchCorner(shape.points, step, this.room);
    this.#adjust(points, `resize ${this.#selected}`);
  }

  /** Adds a point in the middle of the side after the picked one, or on side `side` at `point`. */
  insert(side = this.#handle ?? 0, point?: Point): void {
    const shape = this.selectedShape;
    if (shape === null || this.kind.mostPoints !== Infinity) return;
    const after = shape.points[(side + 1) % shape.points.length]!;
    const before = shape.points[side]!;
    const middle = this.snap(point ?? { x: (before.x + after.x) / 2, y: (before.y + after.y) / 2 });
    this.#replace({ ...shape, points: [...shape.points.slice(0, side + 1), middle, ...shape.points.slice(side + 1)] });
    this.#handle = side + 1;
    this.#listener.shown();
  }

  /** The label of the next shapes, and of the one that the worker selected. One just drawn keeps its label. */
  chooseLabel(label: string): void {
    this.label = label;
    if (this.#fresh) this.#deselect();
    this.#listener.say(drawStrings.labelChosen(label));
    const shape = this.selectedShape;
    if (shape !== null && this.#draft === null && shape.label !== label) this.#replace({ ...shape, label });
    this.#listener.shown();
  }

  /** Deletes the last placed point of the draft, the picked point, or the selected shape. */
  remove(): void {
    if (this.#draft !== null) return this.#removeLastPlaced();
    const shape = this.selectedShape;
    if (shape === null) return;
    const points = shape.points.filter((_, index) => index !== this.#handle);
    if (this.kind.mostPoints === Infinity && this.#handle !== null && this.kind.complete(points)) {
      this.#handle = null;
      this.#replace({ ...shape, points });
    } else {
      this.#removeShape(this.#selected!);
    }
    this.#listener.shown();
  }

  duplicate(): void {
    const shape = this.selectedShape;
    if (shape === null) return;
    const copy = duplicateShape(shape, this.coarseStep, this.room);
    this.#commit([...this.#history.present, copy]);
    this.select(this.#history.present.length - 1);
  }

  undo(): void {
    if (this.#draft !== null) return this.#removeLastPlaced();
    this.#travel(this.#history.undo(), drawStrings.undone, drawStrings.nothingToUndo);
  }

  redo(): void {
    this.#travel(this.#history.redo(), drawStrings.redone, drawStrings.nothingToRedo);
  }

  // --- the keyboard's cursor ---

  /** Brings the cursor to a point, by default the middle of the picture if it has no place yet. */
  putCursor(point: Point): void {
    this.#cursor = this.snap(point);
    if (this.#draft !== null) this.#loose = this.#cursor;
    this.#listener.shown();
  }

  moveCursor(step: Point): void {
    this.putCursor(this.#cursor === null ? this.#middle() : add(this.#cursor, step));
    this.#listener.say(drawStrings.cursorAt(this.#cursor!));
  }

  /** Enter: places a point at the cursor; at the place of the last point it finishes the shape. */
  placeAtCursor(): void {
    const cursor = this.#cursor;
    if (cursor === null) return this.moveCursor({ x: 0, y: 0 });
    const last = this.#draft?.at(-1);
    if (last !== undefined && samePoint(last, cursor)) return this.finish();
    this.place(cursor);
    if (this.#draft === null && this.kind.mostPoints === 1) this.#deselect();
  }

  #adjust(points: readonly Point[], series: string): void {
    const shape = this.selectedShape!;
    if (!this.kind.complete(points)) return this.#listener.say(drawStrings.tooSmall(this.kind.noun));
    this.#replace({ ...shape, points }, series);
    this.#listener.say(this.#describe(this.#selected!));
    this.#listener.shown();
  }

  #replace(shape: Shape, series: string | null = null): void {
    const shapes = this.#history.present.map((other, index) => (index === this.#selected ? shape : other));
    this.#commit(shapes, series);
  }

  #removeShape(index: number): void {
    this.#listener.say(drawStrings.removed(this.#describe(index)));
    this.#deselect();
    this.#commit(this.#history.present.filter((_, other) => other !== index));
  }

  #removeLastPlaced(): void {
    this.#draft = this.#draft!.slice(0, -1);
    if (this.#draft.length === 0) this.#draft = this.#loose = null;
    this.#listener.shown();
  }

  #travel(moved: boolean, done: string, nothing: string): void {
    this.#listener.say(moved ? done : nothing);
    if (!moved) return;
    this.#forget();
    this.#listener.changed();
    this.#listener.shown();
  }

  #commit(shapes: readonly Shape[], series: string | null = null): void {
    this.#history.record(shapes, series);
    this.#listener.changed();
  }

  #deselect(): void {
    this.#selected = this.#handle = null;
    this.#fresh = false;
  }

  #forget(): void {
    this.#deselect();
    this.#draft = this.#loose = this.#moved = null;
  }

  #describe(index: number): string {
    return this.kind.describe(this.#history.present[index]!, index + 1);
  }

  #middle(): Point {
    return { x: this.picture.width / 2, y: this.picture.height / 2 };
  }

  /** The nearest point that a shape may have. */
  snap(point: Point): Point {
    return snapToPicture(point, this.room);
  }
}
