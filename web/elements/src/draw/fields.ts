import type { Point, Rectangle } from './geometry.js';

/** A number, also one written as text (templates quote them); NaN for anything else. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

/** `[{x, y}, …]` as points; null when it is no such list. */
export function pointsOf(value: unknown): Point[] | null {
  if (!Array.isArray(value)) return null;
  const points = value.map((item: unknown) => {
    const { x, y } = (item ?? {}) as { x?: unknown; y?: unknown };
    return { x: numberOf(x), y: numberOf(y) };
  });
  return points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)) ? points : null;
}

/** Points as plain objects of the output. */
export function verticesOf(points: readonly Point[]): { x: number; y: number }[] {
  return points.map(({ x, y }) => ({ x, y }));
}

/** `{left, top, width, height}`; what is missing or no number becomes NaN. */
export function rectangleOf(fields: Readonly<Record<string, unknown>>): Rectangle {
  const { left, top, width, height } = fields;
  return { left: numberOf(left), top: numberOf(top), width: numberOf(width), height: numberOf(height) };
}
