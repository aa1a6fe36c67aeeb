// What a task's page may say to the shell. The page is a stranger's: every message is read as if it meant harm, and what
// is not of a known shape and size is as if it had not been said. The other side is web/elements/src/base/shell.ts.
import type { Counts } from '../behavior';
import type { PageOutput } from '../sheet';
import type { Order } from '../shuffle';
import { isModule } from './modules';

export type MediaKind = 'audio' | 'video' | 'photo' | 'file';

export type FromPage =
  | { kind: 'ready' }
  | { kind: 'change'; output: PageOutput }
  | { kind: 'submit'; output: PageOutput; order?: Order }
  /** An answer that cannot be sent: too large, or no JSON. */
  | { kind: 'unusable' }
  | { kind: 'invalid'; message: string }
  | { kind: 'height'; height: number }
  | { kind: 'key'; key: string }
  | { kind: 'problem'; message: string }
  | { kind: 'activity'; counts: Counts }
  | { kind: 'module'; file: string }
  | { kind: 'upload'; id: string; name: string; file: Blob; media: MediaKind }
  | { kind: 'capture'; id: string; name: string; media: Exclude<MediaKind, 'file'>; maxDuration: number | null };

/** What an upload or a capture came to. */
export interface Uploaded {
  media?: string;
  url?: string;
  type?: string;
  size?: number;
  duration?: number;
  error?: string;
}

export interface PageOptions {
  submitOnChoice: boolean;
  hasButton: boolean;
  activity: boolean;
  shuffle?: string;
}

export type ToPage =
  | ({ crowdsmith: 'options' } & PageOptions)
  | { crowdsmith: 'restore'; output: PageOutput }
  | { crowdsmith: 'errors'; errors: Record<string, string> }
  | { crowdsmith: 'submit' }
  | { crowdsmith: 'module'; file: string; text: string | null }
  | ({ crowdsmith: 'uploaded'; id: string } & Uploaded);

/** The server takes no larger output either. */
const mostOutputBytes = 8 * 1024 * 1024;
const longestText = 500;
const longestName = 200;
const mostCounts = 10_000;

function text(value: unknown, most: number): string | null {
  return typeof value === 'string' ? value.slice(0, most) : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy that is plain JSON of a size that can be sent; null for anything else. */
function output(value: unknown): PageOutput | null {
  if (!isObject(value)) return null;
  try {
    const json = JSON.stringify(value);
    // Characters are at least as many bytes, so this bound spares the encoding of what is far too large.
    if (json.length > mostOutputBytes || new Blob([json]).size > mostOutputBytes) return null;
    return JSON.parse(json) as PageOutput;
  } catch {
    return null;
  }
}

function order(value: unknown): Order | undefined {
  const plain = output(value);
  const lists = Object.entries(plain ?? {}).filter(
    (entry): entry is [string, string[]] =>
      Array.isArray(entry[1]) && entry[1].every((option) => typeof option === 'string'),
  );
  return lists.length ? Object.fromEntries(lists) : undefined;
}

function counts(data: Record<string, unknown>): Counts {
  const one = (value: unknown) =>
    typeof value === 'number' && Number.isInteger(value) && value > 0 ? Math.min(value, mostCounts) : 0;
  return { keys: one(data.keys), clicks: one(data.clicks), scrolls: one(data.scrolls), pastes: one(data.pastes) };
}

function file(data: Record<string, unknown>): FromPage | null {
  const id = text(data.id, longestName);
  const name = text(data.name, longestName);
  const { kind } = data;
  if (!id || name === null) return null;
  if (data.crowdsmith === 'capture') {
    if (kind !== 'audio' && kind !== 'video' && kind !== 'photo') return null;
    const longest = data.maxDuration;
    const maxDuration = typeof longest === 'number' && longest > 0 ? longest : null;
    return { kind: 'capture', id, name, media: kind, maxDuration };
  }
  if (kind !== 'audio' && kind !== 'video' && kind !== 'photo' && kind !== 'file') return null;
  return data.file instanceof Blob ? { kind: 'upload', id, name, file: data.file, media: kind } : null;
}

/** Reads one message of a page; null for what it may not say. */
export function readMessage(data: unknown): FromPage | null {
  if (!isObject(data)) return null;
  switch (data.crowdsmith) {
    case 'ready':
      return { kind: 'ready' };
    case 'change': {
      const given = output(data.output);
      return given && { kind: 'change', output: given };
    }
    case 'submit': {
      const given = output(data.output);
      const shown = order(data.order);
      if (!given) return { kind: 'unusable' };
      return { kind: 'submit', output: given, ...(shown ? { order: shown } : {}) };
    }
    case 'invalid':
    case 'problem': {
      const message = text(data.message, longestText);
      return message === null ? null : { kind: data.crowdsmith, message };
    }
    case 'height':
      return typeof data.height === 'number' && data.height >= 0 ? { kind: 'height', height: data.height } : null;
    case 'key':
      return typeof data.key === 'string' && data.key.length <= 20 ? { kind: 'key', key: data.key } : null;
    case 'activity':
      return { kind: 'activity', counts: counts(data) };
    case 'module':
      return typeof data.file === 'string' && isModule(data.file) ? { kind: 'module', file: data.file } : null;
    case 'upload':
    case 'capture':
      return file(data);
    default:
      return null;
  }
}

/** Lets so many messages through, and after that so many a second. */
export class Budget {
  private left: number;
  private last: number;
  /** Messages that were too many. */
  refused = 0;

  constructor(
    private readonly now: () => number,
    private readonly most = 300,
    private readonly perSecond = 150,
  ) {
    this.left = most;
    this.last = now();
  }

  take(): boolean {
    const now = this.now();
    this.left = Math.min(this.most, this.left + ((now - this.last) / 1000) * this.perSecond);
    this.last = now;
    if (this.left < 1) {
      this.refused += 1;
      return false;
    }
    this.left -= 1;
    return true;
  }
}
