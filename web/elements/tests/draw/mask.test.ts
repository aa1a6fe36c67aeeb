import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Mask } from '../../src/draw/mask.js';
import { indicesOf } from '../../src/draw/mask-reader.js';
import { encodePng } from '../../src/draw/png.js';
import { boxAt, framesOf, type Track, withKey, withoutKey } from '../../src/draw/tracks.js';

const count = (mask: Mask, index: number): number => mask.indices.filter((other) => other === index).length;

describe('Mask', () => {
  const open = (width = 600, height = 300): Mask => {
    const mask = new Mask({ width, height });
    mask.reset([
      { label: 'a', color: '#ff0000' },
      { label: 'b', color: '#00ff00' },
    ]);
    return mask;
  };

  test('a brush of n pixels is n pixels wide, wherever it is', () => {
    for (const size of [1, 2, 3, 10, 21]) {
      const mask = open();
      mask.stroke({ x: 100.3, y: 50.8 }, { x: 100.3, y: 50.8 }, size, 1);
      const rows = Array.from(
        { length: 300 },
        (_, y) => mask.indices.subarray(y * 600, y * 600 + 600).filter((index) => index === 1).length,
      );
      expect(Math.max(...rows)).toBe(size);
      expect(rows.filter((length) => length > 0)).toHaveLength(size);
    }
  });

  test('a stroke has no holes and the width of the brush', () => {
    const mask = open();
    mask.stroke({ x: 20, y: 100 }, { x: 580, y: 100 }, 10, 1);
    for (let x = 20; x < 580; x += 1) {
      const column = Array.from({ length: 300 }, (_, y) => mask.indices[y * 600 + x]!);
      expect(column.filter((index) => index === 1)).toHaveLength(10);
    }
  });

  test('a polygon covers the pixels whose centres lie in it, neighbours share none', () => {
    const mask = open();
    mask.fillPolygon(
      [
        { x: 10, y: 10 },
        { x: 20, y: 10 },
        { x: 20, y: 15 },
        { x: 10, y: 15 },
      ],
      1,
    );
    expect(count(mask, 1)).toBe(50);
    mask.fillPolygon(
      [
        { x: 20, y: 10 },
        { x: 30, y: 10 },
        { x: 30, y: 15 },
        { x: 20, y: 15 },
      ],
      2,
    );
    expect([count(mask, 1), count(mask, 2)]).toEqual([50, 50]);
  });

  test('painting outside the picture changes nothing else', () => {
    const mask = open(10, 10);
    mask.stroke({ x: -5, y: 5 }, { x: 25, y: 5 }, 2, 1);
    expect(count(mask, 1)).toBe(20);
    mask.fillPolygon(
      [
        { x: -10, y: -10 },
        { x: 50, y: -10 },
        { x: 50, y: 50 },
        { x: -10, y: 50 },
      ],
      2,
    );
    expect(count(mask, 2)).toBe(100);
  });

  test('undo and redo give back every pixel, across tiles', () => {
    const mask = open();
    const states = [Uint8Array.from(mask.indices)];
    for (const [index, y] of [10, 150, 255, 290].entries()) {
      mask.beginStep();
      mask.stroke({ x: 10, y }, { x: 590, y: y - index * 3 }, 30, (index % 2) + 1);
      expect(mask.endStep()).toBe(true);
      states.push(Uint8Array.from(mask.indices));
    }
    for (const state of states.slice(0, -1).reverse()) {
      mask.undo();
      expect(Buffer.compare(mask.indices, state)).toBe(0);
    }
    for (const state of states.slice(1)) {
      mask.redo();
      expect(Buffer.compare(mask.indices, state)).toBe(0);
    }
    mask.beginStep();
    mask.stroke({ x: 0, y: 0 }, { x: 500, y: 200 }, 40, 2);
    mask.abandonStep();
    expect(Buffer.compare(mask.indices, states.at(-1)!)).toBe(0);
    expect(mask.canUndo).toBe(true);
  });

  test('counts and replaces classes', () => {
    const mask = open(20, 10);
    expect(mask.countPixels()).toEqual([0, 0]);
    mask.reset(mask.classes, new Uint8Array(200).fill(1, 0, 50).fill(2, 150, 200));
    expect(mask.countPixels()).toEqual([50, 50]);
    mask.replace(1, 2);
    expect(mask.countPixels()).toEqual([0, 100]);
    mask.reset(mask.classes);
    expect(mask.countPixels()).toEqual([0, 0]);
    expect(count(mask, 0)).toBe(200);
  });
});

