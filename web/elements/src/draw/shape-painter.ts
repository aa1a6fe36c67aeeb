import { readableOn } from './colors.js';
import { boundsOf, type Point, rectanglesMeet } from './geometry.js';
import type { ShapeEditor } from './shape-editor.js';
import type { Shape, ShapeKind } from './shapes.js';
import type { View } from './view.js';

const LINE = 2;
const HANDLE = 4;
/** Screen pixels; smaller shapes get no name, and nobody can read more names than this at once. */
const NAMED_WIDTH = 40;
const MOST_NAMES = 150;
const FONT = '600 12px system-ui, sans-serif';

export interface ShapeStyle {
  /** `#rrggbb` of a label. */
  color(label: string): string;
  /** The shape whose outline is under the pointer. */
  readonly hovered: number | null;
  /** Paints the cursor of the keyboard. */
  readonly showCursor: boolean;
}

/** Paints the shapes in view that stay as they are: all but the selected one. */
export function paintStill(
  context: CanvasRenderingContext2D,
  view: View,
  editor: ShapeEditor,
  style: ShapeStyle,
): void {
  const { kind, still, selected } = editor;
  const seen = visibleShapes(still, view).filter((index) => index !== selected);
  for (const index of seen) {
    paintShape(context, view, kind, still[index]!, style.color(still[index]!.label), index === style.hovered);
  }
  if (seen.length <= MOST_NAMES) for (const index of seen) paintName(context, view, still[index]!, style);
}

/** Paints what moves with the hand: the selected shape, the one being drawn, the keyboard's cursor. */
export function paintLive(context: CanvasRenderingContext2D, view: View, editor: ShapeEditor, style: ShapeStyle): void {
  paintSelected(context, view, editor, style);
  paintDraft(context, view, editor, style);
  if (style.showCursor && editor.cursor !== null) paintCross(context, view.toScreen(editor.cursor), view);
}

function visibleShapes(shapes: readonly Shape[], view: View): number[] {
  const { visible } = view;
  const seen: number[] = [];
  shapes.forEach((shape, index) => {
    if (rectanglesMeet(boundsOf(shape.points), visible)) seen.push(index);
  });
  return seen;
}

export function paintShape(
  context: CanvasRenderingContext2D,
  view: View,
  kind: ShapeKind,
  shape: Shape,
  color: string,
  strong: boolean,
): void {
  const outline = kind.outline(shape.points).map((point) => view.toScreen(point));
  context.strokeStyle = color;
  context.fillStyle = color;
  context.lineWidth = strong ? LINE * 2 : LINE;
  if (outline.length === 1) return paintDot(context, outline[0]!, strong ? 7 : 5);
  if (kind.closed && kind.mostPoints === 2) return paintBox(context, outline[0]!, outline[2]!, strong);
  trace(context, outline, kind.closed);
  if (kind.closed) fillFaintly(context, strong);
  context.stroke();
}

/** Rectangles by the rectangle calls: several times faster than paths, which counts with 1,000 of them. */
function paintBox(context: CanvasRenderingContext2D, from: Point, to: Point, strong: boolean): void {
  const width = to.x - from.x;
  const height = to.y - from.y;
  context.globalAlpha = strong ? 0.25 : 0.12;
  context.fillRect(from.x, from.y, width, height);
  context.globalAlpha = 1;
  context.strokeRect(from.x, from.y, width, height);
}

function fillFaintly(context: CanvasRenderingContext2D, strong: boolean): void {
  context.globalAlpha = strong ? 0.25 : 0.12;
  context.fill();
  context.globalAlpha = 1;
}

function paintDot(context: CanvasRenderingContext2D, { x, y }: Point, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, Math.PI * 2);
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = '#ffffff';
  context.stroke();
}

