// Options in an order that depends on a text only, so that a worker finds them again where they were.

/** An element whose options the shell may shuffle against position bias. */
export interface Shuffled {
  readonly name: string;
  shuffle(seed: string): void;
  /** The options as they are shown, once they have been shuffled. */
  readonly order: string[] | undefined;
}

export function canShuffle(element: object): element is Shuffled {
  return 'shuffle' in element && 'order' in element;
}

/** A hash that spreads similar texts (FNV-1a, 32 bits, with the finish of MurmurHash3). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0)!, 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** The same items, for the same `seed` always in the same order. Every order is about as likely. */
export function shuffled<Item>(items: readonly Item[], seed: string): Item[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = hash(`${seed}/${last}`) % (last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
