// The kinds of shapes. A shape is a label and points; what the points mean is the kind's business, so that one editor,
// one painter and one list serve them all.
import {
  boundsOf,
  clamp,
  distance,
  distanceToPath,
  insidePolygon,
  type Point,
  rectangleBetween,
  samePoint,
  type Size,
} from './geometry.js';
import { drawStrings } from './strings.js';

export interface Shape {
  readonly label: string;
  /** Whole picture pixels. */
  readonly points: readonly Point[];
}

export interface ShapeKind {
  /** What workers call it. */
  readonly noun: string;
  readonly leastPoints: number;
  /** After so many points a shape is finished by itself. */
  readonly mostPoints: number;
  /** Whether the last point is joined to the first, and the inside belongs to the shape. */
  readonly closed: boolean;
  /** 1 where a point names a pixel (the last one is width - 1), 0 where it lies on the edges between pixels. */
  readonly inset: 0 | 1;
  /** The points of a shape from the points as they were placed. */
  fromPlaced(points: readonly Point[]): readonly Point[];
  /** The points that a worker can drag. */
  handles(points: readonly Point[]): readonly Point[];
  /** The shape's points once handle `index` is at `to`. */
  moveHandle(points: readonly Point[], index: number, to: Point): readonly Point[];
  /** The corners of what is painted. */
  outline(points: readonly Point[]): readonly Point[];
  /** Whether the points make a shape worth keeping. */
  complete(points: readonly Point[]): boolean;
  describe(shape: Shape, number: number): string;
}

/** Corners and middles of sides, clockwise from the top left: which of left/right and top/bottom each one moves. */
const BOX_HANDLES: readonly { x: 0 | 0.5 | 1; y: 0 | 0.5 | 1 }[] = [
  { x: 0, y: 0 },
  { x: 0.5, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 0.5 },
  { x: 1, y: 1 },
  { x: 0.5, y: 1 },
  { x: 0, y: 1 },
  { x: 0, y: 0.5 },
];

/** A box's points are its top-left and its bottom-right corner. */
export const box: ShapeKind = {
  noun: 'box',
  leastPoints: 2,
  mostPoints: 2,
  closed: true,
  inset: 0,
  fromPlaced: (points) => (points.length === 2 ? boxPoints(points[0]!, points[1]!) : points),
  handles(points) {
    const { left, top, width, height } = boundsOf(points);
    return BOX_HANDLES.map(({ x, y }) => ({ x: left + width * x, y: top + height * y }));
  },
  moveHandle(points, index, to) {
    const { left, top, width, height } = boundsOf(points);
    const { x, y } = BOX_HANDLES[index]!;
    return boxPoints(
      { x: x === 0 ? to.x : left, y: y === 0 ? to.y : top },
      { x: x === 1 ? to.x : left + width, y: y === 1 ? to.y : top + height },
    );
  },
  outline(points) {
    const { left, top, width, height } = boundsOf(points);
    return [
      { x: left, y: top },
      { x: left + width, y: top },
      { x: left + width, y: top + height },
      { x: left, y: top + height },
    ];
  },
  complete: (points) => points.length === 2 && points[0]!.x !== points[1]!.x && points[0]!.y !== points[1]!.y,
  describe: (shape, number) => drawStrings.box(number, shape.label, boundsOf(shape.points)),
};

/** The two points of the box between any two opposite corners. */
export function boxPoints(a: Point, b: Point): Point[] {
  const { left, top, width, height } = rectangleBetween(a, b);
  return [
    { x: left, y: top },
    { x: left + width, y: top + height },
  ];
}

const alongPath = {
  inset: 0 as const,
  fromPlaced: (points: readonly Point[]) => points,
  handles: (points: readonly Point[]) => points,
  outline: (points: readonly Point[]) => points,
  moveHandle: (points: readonly Point[], index: number, to: Point) =>
    points.map((point, position) => (position === index ? to : point)),
};

