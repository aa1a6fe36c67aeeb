// Reads `{tracks: [{id, label, frames: [{time, left, top, width, height, key}]}]}`.
import { numberOf, rectangleOf } from './fields.js';
import { drawStrings } from './strings.js';
import type { KeyFrame, Track } from './tracks.js';

type Fields = Readonly<Record<string, unknown>>;

export interface ReadTracks {
  /** Null when the value holds no list of tracks at all. */
  readonly tracks: readonly Track[] | null;
  /** Tracks that were left out: which, counted from 1, and why. */
  readonly problems: readonly { readonly number: number; readonly reason: string }[];
}

/** Takes the frames that are not `key: false` as key frames, each at the nearest place on a grid of `rate` a second. */
export function readTracks(value: unknown, rate: number, accepts: (label: string) => boolean): ReadTracks {
  const items = (value as Fields | null | undefined)?.['tracks'];
  if (!Array.isArray(items)) return { tracks: null, problems: [] };
  const tracks: Track[] = [];
  const problems: { number: number; reason: string }[] = [];
  items.forEach((item: Fields | null, index) => {
    const track = readTrack(item ?? {}, index + 1, rate, accepts);
    if (typeof track === 'string') problems.push({ number: index + 1, reason: track });
    else tracks.push(track);
  });
  return { tracks, problems };
}

/** A track, or the reason why it is none. */
function readTrack(item: Fields, number: number, rate: number, accepts: (label: string) => boolean): Track | string {
  const label = String(item['label'] ?? '');
  if (!accepts(label)) return drawStrings.unknownLabel(label);
  const frames = Array.isArray(item['frames']) ? (item['frames'] as Fields[]) : [];
  const keys = frames.filter((fields) => fields['key'] !== false).map((fields) => readKey(fields, rate));
  if (keys.length === 0 || keys.includes(null)) return drawStrings.badPoints;
  const byFrame = new Map((keys as KeyFrame[]).map((key) => [key.frame, key]));
  const id = numberOf(item['id']);
  return {
    id: Number.isFinite(id) ? id : number,
    label,
    keys: [...byFrame.values()].sort((a, b) => a.frame - b.frame),
  };
}

function readKey(fields: Fields, rate: number): KeyFrame | null {
  const frame = Math.round(numberOf(fields['time']) * rate);
  const { left, top, width, height } = rectangleOf(fields);
  if (![frame, left, top, width, height].every(Number.isFinite) || frame < 0) return null;
  const [x, y, w, h] = [left, top, width, height].map(Math.round) as [number, number, number, number];
  return { frame, box: { left: x, top: y, width: w, height: h } };
}
