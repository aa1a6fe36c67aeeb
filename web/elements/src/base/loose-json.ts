// Values of attributes such as `categories`, `labels` and `initial-value`. Templates write them as JSON, as JSON5, or as
// what a Liquid loop happened to leave behind, so the reader takes: single, double and typographic quotes, line breaks
// inside strings, unquoted keys, bare words as values, trailing, leading and doubled commas, missing commas between the
// elements of a list, comments, Python's True, False and None, and hexadecimal, signed and fractional numbers.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The text is not even loosely JSON; `offset` counts UTF-16 units from the start of the text. */
export class LooseJsonError extends Error {
  constructor(
    readonly reason: string,
    readonly text: string,
    readonly offset: number,
  ) {
    super(`${reason} at “${text.slice(offset, offset + 20) || 'the end'}” (${place(text, offset)})`);
  }
}

function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Reads one loosely written JSON value. @throws LooseJsonError with the place of the first thing it cannot read */
export function parseLoose(text: string): Json {
  const reader = new Reader(text);
  const value = reader.value();
  reader.end();
  return value;
}

const closing: Record<string, string> = { '"': '"', "'": "'", '`': '`', '“': '”', '‘': '’' };
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0' };
const words: Record<string, Json> = {
  ...{ true: true, True: true, false: false, False: false },
  ...{ null: null, None: null, undefined: null, nil: null },
};
const skipped = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const bareWord = /[^\s,:[\]{}"'“”]+(?:[^\S\n]+[^\s,:[\]{}"'“”]+)*/y;
const number = /^[-+]?(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)$/i;

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  value(): Json {
    const start = this.next();
    if (start === '[') return this.list();
    if (start === '{') return this.object();
    if (start in closing) return this.quoted(closing[start]!);
    return scalar(this.bare('a value is missing'));
  }

  end(): void {
    if (this.next() !== '') this.fail('something follows the value');
  }

  private list(): Json[] {
    const list: Json[] = [];
    this.at++;
    while (!this.takes(']')) {
      if (this.takes(',')) continue;
      list.push(this.value());
    }
    return list;
  }

  private object(): { [key: string]: Json } {
    const object: { [key: string]: Json } = {};
    this.at++;
    while (!this.takes('}')) {
      if (this.takes(',')) continue;
      const start = this.next();
      const key = start in closing ? this.quoted(closing[start]!) : this.bare('a key is missing');
      if (!this.takes(':')) this.fail(`a colon is missing after the key “${key}”`);
      // Not an assignment: a key named __proto__ has to stay a key.
      Object.defineProperty(object, key, { value: this.value(), enumerable: true, writable: true, configurable: true });
    }
    return object;
  }

  private quoted(end: string): string {
    const start = this.at++;
    let result = '';
    for (;;) {
      const character = this.text[this.at++];
      if (character === undefined) throw new LooseJsonError('a quote is never closed', this.text, start);
      if (character === end) return result;
      result += character === '\\' ? this.escaped() : character;
    }
  }

  private escaped(): string {
    const character = this.text[this.at++] ?? '';
    const digits = { u: 4, x: 2 }[character];
    if (digits === undefined) return character === '\n' ? '' : (escapes[character] ?? character);
    const code = this.text.slice(this.at, this.at + digits);
    if (!/^[\da-f]+$/i.test(code) || code.length < digits)
      this.fail(`\\${character} needs ${digits} hexadecimal digits`);
    this.at += digits;
    return String.fromCharCode(Number.parseInt(code, 16));
  }

  private bare(missing: string): string {
    bareWord.lastIndex = this.at;
    const word = bareWord.exec(this.text)?.[0];
    if (word === undefined) return this.fail(missing);
    this.at += word.length;
    return word;
  }

  /** The next character that means something, '' at the end. */
  private next(): string {
    skipped.lastIndex = this.at;
    skipped.exec(this.text);
    this.at = skipped.lastIndex;
    return this.text[this.at] ?? '';
  }

  private takes(character: string): boolean {
    const next = this.next();
    if (next === '') this.fail('a bracket is never closed');
    if (next === character) this.at++;
    return next === character;
  }

  private fail(reason: string): never {
    throw new LooseJsonError(reason, this.text, this.at);
  }
}

function scalar(word: string): Json {
  if (Object.hasOwn(words, word)) return words[word]!;
  if (!number.test(word)) return word;
  const sign = word.startsWith('-') ? -1 : 1;
  return sign * Number(word.replace(/^[-+]/, ''));
}
