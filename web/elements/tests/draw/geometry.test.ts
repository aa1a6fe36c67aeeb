import { describe, expect, test } from 'vitest';
import {
  distanceToSegment,
  insidePolygon,
  nearestSide,
  rectangleBetween,
  snapToPicture,
  stretchCorner,
  translateInside,
} from '../../src/draw/geometry.js';
import { History } from '../../src/draw/history.js';
import { box, duplicateShape, line, polygon, shapeAt } from '../../src/draw/shapes.js';
import { View } from '../../src/draw/view.js';
import { freeColor, normalizeColor, paletteColor, readableOn } from '../../src/draw/colors.js';

const at = (x: number, y: number): { x: number; y: number } => ({ x, y });
const square = [at(10, 10), at(30, 10), at(30, 30), at(10, 30)];

describe('geometry', () => {
  test('a rectangle is the same from any two opposite corners', () => {
    const expected = { left: 2, top: 3, width: 5, height: 7 };
    expect(rectangleBetween(at(2, 3), at(7, 10))).toEqual(expected);
    expect(rectangleBetween(at(7, 3), at(2, 10))).toEqual(expected);
  });

  test('points snap to whole pixels inside the picture', () => {
    expect(snapToPicture(at(-3, 10.5), { width: 20, height: 10 })).toEqual(at(0, 10));
    expect(snapToPicture(at(3.6, 4.4), { width: 20, height: 10 })).toEqual(at(4, 4));
    expect(snapToPicture(at(20.4, 3.49), { width: 20, height: 10 })).toEqual(at(20, 3));
  });

  test('the distance to a side counts its ends, not its line', () => {
    expect(distanceToSegment(at(5, 4), at(0, 0), at(10, 0))).toBe(4);
    expect(distanceToSegment(at(13, 4), at(0, 0), at(10, 0))).toBe(5);
    expect(distanceToSegment(at(3, 4), at(0, 0), at(0, 0))).toBe(5);
  });

  test('inside is even-odd', () => {
    expect(insidePolygon(at(20, 20), square)).toBe(true);
    expect(insidePolygon(at(31, 20), square)).toBe(false);
    const bow = [at(0, 0), at(10, 10), at(10, 0), at(0, 10)];
    expect(insidePolygon(at(8, 5), bow)).toBe(true);
    expect(insidePolygon(at(5, 8), bow)).toBe(false);
  });

  test('an open path has no side from its end to its start', () => {
    expect(nearestSide(at(9, 20), square, true).index).toBe(3);
    expect(nearestSide(at(9, 20), square, false).index).not.toBe(3);
  });

  test('what is moved stops at the edges without changing its form', () => {
    const moved = translateInside(square, at(-50, 100), { width: 100, height: 60 });
    expect(moved).toEqual([at(0, 40), at(20, 40), at(20, 60), at(0, 60)]);
  });
});

describe('stretching', () => {
  test('scales every point and stops at one pixel and at the edge', () => {
    const picture = { width: 100, height: 100 };
    expect(stretchCorner(square, at(10, 20), picture)).toEqual([at(10, 10), at(40, 10), at(40, 50), at(10, 50)]);
    expect(stretchCorner(square, at(-50, 500), picture)).toEqual([at(10, 10), at(11, 10), at(11, 100), at(10, 100)]);
  });
});

