import { hasModifier } from '../base/keys.js';
import { type Stretch, wordsOf } from './spans.js';

/**
 * A selection moved by the keyboard: arrows go from word to word, with Shift they add or give back words, with Alt and
 * Shift single characters at the end.
 */
export class TextCursor {
  private readonly words: Stretch[];
  private anchor = -1;
  private head = -1;
  /** Moves the end off the word's end, in UTF-16 units. */
  private end: number | undefined;

  constructor(private readonly text: string) {
    this.words = wordsOf(text);
  }

  /** The stretch selected after that key, null for a key that moves nothing. */
  key(event: KeyboardEvent): Stretch | null {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || this.words.length === 0) return null;
    if (event.altKey && event.shiftKey) return this.nudge(step);
    if (hasModifier(event)) return null;
    this.end = undefined;
    this.head = Math.min(Math.max(this.head + step, 0), this.words.length - 1);
    if (!event.shiftKey || this.anchor < 0) this.anchor = this.head;
    return this.stretch();
  }

  private nudge(step: number): Stretch {
    if (this.head < 0) this.anchor = this.head = 0;
    const { start, end } = this.stretch();
    const next =
      step > 0
        ? end + [...this.text.slice(end)][0]!.length
        : end - (Array.from(this.text.slice(start, end)).at(-1)?.length ?? 0);
    this.end = Math.min(Math.max(next, start + 1), this.text.length);
    return this.stretch();
  }

  private stretch(): Stretch {
    const [first, last] = [Math.min(this.anchor, this.head), Math.max(this.anchor, this.head)];
    return { start: this.words[first]!.start, end: this.end ?? this.words[last]!.end };
  }
}
