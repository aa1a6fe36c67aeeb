import type { Point } from './geometry.js';
import { arrowKeys, arrowStep, digitIndex, digitKeys, type KeyCommand } from './keyboard.js';
import { drawStrings } from './strings.js';

export const ZOOM_STEP = 1.4;
/** Screen pixels of one Ctrl+arrow, and how many times as far Shift goes. */
const PAN_STEP = 60;
const PAN_COARSE = 5;

export interface CommonKeyContext {
  undo(): void;
  redo(): void;
  chooseLabel(index: number): void;
  zoom(factor: number): void;
  fit(): void;
  /** Moves the picture by screen pixels. */
  pan(step: Point): void;
  showHelp(): void;
}

/** The keys that mean the same in every drawing tool. */
export function commonCommands(context: CommonKeyContext): KeyCommand[] {
  const pan = (key: string): void => {
    const { x, y } = arrowStep(key, PAN_COARSE);
    context.pan({ x: -x * PAN_STEP, y: -y * PAN_STEP });
  };
  const label = (key: string): void => context.chooseLabel(digitIndex(key));
  return [
    { keys: ['Ctrl+Z'], shown: 'Ctrl+Z Ctrl+Y', help: drawStrings.keyUndo, run: context.undo },
    { keys: ['Ctrl+Y', 'Ctrl+Shift+Z'], shown: '', help: '', run: context.redo },
    { keys: digitKeys(10), shown: '1 … 9 0', help: drawStrings.keyLabel, run: label },
    { keys: ['+', '='], shown: '+ − F', help: drawStrings.keyZoom, run: () => context.zoom(ZOOM_STEP) },
    { keys: ['-', '_'], shown: '', help: '', run: () => context.zoom(1 / ZOOM_STEP) },
    { keys: ['F'], shown: '', help: '', run: context.fit },
    { keys: arrowKeys('Ctrl+'), shown: 'Ctrl+←↑→↓', help: drawStrings.keyPan, run: pan },
    { keys: [], shown: '🖱', help: drawStrings.keyWheel },
    { keys: ['?'], shown: '?', help: drawStrings.keyHelp, run: context.showHelp },
  ];
}
