// Converters for Lit properties whose attribute holds loose JSON. A value that cannot be read throws; AnswerElement
// catches that and names the element and the attribute in the page.
import { type Json, parseLoose } from './loose-json.js';

/** Any loose JSON; an absent or blank attribute gives undefined. */
export const loose = {
  fromAttribute: (text: string | null): Json | undefined =>
    text === null || text.trim() === '' ? undefined : parseLoose(text),
  toAttribute: (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value)),
};

/** A list of strings; numbers and booleans in it become text, an object gives its `label`, `text` or `name`. */
export const looseStrings = {
  fromAttribute: (text: string | null): string[] => {
    const value = loose.fromAttribute(text);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw new TypeError(`a list such as ["one", "two"] is wanted, not ${text}`);
    return value.map(asText);
  },
  toAttribute: loose.toAttribute,
};

function asText(value: Json): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return JSON.stringify(value);
  return asText(value['label'] ?? value['text'] ?? value['name'] ?? JSON.stringify(value));
}

/** A switch as Amazon's templates write it: present is on, but `checked="false"` is off. */
export const flag = {
  fromAttribute: (text: string | null): boolean => text !== null && text.trim().toLowerCase() !== 'false',
  toAttribute: (value: boolean): string | null => (value ? '' : null),
};