const describePath =
  (noun: string) =>
  (shape: Shape, number: number): string =>
    drawStrings.path(noun, number, shape.label, shape.points.length, boundsOf(shape.points));

export const polygon: ShapeKind = {
  ...alongPath,
  noun: 'polygon',
  leastPoints: 3,
  mostPoints: Infinity,
  closed: true,
  complete: (points) => points.length >= 3,
  describe: describePath('polygon'),
};

export const polyline: ShapeKind = {
  ...alongPath,
  noun: 'polyline',
  leastPoints: 2,
  mostPoints: Infinity,
  closed: false,
  complete: (points) => points.length >= 2 && points.some((point) => !samePoint(point, points[0]!)),
  describe: describePath('polyline'),
};

export const line: ShapeKind = {
  ...alongPath,
  noun: 'line',
  leastPoints: 2,
  mostPoints: 2,
  closed: false,
  complete: (points) => points.length === 2 && !samePoint(points[0]!, points[1]!),
  describe: (shape, number) => drawStrings.line(number, shape.label, shape.points[0]!, shape.points[1]!),
};

export const keypoint: ShapeKind = {
  ...alongPath,
  noun: 'point',
  inset: 1,
  leastPoints: 1,
  mostPoints: 1,
  closed: false,
  complete: (points) => points.length === 1,
  describe: (shape, number) => drawStrings.keypoint(number, shape.label, shape.points[0]!),
};

/** What of the shape lies under the point: its outline within `tolerance` picture pixels, its inside, or nothing. */
export function partAt(kind: ShapeKind, shape: Shape, point: Point, tolerance: number): 'outline' | 'inside' | null {
  const outline = kind.outline(shape.points);
  const away = outline.length === 1 ? distance(point, outline[0]!) : distanceToPath(point, outline, kind.closed);
  if (away <= tolerance) return 'outline';
  return kind.closed && insidePolygon(point, outline) ? 'inside' : null;
}

/** The index of the nearest handle within `tolerance`, or null. */
export function handleAt(handles: readonly Point[], point: Point, tolerance: number): number | null {
  let nearest: number | null = null;
  let least = tolerance;
  handles.forEach((handle, index) => {
    const away = distance(handle, point);
    if (away > least) return;
    least = away;
    nearest = index;
  });
  return nearest;
}

/**
 * Finds the shape under the point: outlines before insides, of several the smallest inside, of equals the topmost.
 *
 * Linear in the number of shapes, with one comparison of rectangles for each that is elsewhere: 1,000 boxes take some
 * tens of microseconds.
 */
export function shapeAt(
  kind: ShapeKind,
  shapes: readonly Shape[],
  point: Point,
  tolerance: number,
): { index: number; part: 'outline' | 'inside' } | null {
  let found: { index: number; part: 'outline' | 'inside'; area: number } | null = null;
  for (let index = shapes.length - 1; index >= 0; index -= 1) {
    const shape = shapes[index]!;
    const bounds = boundsOf(shape.points);
    if (clamp(point.x, bounds.left - tolerance, bounds.left + bounds.width + tolerance) !== point.x) continue;
    if (clamp(point.y, bounds.top - tolerance, bounds.top + bounds.height + tolerance) !== point.y) continue;
    const part = partAt(kind, shape, point, tolerance);
    const area = bounds.width * bounds.height;
    if (part === 'outline') return { index, part };
    if (part === 'inside' && (found === null || area < found.area)) found = { index, part, area };
  }
  return found && { index: found.index, part: found.part };
}

/** A copy a little to the side, on the other side when there is no room. */
export function duplicateShape(shape: Shape, step: number, picture: Size): Shape {
  const { left, top, width, height } = boundsOf(shape.points);
  const x = left + width + step <= picture.width ? step : -Math.min(step, left);
  const y = top + height + step <= picture.height ? step : -Math.min(step, top);
  return { ...shape, points: shape.points.map((point) => ({ x: point.x + x, y: point.y + y })) };
}
