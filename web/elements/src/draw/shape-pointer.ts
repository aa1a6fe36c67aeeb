import { add, distance, nearestSide, type Point, subtract, translateInside } from './geometry.js';
import type { PointerTool } from './gestures.js';
import type { ShapeEditor } from './shape-editor.js';
import { handleAt, partAt, shapeAt } from './shapes.js';
import type { View } from './view.js';

/** How near, in screen pixels, a pointer must come. A finger hides what it points at. */
const REACH = { mouse: 7, pen: 9, touch: 18 } as const;
/** A pointer that moves less far was a click, not a drag. */
const CLICK = 4;

type Grip =
  | { readonly doing: 'handle'; readonly index: number; readonly points: readonly Point[] }
  | { readonly doing: 'move'; readonly points: readonly Point[] }
  | { readonly doing: 'draw' }
  /** A press that becomes a drawing when it moves and a selection when it does not. */
  | { readonly doing: 'undecided'; readonly inside: number | null };

/**
 * Draws and edits by pointer. A press on a handle, an outline or the selected shape takes hold of it; anywhere else it
 * draws, even inside another shape, which a mere click selects.
 */
export class ShapePointer implements PointerTool {
  readonly #editor: ShapeEditor;
  readonly #view: View;
  #grip: Grip | null = null;
  #start: Point = { x: 0, y: 0 };
  /** The outline under the pointer. */
  hovered: number | null = null;

  constructor(editor: ShapeEditor, view: View) {
    this.#editor = editor;
    this.#view = view;
  }

  press(screen: Point, event: PointerEvent): void {
    this.#start = screen;
    this.#grip = this.#editor.draft !== null ? { doing: 'draw' } : this.#take(screen, event);
    if (this.#editor.draft !== null) this.#editor.stretch(this.#view.toPicture(screen));
  }

  drag(screen: Point): void {
    const grip = this.#grip;
    if (grip === null) return;
    const point = this.#view.toPicture(screen);
    if (grip.doing === 'undecided') return this.#decide(screen, point);
    if (grip.doing === 'draw') return this.#editor.stretch(point);
    const step = subtract(point, this.#view.toPicture(this.#start));
    const { kind, room } = this.#editor;
    if (grip.doing === 'move') return this.#editor.drag(translateInside(grip.points, step, room));
    const handle = add(kind.handles(grip.points)[grip.index]!, step);
    this.#editor.drag(kind.moveHandle(grip.points, grip.index, this.#editor.snap(handle)));
  }

  release(screen: Point, event: PointerEvent): void {
    const grip = this.#grip;
    this.#grip = null;
    if (grip === null) return;
    if (grip.doing === 'draw') return this.#endDrawing(screen, event);
    if (grip.doing === 'undecided') return this.#click(screen, grip.inside);
    this.#editor.drop();
    if (grip.doing === 'handle' && distance(screen, this.#start) < CLICK) this.#editor.pickHandle(grip.index);
  }

  abandon(): void {
    const grip = this.#grip;
    this.#grip = null;
    if (grip === null || grip.doing === 'undecided') return;
    // Two fingers on a shape of many points mean a look around, not the loss of the points placed so far.
    if (grip.doing === 'draw' && this.#editor.kind.mostPoints > 2) return;
    this.#editor.cancel();
  }

  hover(screen: Point | null, event: PointerEvent): string {
    if (screen === null) {
      this.hovered = null;
      return '';
    }
    const point = this.#view.toPicture(screen);
    if (this.#editor.draft !== null) this.#editor.stretch(point);
    const reach = this.#reach(event);
    const found = shapeAt(this.#editor.kind, this.#editor.shapes, point, reach);
    this.hovered = found?.part === 'outline' ? found.index : null;
    return this.#overHandle(point, reach) ? 'pointer' : this.#overSelected(point, reach) ? 'move' : 'crosshair';
  }

  #take(screen: Point, event: PointerEvent): Grip {
    const editor = this.#editor;
    const point = this.#view.toPicture(screen);
    const reach = this.#reach(event);
    if (event.shiftKey) return { doing: 'undecided', inside: null };
    const shape = editor.selectedShape;
    if (shape !== null) {
      const index = handleAt(editor.kind.handles(shape.points), point, reach);
      if (index !== null) return { doing: 'handle', index, points: shape.points };
      if (partAt(editor.kind, shape, point, reach) !== null) return this.#takeSelected(point, reach);
    }
    const found = shapeAt(editor.kind, editor.shapes, point, reach);
    if (found?.part !== 'outline') return { doing: 'undecided', inside: found?.index ?? null };
    editor.select(found.index);
    return { doing: 'move', points: editor.selectedShape!.points };
  }

  /** The middle of a side of a selected path gives a new point to drag; anything else of the shape moves it. */
  #takeSelected(point: Point, reach: number): Grip {
    const editor = this.#editor;
    const { points } = editor.selectedShape!;
    if (editor.kind.mostPoints === Infinity) {
      const { index } = nearestSide(point, points, editor.kind.closed);
      const after = points[(index + 1) % points.length]!;
      const middle = { x: (points[index]!.x + after.x) / 2, y: (points[index]!.y + after.y) / 2 };
      if (distance(middle, point) <= reach) {
        editor.insert(index, point);
        return { doing: 'handle', index: index + 1, points: editor.selectedShape!.points };
      }
    }
    return { doing: 'move', points };
  }

  #decide(screen: Point, point: Point): void {
    if (distance(screen, this.#start) < CLICK) return;
    this.#grip = { doing: 'draw' };
    this.#editor.begin(this.#view.toPicture(this.#start));
    this.#editor.stretch(point);
  }

  #click(screen: Point, inside: number | null): void {
    const { kind } = this.#editor;
    if (inside !== null) return this.#editor.select(inside);
    // A box is dragged open; a click beside every box only lets go of the selected one.
    if (kind.closed && kind.mostPoints === 2) return this.#editor.select(null);
    this.#editor.begin(this.#view.toPicture(screen));
  }

  #endDrawing(screen: Point, event: PointerEvent): void {
    const editor = this.#editor;
    const point = this.#view.toPicture(screen);
    const dragged = distance(screen, this.#start) >= CLICK;
    if (editor.draft === null) return;
    if (this.#closes(point, this.#reach(event)) && !dragged) return editor.finish();
    editor.place(point);
    if (editor.kind.mostPoints === 2 && editor.draft !== null && dragged) editor.cancel();
  }

  /** A click on the first or the last point placed (so also a double click) ends a shape of many points. */
  #closes(point: Point, reach: number): boolean {
    const { draft, placed, kind } = this.#editor;
    if (draft === null || kind.mostPoints !== Infinity || placed < kind.leastPoints) return false;
    const first = draft[0]!;
    const last = draft[placed - 1]!;
    return (kind.closed && distance(first, point) <= reach) || distance(last, point) <= reach;
  }

  #overHandle(point: Point, reach: number): boolean {
    const shape = this.#editor.selectedShape;
    return shape !== null && handleAt(this.#editor.kind.handles(shape.points), point, reach) !== null;
  }

  #overSelected(point: Point, reach: number): boolean {
    const shape = this.#editor.selectedShape;
    return (shape !== null && partAt(this.#editor.kind, shape, point, reach) !== null) || this.hovered !== null;
  }

  /** In picture pixels. */
  #reach(event: PointerEvent): number {
    return REACH[event.pointerType as keyof typeof REACH] / this.#view.scale || REACH.mouse / this.#view.scale;
  }
}
