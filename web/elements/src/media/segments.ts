// Segments of sound or video: stretches of time with a label and, when asked for, a text.

export interface Segment {
  /** Seconds from the start of the media. */
  start: number;
  end: number;
  label: string;
  text?: string;
}

/** Shorter segments than this, in seconds, are slips of the hand. */
export const shortest = 0.05;

/** To the millisecond, inside of the media. */
export function fit(seconds: number, duration: number): number {
  const most = duration > 0 ? duration : Infinity;
  return Math.round(Math.min(Math.max(seconds, 0), most) * 1000) / 1000;
}

/** A segment between two times in either order, null when it is too short. */
export function between(one: number, other: number, label: string, duration: number): Segment | null {
  const start = fit(Math.min(one, other), duration);
  const end = fit(Math.max(one, other), duration);
  return end - start < shortest ? null : { start, end, label };
}

export function inOrder(segments: readonly Segment[]): Segment[] {
  return [...segments].sort((one, other) => one.start - other.start || one.end - other.end);
}

/** Reads segments out of a template or a draft; what has no times is left out. */
export function readSegments(given: unknown): Segment[] {
  const list = Array.isArray(given) ? given : ((given as { segments?: unknown } | null | undefined)?.segments ?? []);
  return (list as Partial<Segment>[])
    .map(({ start, end, label, text }) => ({
      start: Number(start),
      end: Number(end),
      label: String(label ?? ''),
      ...(text === undefined ? {} : { text: String(text) }),
    }))
    .filter(({ start, end }) => end > start);
}

/** `83.4` as `1:23.4`. */
export function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${(seconds - minutes * 60).toFixed(1).padStart(4, '0')}`;
}
