// Options in an order of their own for each worker and task, against position bias; the same whenever they come back.
import type { OutputFields } from '../lib/types';

/** The values of each shuffled question in the order in which they were shown. */
export type Order = Record<string, string[]>;

/** A hash that spreads similar texts (FNV-1a, 32 bits, with the finish of MurmurHash3). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** The same items, for the same `seed` always in the same order. Every order is about as likely. */
export function shuffled<Item>(items: readonly Item[], seed: string): Item[] {
  const keyed = items.map((item, index) => ({ item, place: hash(`${seed}/${index}`) }));
  return keyed.sort((a, b) => a.place - b.place).map(({ item }) => item);
}

/** The fields with the options of choices shuffled. */
export function shuffleOptions(fields: OutputFields, seed: string): OutputFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      'options' in field ? { ...field, options: shuffled(field.options, `${seed}/${name}`) } : field,
    ]),
  );
}

/** The order in which `shuffleOptions` shows them. */
export function orderOf(fields: OutputFields, seed: string): Order {
  const order: Order = {};
  for (const [name, field] of Object.entries(shuffleOptions(fields, seed)))
    if ('options' in field) order[name] = field.options.map((option) => option.value);
  return order;
}