export function trace(context: CanvasRenderingContext2D, path: readonly Point[], closed: boolean): void {
  context.beginPath();
  path.forEach(({ x, y }, index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  if (closed) context.closePath();
}

/** The label at the shape's top left corner, on its colour. */
function paintName(context: CanvasRenderingContext2D, view: View, shape: Shape, style: ShapeStyle): void {
  const bounds = boundsOf(shape.points);
  if (shape.points.length > 1 && bounds.width * view.scale < NAMED_WIDTH) return;
  const corner = view.toScreen({ x: bounds.left, y: bounds.top });
  const shift = shape.points.length === 1 ? 9 : -1;
  const color = style.color(shape.label);
  context.font = FONT;
  context.textBaseline = 'middle';
  const width = context.measureText(shape.label).width + 8;
  const top = Math.max(corner.y - 17, 0);
  context.fillStyle = color;
  context.fillRect(corner.x + shift, top, width, 16);
  context.fillStyle = readableOn(color);
  context.fillText(shape.label, corner.x + shift + 4, top + 8.5);
}

function paintSelected(context: CanvasRenderingContext2D, view: View, editor: ShapeEditor, style: ShapeStyle): void {
  const shape = editor.selectedShape;
  if (shape === null) return;
  const outline = editor.kind.outline(shape.points).map((point) => view.toScreen(point));
  // A white seam under the coloured line keeps the selection visible on any picture.
  trace(context, outline, editor.kind.closed);
  context.strokeStyle = '#ffffff';
  context.lineWidth = LINE + 4;
  context.stroke();
  paintShape(context, view, editor.kind, shape, style.color(shape.label), true);
  paintName(context, view, shape, style);
  editor.kind.handles(shape.points).forEach((handle, index) => {
    paintHandle(context, view.toScreen(handle), index === editor.handle);
  });
}

export function paintHandle(context: CanvasRenderingContext2D, { x, y }: Point, picked: boolean): void {
  const half = picked ? HANDLE + 3 : HANDLE;
  context.fillStyle = picked ? '#ffd400' : '#ffffff';
  context.strokeStyle = '#000000';
  context.lineWidth = 1.5;
  context.fillRect(x - half, y - half, half * 2, half * 2);
  context.strokeRect(x - half, y - half, half * 2, half * 2);
}

function paintDraft(context: CanvasRenderingContext2D, view: View, editor: ShapeEditor, style: ShapeStyle): void {
  const { draft, kind } = editor;
  if (draft === null) return;
  const points = draft.length === 2 ? kind.fromPlaced(draft) : draft;
  const path = points.length > 1 ? kind.outline(points) : points;
  const closed = kind.closed && kind.mostPoints === 2;
  paintOpenPath(
    context,
    path.map((point) => view.toScreen(point)),
    style.color(editor.label),
    closed,
  );
  draft.slice(0, editor.placed).forEach((point) => paintHandle(context, view.toScreen(point), false));
}

export function paintOpenPath(
  context: CanvasRenderingContext2D,
  path: readonly Point[],
  color: string,
  closed: boolean,
): void {
  trace(context, path, closed);
  context.strokeStyle = '#ffffff';
  context.lineWidth = LINE + 2;
  context.stroke();
  context.strokeStyle = color;
  context.lineWidth = LINE;
  context.setLineDash([6, 4]);
  context.stroke();
  context.setLineDash([]);
}

/** A cross of two tones, seen on light and dark pictures, with faint lines to the edges. */
export function paintCross(context: CanvasRenderingContext2D, { x, y }: Point, view: View): void {
  const { width, height } = view.stage;
  const stroke = (color: string, thickness: number, reach: number): void => {
    context.strokeStyle = color;
    context.lineWidth = thickness;
    context.beginPath();
    context.moveTo(Math.max(x - reach, 0), y);
    context.lineTo(Math.min(x + reach, width), y);
    context.moveTo(x, Math.max(y - reach, 0));
    context.lineTo(x, Math.min(y + reach, height));
    context.stroke();
  };
  stroke('rgb(255 255 255 / 45%)', 1, Math.max(width, height));
  stroke('#000000', 5, 14);
  stroke('#ffffff', 2, 13);
}
