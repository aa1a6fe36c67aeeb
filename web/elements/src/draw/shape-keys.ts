import { boundsOf, type Point } from './geometry.js';
import { arrowKeys, arrowStep, type KeyCommand } from './keyboard.js';
import type { ShapeEditor } from './shape-editor.js';
import { drawStrings } from './strings.js';

export interface ShapeKeyContext {
  /** Runs a change if changes are allowed now. */
  guard(change: () => void): void;
  /** Brings a point of the picture into sight. */
  reveal(point: Point): void;
  repaint(): void;
  /** Space is down: the mouse now drags the picture. */
  hold(): void;
}

/** Everything that shapes can be asked by keyboard: drawing, moving, resizing, choosing, deleting. */
export function shapeCommands(editor: ShapeEditor, context: ShapeKeyContext): KeyCommand[] {
  const many = editor.kind.mostPoints === Infinity;
  const command = (keys: string[], shown: string, help: string, act: (key: string) => void): KeyCommand => ({
    keys,
    shown,
    help,
    run: (key) =>
      context.guard(() => {
        act(key);
        follow(editor, context);
      }),
  });
  const step = (key: string): Point => arrowStep(key, editor.coarseStep);
  return [
    command(arrowKeys(), '←↑→↓', drawStrings.keyMove, (key) => editor.nudge(step(key))),
    command(['Enter'], 'Enter', drawStrings.keyPlace(editor.kind.noun), () => editor.placeAtCursor()),
    ...(editor.kind.mostPoints === 1
      ? []
      : [
          command(arrowKeys('Alt+'), 'Alt+←↑→↓', drawStrings.keyResize, (key) => editor.resize(step(key))),
          command(['V'], 'V Shift+V', drawStrings.keyHandle, () => editor.pickNextHandle(1)),
          command(['Shift+V'], '', '', () => editor.pickNextHandle(-1)),
        ]),
    ...(many ? [command(['I'], 'I', drawStrings.keyInsert, () => editor.insert())] : []),
    command(['J'], 'J K', drawStrings.keyNext, () => editor.selectNext(1)),
    command(['K'], '', '', () => editor.selectNext(-1)),
    command(['Escape'], 'Escape', drawStrings.keyCancel, () => editor.cancel()),
    command(['Delete', 'Backspace'], 'Delete', drawStrings.keyRemove, () => editor.remove()),
    command(['D', 'Ctrl+D'], 'D', drawStrings.keyDuplicate, () => editor.duplicate()),
    { keys: ['Space'], shown: '', help: '', run: () => context.hold() },
    { keys: [], shown: 'Shift+🖱', help: drawStrings.keyShiftDraw },
  ];
}

/** Keeps in sight what the keys just moved. */
function follow(editor: ShapeEditor, context: ShapeKeyContext): void {
  const shape = editor.selectedShape;
  const point = shape === null ? editor.cursor : activePoint(editor, shape.points);
  if (point !== null) context.reveal(point);
  context.repaint();
}

function activePoint(editor: ShapeEditor, points: readonly Point[]): Point {
  if (editor.handle !== null) return editor.kind.handles(points)[editor.handle]!;
  const { left, top, width, height } = boundsOf(points);
  return { x: left + width / 2, y: top + height / 2 };
}