describe('reading a mask', () => {
  const pixels = (...colors: number[][]): Uint8ClampedArray => new Uint8ClampedArray(colors.flat());
  const classes = [{ label: 'a', color: '#ff0000' }];

  test('takes exact colours, and anything else for background', () => {
    const data = pixels([255, 0, 0, 255], [254, 0, 0, 255], [255, 255, 255, 255], [255, 0, 0, 0]);
    const picture = { width: 4, height: 1 };
    expect([...indicesOf({ ...picture, data }, picture, classes)]).toEqual([1, 0, 0, 0]);
  });

  test('stretches a smaller mask', () => {
    const data = pixels([255, 0, 0, 255], [0, 0, 0, 255]);
    expect([...indicesOf({ width: 2, height: 1, data }, { width: 4, height: 2 }, classes)]).toEqual([
      1, 1, 0, 0, 1, 1, 0, 0,
    ]);
  });
});

describe('encodePng', () => {
  test('survives every length of a run', () => {
    const colors = ['#010203', '#fefdfc', '#808080'];
    for (let width = 1; width < 300; width += 1) {
      const indices = Uint8Array.from({ length: width * 3 }, (_, at) => (at < width ? 1 : at % 7 === 0 ? 2 : 3));
      const png = Buffer.from(encodePng(indices, width, 3, colors));
      const length = png.readUInt32BE(33);
      // Node's zlib checks the Adler sum; three rows of a filter byte and four bytes a pixel come out.
      expect(inflateSync(png.subarray(41, 41 + length))).toHaveLength(3 * (width * 4 + 1));
    }
  });

  test('refuses indices that do not fit the size', () => {
    expect(() => encodePng(new Uint8Array(5), 2, 2, [])).toThrow('has 4 indices, not 5');
  });
});

describe('tracks', () => {
  const box = (left: number, width = 10): { left: number; top: number; width: number; height: number } => ({
    left,
    top: 5,
    width,
    height: 10,
  });
  const track: Track = {
    id: 1,
    label: 'car',
    keys: [
      { frame: 2, box: box(0) },
      { frame: 6, box: box(10, 21) },
    ],
  };

  test('edges move in straight lines and stay whole', () => {
    expect(boxAt(track, 4)).toEqual({ left: 5, top: 5, width: 16, height: 10 });
    expect(boxAt(track, 3)).toEqual({ left: 3, top: 5, width: 10 + 2, height: 10 });
    expect(boxAt(track, 0)).toEqual(box(0));
    expect(boxAt(track, 9)).toEqual(box(10, 21));
  });

  test('the output has every frame between the first and the last key', () => {
    const frames = framesOf(track, 30);
    expect(frames.map(({ time, key }) => [time, key])).toEqual([
      [0.067, true],
      [0.1, false],
      [0.133, false],
      [0.167, false],
      [0.2, true],
    ]);
  });

  test('a key frame replaces the one at its frame; the last one cannot be taken away', () => {
    const changed = withKey(track, 2, box(50));
    expect(changed.keys.map(({ frame, box: { left } }) => [frame, left])).toEqual([
      [2, 50],
      [6, 10],
    ]);
    expect(withoutKey(withoutKey(track, 2)!, 6)).toBeNull();
  });
});
