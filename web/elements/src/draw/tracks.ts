// Boxes that move through a video: key frames that a worker set, and straight lines between them.
import type { Rectangle } from './geometry.js';

export interface KeyFrame {
  /** Number of the frame on the time grid, from 0. */
  readonly frame: number;
  readonly box: Rectangle;
}

export interface Track {
  readonly id: number;
  readonly label: string;
  /** In order of time, at least one, no two at the same frame. */
  readonly keys: readonly KeyFrame[];
}

/** One moment of a track in the output; `key` is false where the box was interpolated. `time` is in seconds. */
export interface TrackFrame extends Rectangle {
  readonly time: number;
  readonly key: boolean;
}

/** Whether the thing is in the picture at that frame: from its first key frame to its last. */
export function inRange({ keys }: Track, frame: number): boolean {
  return keys[0]!.frame <= frame && frame <= keys.at(-1)!.frame;
}

export function isKey({ keys }: Track, frame: number): boolean {
  return keys.some((key) => key.frame === frame);
}

/**
 * The box at a frame: each edge moves linearly between the key frames around it and is rounded to whole pixels. Before the
 * first and after the last key frame the box stays where it was there.
 */
export function boxAt({ keys }: Track, frame: number): Rectangle {
  const next = keys.findIndex((key) => key.frame >= frame);
  if (next === -1) return keys.at(-1)!.box;
  const after = keys[next]!;
  const before = keys[next - 1];
  if (before === undefined || after.frame === frame) return after.box;
  const share = (frame - before.frame) / (after.frame - before.frame);
  const between = (from: number, to: number): number => Math.round(from + (to - from) * share);
  const left = between(before.box.left, after.box.left);
  const top = between(before.box.top, after.box.top);
  const right = between(before.box.left + before.box.width, after.box.left + after.box.width);
  const bottom = between(before.box.top + before.box.height, after.box.top + after.box.height);
  return { left, top, width: right - left, height: bottom - top };
}

/** The track with a key frame there, in place of one that may have been there. */
export function withKey(track: Track, frame: number, box: Rectangle): Track {
  const others = track.keys.filter((key) => key.frame !== frame);
  return { ...track, keys: [...others, { frame, box }].sort((a, b) => a.frame - b.frame) };
}

/** The track without its key frame there; null when that was its only one. */
export function withoutKey(track: Track, frame: number): Track | null {
  const keys = track.keys.filter((key) => key.frame !== frame);
  return keys.length === 0 ? null : { ...track, keys };
}

/** Every frame from the first key to the last, at `rate` frames a second; times are rounded to milliseconds. */
export function framesOf(track: Track, rate: number): TrackFrame[] {
  const first = track.keys[0]!.frame;
  const last = track.keys.at(-1)!.frame;
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const frame = first + index;
    const { left, top, width, height } = boxAt(track, frame);
    return { time: frameTime(frame, rate), left, top, width, height, key: isKey(track, frame) };
  });
}

export function frameTime(frame: number, rate: number): number {
  return Math.round((frame / rate) * 1000) / 1000;
}
