import { html, type TemplateResult } from 'lit';
import type { Point } from './geometry.js';

/** One line of the help and what its keys do. */
export interface KeyCommand {
  /** As `pressedKey` names them. A command without keys only explains (a mouse gesture). */
  readonly keys: readonly string[];
  /** The keys as the help shows them. */
  readonly shown: string;
  readonly help: string;
  run?(key: string): void;
}

/**
 * The key with its modifiers: `Ctrl+Shift+Z`, `Alt+ArrowLeft`, `?`, `1`, `Space`. Letters are upper case; Shift is named
 * only beside letters and named keys, since `?` or `+` need it on some keyboards and not on others. Ctrl stands for the
 * Command key too.
 */
export function pressedKey(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const named = key.length > 1 || /^\p{Letter}$/u.test(key);
  const modifiers = [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey && named ? 'Shift' : '',
  ];
  return [...modifiers, key].filter((part) => part !== '').join('+');
}

/** Runs the command of that key; false when there is none. */
export function runKey(commands: readonly KeyCommand[], key: string): boolean {
  const command = commands.find((candidate) => candidate.run !== undefined && candidate.keys.includes(key));
  command?.run?.(key);
  return command !== undefined;
}

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The four arrow keys with a modifier in front, such as `Alt+`. */
export function arrowKeys(modifier: '' | 'Alt+' | 'Ctrl+' = ''): string[] {
  return Object.keys(ARROWS).flatMap((arrow) => [`${modifier}${arrow}`, `${modifier}Shift+${arrow}`]);
}

/** The step of an arrow key: one pixel, or `coarse` pixels with Shift. */
export function arrowStep(key: string, coarse: number): Point {
  const direction = ARROWS[key.split('+').at(-1)!]!;
  const length = key.includes('Shift+') ? coarse : 1;
  return { x: direction.x * length, y: direction.y * length };
}

/** The keys that choose the first ten entries of a list: 1 to 9, then 0. */
export function digitKeys(count: number): string[] {
  return Array.from({ length: Math.min(count, 10) }, (_, index) => String((index + 1) % 10));
}

export function digitIndex(key: string): number {
  return (Number(key) + 9) % 10;
}

export function renderKeys(commands: readonly KeyCommand[]): TemplateResult {
  return html`<dl class="keys" tabindex="0">
    ${commands.map(
      ({ shown, help }) =>
        html`<div>
          <dt>${shown.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</dt>
          <dd>${help}</dd>
        </div>`,
    )}
  </dl>`;
}
