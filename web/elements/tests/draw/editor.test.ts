import { describe, expect, test } from 'vitest';
import { ShapeEditor } from '../../src/draw/shape-editor.js';
import { box, keypoint, line, polygon, polyline, type Shape, type ShapeKind } from '../../src/draw/shapes.js';
import { TrackEditor } from '../../src/draw/track-editor.js';

const quiet = { changed() {}, shown() {}, say() {} };
const PICTURE = { width: 97, height: 61 };

/** Whole numbers from 0 to below `limit`, the same for the same seed (Lehmer's generator, 16807 modulo 2^31 - 1). */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 16807) % 2147483647;
    return state % limit;
  };
}

function open(kind: ShapeKind, shapes: readonly Shape[] = []): ShapeEditor {
  const editor = new ShapeEditor(kind, quiet);
  editor.picture = PICTURE;
  editor.label = 'a';
  editor.reset(shapes);
  return editor;
}

/** Everything a hand can do to an editor, with points that may lie outside the picture. */
function act(editor: ShapeEditor, roll: (limit: number) => number): void {
  const point = { x: roll(160) - 30 + roll(10) / 10, y: roll(120) - 30 + roll(10) / 10 };
  const acts = [
    () => editor.begin(point),
    () => editor.place(point),
    () => editor.place(point),
    () => editor.stretch(point),
    () => editor.finish(),
    () => editor.cancel(),
    () => editor.selectNext(roll(2) ? 1 : -1),
    () => editor.pickNextHandle(roll(2) ? 1 : -1),
    () => editor.nudge({ x: roll(81) - 40, y: roll(81) - 40 }),
    () => editor.resize({ x: roll(81) - 40, y: roll(81) - 40 }),
    () => editor.insert(),
    () => editor.remove(),
    () => editor.duplicate(),
    () => editor.chooseLabel(roll(2) ? 'a' : 'b'),
    () => editor.undo(),
    () => editor.redo(),
    () => editor.moveCursor({ x: roll(41) - 20, y: roll(41) - 20 }),
    () => editor.placeAtCursor(),
  ];
  acts[roll(acts.length)]!();
}

describe('ShapeEditor', () => {
  test.each([box, polygon, polyline, line, keypoint].map((kind) => [kind.noun, kind] as const))(
    'whatever is done, every %s has whole coordinates in the picture and a size',
    (_, kind) => {
      for (let seed = 1; seed <= 30; seed += 1) {
        const roll = dice(seed * 7919);
        const editor = open(kind);
        for (let step = 0; step < 300; step += 1) act(editor, roll);
        for (const { points } of editor.shapes) {
          expect(kind.complete(points)).toBe(true);
          for (const { x, y } of points) {
            expect(Number.isInteger(x) && x >= 0 && x <= PICTURE.width - kind.inset).toBe(true);
            expect(Number.isInteger(y) && y >= 0 && y <= PICTURE.height - kind.inset).toBe(true);
          }
        }
      }
    },
  );

  test('undoing everything leads back to the beginning, redoing it to where it was', () => {
    const first = [
      {
        label: 'a',
        points: [
          { x: 5, y: 6 },
          { x: 20, y: 30 },
        ],
      },
    ];
    for (let seed = 1; seed <= 20; seed += 1) {
      const roll = dice(seed * 104729);
      const editor = open(box, first);
      for (let step = 0; step < 60; step += 1) act(editor, roll);
      editor.cancel();
      const { shapes } = editor;
      let undone = 0;
      for (; editor.canUndo; undone += 1) editor.undo();
      expect(editor.shapes).toEqual(first);
      for (; undone > 0; undone -= 1) editor.redo();
      expect(editor.shapes).toEqual(shapes);
    }
  });
});

describe('TrackEditor', () => {
  test('whatever is done at whatever frame, tracks keep their order, their keys and a size', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const roll = dice(seed * 6151);
      const editor = new TrackEditor(quiet);
      editor.shapes.picture = PICTURE;
      editor.reset([]);
      for (let step = 0; step < 300; step += 1) {
        const choice = roll(8);
        if (choice === 0) editor.show(roll(20));
        else if (choice === 1) editor.toggleKey();
        else if (choice === 2) editor.selectNext(roll(2) ? 1 : -1);
        else if (choice === 3) editor.undo();
        else if (choice === 4) editor.redo();
        else act(editor.shapes, roll);
      }
      const ids = editor.tracks.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { keys } of editor.tracks) {
        expect(keys.length).toBeGreaterThan(0);
        expect(keys.every((key, index) => index === 0 || keys[index - 1]!.frame < key.frame)).toBe(true);
        for (const { box: area } of keys) {
          expect(area.width > 0 && area.height > 0 && area.left >= 0 && area.top >= 0).toBe(true);
          expect(area.left + area.width <= PICTURE.width && area.top + area.height <= PICTURE.height).toBe(true);
        }
      }
    }
  });
});
