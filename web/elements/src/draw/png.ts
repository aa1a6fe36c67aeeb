// A PNG writer for pictures of few flat colours (ISO/IEC 15948, RFC 1950 and 1951), synchronous because an answer is read
// synchronously. It never builds the 4 bytes a pixel: rows become runs, runs become "literal, then repeat the last byte".
// A general deflate has to look at all 80 MB of a 20-megapixel RGBA picture; this one looks at the 20 MB of indices once.

import { channels } from './colors.js';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const FILTER_SUB = 1;
const FILTER_UP = 2;
const END_OF_BLOCK = 256;
const LONGEST_MATCH = 258;
const ADLER_MODULUS = 65521;

/** What index 0 becomes: transparent, and white to a reader that drops the transparency (Ground Truth's background). */
const BACKGROUND: readonly [number, number, number, number] = [255, 255, 255, 0];

/**
 * Writes an RGBA PNG of exact colours.
 *
 * @param indices width × height bytes, row by row; 0 is background, n is `colors[n - 1]`.
 * @param colors `#rrggbb`, at most 255.
 */
export function encodePng(indices: Uint8Array, width: number, height: number, colors: readonly string[]): Uint8Array {
  if (indices.length !== width * height) {
    throw new RangeError(`a mask of ${width} by ${height} pixels has ${width * height} indices, not ${indices.length}`);
  }
  const header = new Uint8Array(13);
  const fields = new DataView(header.buffer);
  fields.setUint32(0, width);
  fields.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8);
  return join([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('IDAT', compressRows(indices, width, height, pixelTable(colors))),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** Standard base64 (RFC 4648) without a `data:` prefix. */
export function toBase64(bytes: Uint8Array): string {
  const PIECE = 0x8000;
  let binary = '';
  for (let start = 0; start < bytes.length; start += PIECE) {
    binary += String.fromCharCode(...bytes.subarray(start, start + PIECE));
  }
  return btoa(binary);
}

function pixelTable(colors: readonly string[]): Uint8Array {
  const table = new Uint8Array(256 * 4);
  table.set(BACKGROUND, 0);
  colors.forEach((color, index) => table.set([...channels(color), 255], (index + 1) * 4));
  return table;
}

function compressRows(indices: Uint8Array, width: number, height: number, pixels: Uint8Array): Uint8Array {
  const writer = new RunWriter();
  for (let row = 0; row < height; row += 1) {
    const start = row * width;
    if (row > 0 && sameRow(indices, start, width)) {
      writer.literal(FILTER_UP);
      writer.zeros(width * 4);
    } else {
      writeChangedRow(writer, indices, start, start + width, pixels);
    }
  }
  return writer.finish();
}

/** Whether the row that begins at `start` repeats the one above it. */
function sameRow(indices: Uint8Array, start: number, width: number): boolean {
  for (let position = start; position < start + width; position += 1) {
    if (indices[position] !== indices[position - width]) return false;
  }
  return true;
}

/** With the filter "Sub" each pixel is its difference from the one to the left: zeros inside a run. */
function writeChangedRow(writer: RunWriter, indices: Uint8Array, start: number, end: number, pixels: Uint8Array): void {
  writer.literal(FILTER_SUB);
  let before: number | null = null;
  for (let position = start; position < end;) {
    const index = indices[position]!;
    let next = position + 1;
    while (next < end && indices[next] === index) next += 1;
    for (let channel = 0; channel < 4; channel += 1) {
      const left = before === null ? 0 : pixels[before * 4 + channel]!;
      writer.literal((pixels[index * 4 + channel]! - left) & 255);
    }
    writer.zeros((next - position - 1) * 4);
    before = index;
    position = next;
  }
}

/** A zlib stream with one dynamic Huffman block whose code is fixed in advance and favours long runs of zeros. */
class RunWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  #bits = 0;
  #bitCount = 0;
  #sum = 1;
  #sumOfSums = 0;

  constructor() {
    this.#put(0x78, 8);
    this.#put(0x01, 8);
    this.#writeBlockHeader();
  }

  literal(byte: number): void {
    this.#symbol(byte);
    this.#sum = (this.#sum + byte) % ADLER_MODULUS;
    this.#sumOfSums = (this.#sumOfSums + this.#sum) % ADLER_MODULUS;
  }

  zeros(count: number): void {
    if (count === 0) return;
    this.#symbol(0);
    let left = count - 1;
    while (left >= 3) {
      const length = Math.min(left, LONGEST_MATCH);
      this.#match(length);
      left -= length;
    }
    for (; left > 0; left -= 1) this.#symbol(0);
    this.#sumOfSums = (this.#sumOfSums + (count % ADLER_MODULUS) * this.#sum) % ADLER_MODULUS;
  }

  finish(): Uint8Array {
    this.#symbol(END_OF_BLOCK);
    if (this.#bitCount > 0) this.#put(0, 8 - this.#bitCount);
    for (const half of [this.#sumOfSums, this.#sum]) {
      this.#put(half >> 8, 8);
      this.#put(half & 255, 8);
    }
    return this.#bytes.slice(0, this.#length);
  }

  #writeBlockHeader(): void {
    this.#put(1, 1);
    this.#put(2, 2);
    this.#put(LITERAL_LENGTHS.length - 257, 5);
    this.#put(0, 5);
    this.#put(CODE_LENGTH_ORDER.length - 4, 4);
    for (const symbol of CODE_LENGTH_ORDER) this.#put(USED_LENGTHS.includes(symbol) ? 2 : 0, 3);
    for (const length of [...LITERAL_LENGTHS, 1]) this.#put(reverseBits(USED_LENGTHS.indexOf(length), 2), 2);
  }

  /** "Repeat the last byte `length` times"; the only distance code has one bit, 0. */
  #match(length: number): void {
    const { symbol, extraBits, extra } = lengthCode(length);
    this.#symbol(symbol);
    this.#put(extra, extraBits);
    this.#put(0, 1);
  }

  #symbol(symbol: number): void {
    this.#put(LITERAL_CODES[symbol]!, LITERAL_LENGTHS[symbol]!);
  }

  #put(value: number, count: number): void {
    this.#bits |= value << this.#bitCount;
    this.#bitCount += count;
    while (this.#bitCount >= 8) {
      if (this.#length === this.#bytes.length) this.#grow();
      this.#bytes[this.#length] = this.#bits & 255;
      this.#length += 1;
      this.#bits >>>= 8;
      this.#bitCount -= 8;
    }
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

// One bit for "258 more zeros", three for a zero, nine or ten for the rest: 1/2 + 1/8 + 100/512 + 184/1024 = 1, complete.
const LITERAL_LENGTHS: readonly number[] = Array.from({ length: 286 }, (_, symbol) => {
  if (symbol === 285) return 1;
  if (symbol === 0) return 3;
  return symbol >= 257 || symbol <= 72 ? 9 : 10;
});
const USED_LENGTHS = [1, 3, 9, 10];
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LITERAL_CODES = canonicalCodes(LITERAL_LENGTHS);

/** Canonical Huffman codes (RFC 1951, 3.2.2), bits reversed because deflate packs codes from their highest bit. */
function canonicalCodes(lengths: readonly number[]): Uint16Array {
  const codes = new Uint16Array(lengths.length);
  let code = 0;
  for (let length = 1; length <= 15; length += 1) {
    code <<= 1;
    lengths.forEach((own, symbol) => {
      if (own !== length) return;
      codes[symbol] = reverseBits(code, length);
      code += 1;
    });
  }
  return codes;
}

function reverseBits(value: number, count: number): number {
  let reversed = 0;
  for (let bit = 0; bit < count; bit += 1) reversed |= ((value >> bit) & 1) << (count - 1 - bit);
  return reversed;
}

/** The length symbol of RFC 1951, 3.2.5, for 3 to 258 bytes. */
function lengthCode(length: number): { symbol: number; extraBits: number; extra: number } {
  if (length === LONGEST_MATCH) return { symbol: 285, extraBits: 0, extra: 0 };
  if (length <= 10) return { symbol: 254 + length, extraBits: 0, extra: 0 };
  const extraBits = Math.floor(Math.log2(length - 3)) - 2;
  const group = (length - 3) >> extraBits;
  return { symbol: 257 + 4 * extraBits + group, extraBits, extra: (length - 3) & ((1 << extraBits) - 1) };
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const fields = new DataView(bytes.buffer);
  fields.setUint32(0, data.length);
  for (let index = 0; index < 4; index += 1) bytes[4 + index] = name.charCodeAt(index);
  bytes.set(data, 8);
  let check = 0xffffffff;
  for (const byte of bytes.subarray(4, data.length + 8)) check = CRC_TABLE[(check ^ byte) & 255]! ^ (check >>> 8);
  fields.setUint32(data.length + 8, ~check >>> 0);
  return bytes;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}