describe('shapes', () => {
  test('each handle of a box moves its own edges', () => {
    const points = [at(10, 20), at(50, 60)];
    expect(box.handles(points)[3]).toEqual(at(50, 40));
    expect(box.moveHandle(points, 3, at(70, 0))).toEqual([at(10, 20), at(70, 60)]);
    expect(box.moveHandle(points, 0, at(60, 70))).toEqual([at(50, 60), at(60, 70)]);
  });

  test('what has no size is not kept', () => {
    expect(box.complete([at(1, 1), at(1, 9)])).toBe(false);
    expect(line.complete([at(1, 1), at(1, 1)])).toBe(false);
    expect(polygon.complete([at(1, 1), at(2, 2)])).toBe(false);
  });

  test('of nested boxes the smallest is found, and outlines before insides', () => {
    const shapes = [
      { label: 'a', points: [at(0, 0), at(100, 100)] },
      { label: 'b', points: [at(40, 40), at(60, 60)] },
      { label: 'c', points: [at(20, 20), at(90, 90)] },
    ];
    expect(shapeAt(box, shapes, at(50, 50), 2)).toEqual({ index: 1, part: 'inside' });
    expect(shapeAt(box, shapes, at(21, 50), 2)).toEqual({ index: 2, part: 'outline' });
    expect(shapeAt(box, shapes, at(150, 50), 2)).toBeNull();
  });

  test('a copy lies beside its original, inside the picture', () => {
    const shape = { label: 'a', points: [at(70, 5), at(95, 20)] };
    expect(duplicateShape(shape, 10, { width: 100, height: 100 }).points).toEqual([at(60, 15), at(85, 30)]);
  });
});

describe('History', () => {
  test('goes back and forth, and forgets the future after a change', () => {
    const history = new History(0);
    history.record(1);
    history.record(2);
    expect([history.undo(), history.undo(), history.undo()]).toEqual([true, true, false]);
    history.redo();
    history.record(5);
    expect([history.present, history.canRedo]).toEqual([5, false]);
  });

  test('a series is one step', () => {
    const history = new History(0);
    for (const state of [1, 2, 3]) history.record(state, 'nudge');
    history.record(4, 'resize');
    history.undo();
    expect(history.present).toBe(3);
    history.undo();
    expect(history.present).toBe(0);
  });

  test('keeps no more than its limit', () => {
    const history = new History(0, 2);
    for (const state of [1, 2, 3]) history.record(state);
    while (history.undo());
    expect(history.present).toBe(1);
  });
});

describe('View', () => {
  const view = (): View => {
    const made = new View();
    made.setStage({ width: 400, height: 300 });
    made.setPicture({ width: 800, height: 400 });
    return made;
  };

  test('fits the picture and puts it in the middle', () => {
    expect(view().scale).toBe(0.5);
    expect(view().offset).toEqual(at(0, 50));
  });

  test('zooming keeps the point under the pointer', () => {
    const made = view();
    const before = made.toPicture(at(120, 130));
    made.zoomBy(3, at(120, 130));
    const after = made.toPicture(at(120, 130));
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
    expect(made.toScreen(after).x).toBeCloseTo(120, 9);
  });

  test('some of the picture stays in sight', () => {
    const made = view();
    made.panBy(at(-10_000, 10_000));
    expect(made.toScreen(at(800, 0)).x).toBeGreaterThanOrEqual(48);
    expect(made.toScreen(at(0, 0)).y).toBeLessThanOrEqual(300 - 48);
  });

  test('a resized stage shows the same middle', () => {
    const made = view();
    made.zoomBy(4);
    const middle = made.toPicture(at(200, 150));
    made.setStage({ width: 200, height: 200 });
    expect(made.toPicture(at(100, 100)).x).toBeCloseTo(middle.x, 9);
    expect(made.scale).toBe(2);
  });
});

describe('colours', () => {
  test('begin as Ground Truth does and never repeat', () => {
    const colors = Array.from({ length: 255 }, (_, index) => paletteColor(index));
    expect(colors.slice(0, 3)).toEqual(['#1f77b4', '#ff7f0e', '#2ca02c']);
    expect(colors.every((color) => /^#[0-9a-f]{6}$/.test(color))).toBe(true);
    const used: string[] = [];
    for (let count = 0; count < 255; count += 1) used.push(freeColor(used));
    expect(new Set(used).size).toBe(255);
  });

  test('are read in the usual forms', () => {
    expect(normalizeColor(' #FA0 ')).toBe('#ffaa00');
    expect(normalizeColor('#12ABcd')).toBe('#12abcd');
    expect(normalizeColor('red')).toBeNull();
  });

  test('have text that can be read on them', () => {
    expect(readableOn('#1f77b4')).toBe('#ffffff');
    expect(readableOn('#ffff00')).toBe('#000000');
  });
});
