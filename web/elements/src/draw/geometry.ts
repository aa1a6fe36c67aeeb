// Points, rectangles and paths in the plane. Every coordinate is in pixels of the original picture unless a name says
// "screen"; the origin is the picture's top-left corner, x grows to the right and y downwards.

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rectangle extends Size {
  readonly left: number;
  readonly top: number;
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

export function add(a: Point, b: Point): Point {
  return { x: a.x + b.x, y: a.y + b.y };
}

export function subtract(a: Point, b: Point): Point {
  return { x: a.x - b.x, y: a.y - b.y };
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function samePoint(a: Point, b: Point): boolean {
  return a.x === b.x && a.y === b.y;
}

/** The nearest whole pixel inside the picture; its far edges (x = width, y = height) count as inside. */
export function snapToPicture(point: Point, picture: Size): Point {
  return {
    x: clamp(Math.round(point.x), 0, picture.width),
    y: clamp(Math.round(point.y), 0, picture.height),
  };
}

/** The rectangle between two opposite corners, given in any order. */
export function rectangleBetween(a: Point, b: Point): Rectangle {
  const left = Math.min(a.x, b.x);
  const top = Math.min(a.y, b.y);
  return { left, top, width: Math.max(a.x, b.x) - left, height: Math.max(a.y, b.y) - top };
}

/** The smallest rectangle around the points. `points` must not be empty. */
export function boundsOf(points: readonly Point[]): Rectangle {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  return rectangleBetween({ x: Math.min(...xs), y: Math.min(...ys) }, { x: Math.max(...xs), y: Math.max(...ys) });
}

export function insideRectangle(point: Point, rectangle: Rectangle, margin = 0): boolean {
  return (
    point.x >= rectangle.left - margin &&
    point.x <= rectangle.left + rectangle.width + margin &&
    point.y >= rectangle.top - margin &&
    point.y <= rectangle.top + rectangle.height + margin
  );
}

export function rectanglesMeet(a: Rectangle, b: Rectangle): boolean {
  return (
    a.left <= b.left + b.width && b.left <= a.left + a.width && a.top <= b.top + b.height && b.top <= a.top + a.height
  );
}

export function distanceToSegment(point: Point, start: Point, end: Point): number {
  const along = subtract(end, start);
  const squared = along.x * along.x + along.y * along.y;
  if (squared === 0) return distance(point, start);
  const from = subtract(point, start);
  const share = clamp((from.x * along.x + from.y * along.y) / squared, 0, 1);
  return distance(point, { x: start.x + share * along.x, y: start.y + share * along.y });
}

/** The distance to the nearest side of a path; `closed` adds the side from the last point to the first. */
export function distanceToPath(point: Point, path: readonly Point[], closed: boolean): number {
  return nearestSide(point, path, closed).distance;
}

/** The index of the side (from `path[index]` to the next point) that is nearest to the point. */
export function nearestSide(
  point: Point,
  path: readonly Point[],
  closed: boolean,
): { index: number; distance: number } {
  let nearest = { index: 0, distance: Infinity };
  const sides = closed ? path.length : path.length - 1;
  for (let index = 0; index < sides; index += 1) {
    const away = distanceToSegment(point, path[index]!, path[(index + 1) % path.length]!);
    if (away < nearest.distance) nearest = { index, distance: away };
  }
  return nearest;
}

/** Even-odd rule: a point is inside when a ray from it crosses the outline an odd number of times. */
export function insidePolygon(point: Point, outline: readonly Point[]): boolean {
  let inside = false;
  for (let index = 0, before = outline.length - 1; index < outline.length; before = index, index += 1) {
    const a = outline[index]!;
    const b = outline[before]!;
    if (a.y > point.y === b.y > point.y) continue;
    if (point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

/** Moves all points by the same whole step, shortened so that none leaves the picture. */
export function translateInside(points: readonly Point[], step: Point, picture: Size): Point[] {
  const bounds = boundsOf(points);
  const x = Math.round(clamp(step.x, -bounds.left, picture.width - bounds.left - bounds.width));
  const y = Math.round(clamp(step.y, -bounds.top, picture.height - bounds.top - bounds.height));
  return points.map((point) => ({ x: point.x + x, y: point.y + y }));
}

/**
 * Moves the lower right corner of the points' bounds by a step and scales the points with it, to whole pixels. The bounds keep
 * at least one pixel and stay in the picture.
 */
export function stretchCorner(points: readonly Point[], step: Point, picture: Size): Point[] {
  const { left, top, width, height } = boundsOf(points);
  const scaleX = width === 0 ? 1 : clamp(width + step.x, 1, picture.width - left) / width;
  const scaleY = height === 0 ? 1 : clamp(height + step.y, 1, picture.height - top) / height;
  return points.map(({ x, y }) => ({
    x: Math.round(left + (x - left) * scaleX),
    y: Math.round(top + (y - top) * scaleY),
  }));
}
