// Reading the curves of other policies: how many judgments it takes each to agree with the batch's results so often.
import type { ReplayPoint } from '../../lib/types';

/** Judgments per task at which a curve first reaches an accuracy, between its points in a straight line; `null`: never. */
export function judgmentsFor(points: readonly ReplayPoint[], accuracy: number): number | null {
  const sorted = points.toSorted((a, b) => a.judgments_per_task - b.judgments_per_task);
  let before: ReplayPoint | undefined;
  for (const point of sorted) {
    if (point.accuracy >= accuracy) {
      if (!before) return point.judgments_per_task;
      const share = (accuracy - before.accuracy) / (point.accuracy - before.accuracy);
      return before.judgments_per_task + share * (point.judgments_per_task - before.judgments_per_task);
    }
    before = point;
  }
  return null;
}

/** Where the axis of accuracy begins: a tenth (or a twentieth, high up) at or below the least accuracy of all. */
export function floorOf(points: readonly ReplayPoint[]): number {
  const least = Math.min(1, ...points.map((point) => point.accuracy));
  const parts = least > 0.9 ? 20 : 10;
  return Math.min(parts - 1, Math.floor(least * parts + 1e-9)) / parts;
}

/** Round values from `from` to `to`, about `count` of them. */
export function ticks(from: number, to: number, count: number): number[] {
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough - 1e-12) ?? rough;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
