// Labelled stretches of a text. Inside a page offsets count UTF-16 units, as strings and selections do; outputs count
// Unicode code points, as Amazon's do.

export interface Span {
  start: number;
  end: number;
  label: string;
}

/** A stretch of text that no span begins or ends in, with the spans over it, the shortest last. */
export interface Piece {
  start: number;
  end: number;
  spans: Span[];
}

export interface Entity {
  startOffset: number;
  endOffset: number;
  label: string;
}

/** Translates between UTF-16 units and code points of one text. */
export class Offsets {
  /** Where each code point begins, and the length of the text at the end. */
  private readonly begins: number[] = [];

  constructor(text: string) {
    let at = 0;
    for (const character of text) {
      this.begins.push(at);
      at += character.length;
    }
    this.begins.push(at);
  }

  /** The number of code points before a unit. */
  toPoints(unit: number): number {
    let low = 0;
    let high = this.begins.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.begins[middle]! < unit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The unit at which a code point begins; offsets outside of the text give its ends. */
  toUnits(point: number): number {
    return this.begins[Math.min(Math.max(Math.trunc(point), 0), this.begins.length - 1)]!;
  }
}

/** Cuts a text at all ends of spans. Takes O((n + m) log n) for n spans and m pieces with their spans. */
export function piecesOf(length: number, spans: readonly Span[]): Piece[] {
  const cuts = [...new Set([0, length, ...spans.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  const waiting = [...spans].sort((one, other) => one.start - other.start);
  let open: Span[] = [];
  const pieces: Piece[] = [];
  let next = 0;
  for (const [index, start] of cuts.slice(0, -1).entries()) {
    open = open.filter((span) => span.end > start);
    while (next < waiting.length && waiting[next]!.start <= start) open.push(waiting[next++]!);
    const byLength = [...open].sort((one, other) => other.end - other.start - (one.end - one.start));
    pieces.push({ start, end: cuts[index + 1]!, spans: byLength });
  }
  return pieces;
}

/** Leaves out white space at both ends; null when nothing else is there. */
export function trimmed(text: string, start: number, end: number): { start: number; end: number } | null {
  const inside = text.slice(start, end);
  const from = start + (inside.length - inside.trimStart().length);
  const to = end - (inside.length - inside.trimEnd().length);
  return from < to ? { start: from, end: to } : null;
}

export interface Stretch {
  start: number;
  end: number;
}

/** The words of a text in the sense of Unicode (UAX 29), which also finds words where no spaces are. */
export function wordsOf(text: string): Stretch[] {
  const words: Stretch[] = [];
  for (const { segment, index, isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    if (isWordLike) words.push({ start: index, end: index + segment.length });
  }
  return words;
}
