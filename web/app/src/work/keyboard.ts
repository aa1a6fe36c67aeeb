// Which key does what on the task page.
import type { OutputField, OutputFields } from '../lib/types';

export type KeyAction =
  | { do: 'answer'; field: string; value: string | number }
  | { do: 'continue' }
  | { do: 'back' }
  | { do: 'keys' }
  | { do: 'instructions' }
  | { do: 'skip' }
  | { do: 'report' };

/** Where the focus is: plain text swallows letters, a button has its own Enter, radios have their own arrows. */
export type Focus = 'page' | 'line' | 'lines' | 'radio' | 'button' | 'media';

export interface KeyPress {
  key: string;
  command: boolean;
  alt: boolean;
  focus: Focus;
}

export function focusOf(element: Element | null): Focus {
  if (element instanceof HTMLTextAreaElement) return 'lines';
  if (element instanceof HTMLInputElement) {
    if (element.type === 'radio') return 'radio';
    return element.type === 'checkbox' ? 'page' : 'line';
  }
  if (element instanceof HTMLMediaElement) return 'media';
  if (element?.closest('button, a, summary, select')) return 'button';
  return 'page';
}

/** The keys of a field's answers, in their order; '' where none is left. */
export function answerKeys(field: OutputField): { key: string; value: string | number }[] {
  if (field.type === 'rating') {
    const values = Array.from({ length: field.max - field.min + 1 }, (_, index) => field.min + index);
    const plain = field.min >= 0 && field.max <= 9;
    return values.map((value, index) => ({ key: plain ? String(value) : digit(index), value }));
  }
  if (field.type !== 'choice' && field.type !== 'choices') return [];
  const taken = new Set(field.options.map((option) => option.key?.toLowerCase()));
  return field.options.map((option, index) => {
    const own = option.key?.toLowerCase();
    return { key: own ?? (taken.has(digit(index)) ? '' : digit(index)), value: option.value };
  });
}

/** Letters of the page itself; options with such a key of their own go first. */
const letters: Record<string, KeyAction> = {
  i: { do: 'instructions' },
  s: { do: 'skip' },
  p: { do: 'report' },
};

function digit(index: number): string {
  if (index < 9) return String(index + 1);
  return index === 9 ? '0' : '';
}

function answer(fields: OutputFields, active: string | null, key: string): KeyAction | null {
  // The active field first, then the others, so that a key of its own reaches its option from anywhere.
  const names = Object.keys(fields).sort((a, b) => Number(b === active) - Number(a === active));
  for (const name of names) {
    const field = fields[name];
    if (!field || (/^\d$/.test(key) && active !== null && name !== active)) continue;
    const hit = answerKeys(field).find((each) => each.key === key);
    if (hit) return { do: 'answer', field: name, value: hit.value };
  }
  return null;
}

/** What a key press means; null leaves it to the browser. `active` is the field that takes number keys. */
export function keyAction(press: KeyPress, fields: OutputFields, active: string | null): KeyAction | null {
  const { key, focus } = press;
  if (press.alt) return null;
  if (press.command) return key === 'Enter' ? { do: 'continue' } : null;
  if (focus === 'lines') return null;
  if (key === 'Enter') return focus === 'button' ? null : { do: 'continue' };
  if (focus === 'line') return null;
  if (key === 'Backspace') return { do: 'back' };
  if (key === 'ArrowLeft') return focus === 'radio' || focus === 'media' ? null : { do: 'back' };
  const chosen = answer(fields, active, key.toLowerCase());
  if (chosen) return chosen;
  if (key === '?') return { do: 'keys' };
  return letters[key.toLowerCase()] ?? null;
}
