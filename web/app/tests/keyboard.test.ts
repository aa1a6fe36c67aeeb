import { describe, expect, it } from 'vitest';
import type { OutputField, OutputFields } from '../src/lib/types';
import { answerKeys, focusOf, keyAction, type Focus } from '../src/work/keyboard';

const options = (n: number, keys: Record<number, string> = {}) =>
  Array.from({ length: n }, (_, i) => ({ value: `v${i}`, label: `V${i}`, ...(keys[i] ? { key: keys[i] } : {}) }));
const choice = (n: number, keys?: Record<number, string>): OutputField => ({
  type: 'choice',
  label: 'Q',
  options: options(n, keys),
});
const press = (key: string, focus: Focus = 'page', command = false, alt = false) => ({ key, focus, command, alt });

const survey: OutputFields = {
  safe: { type: 'rating', label: 'Safe', min: 1, max: 7 },
  seen: { type: 'choices', label: 'Seen', options: options(3, { 2: 'x' }) },
  why: { type: 'text', label: 'Why' },
};

describe('answerKeys', () => {
  it('numbers the options, ten at most', () => {
    expect(answerKeys(choice(11)).map((each) => each.key)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '0',
      '',
    ]);
  });

  it("prefers an option's own key and gives no key twice", () => {
    expect(answerKeys(choice(3, { 0: 'P', 2: '2' })).map((each) => each.key)).toEqual(['p', '', '2']);
  });

  it('uses the values of a scale as its keys where they are digits', () => {
    expect(answerKeys({ type: 'rating', label: 'R', min: 0, max: 3 }).map((each) => each.key)).toEqual([
      '0',
      '1',
      '2',
      '3',
    ]);
    expect(answerKeys({ type: 'rating', label: 'R', min: 1, max: 10 }).at(-1)).toEqual({ key: '0', value: 10 });
    expect(answerKeys({ type: 'rating', label: 'R', min: -2, max: 2 })[0]).toEqual({ key: '1', value: -2 });
  });
});

describe('keyAction', () => {
  it('answers the active question', () => {
    expect(keyAction(press('3'), survey, 'safe')).toEqual({ do: 'answer', field: 'safe', value: 3 });
    expect(keyAction(press('1'), survey, 'seen')).toEqual({ do: 'answer', field: 'seen', value: 'v0' });
    expect(keyAction(press('7'), survey, 'seen')).toBeNull();
  });

  it('reaches an option by its own letter from any question', () => {
    expect(keyAction(press('X'), survey, 'safe')).toEqual({ do: 'answer', field: 'seen', value: 'v2' });
  });

  it('leaves typing alone', () => {
    for (const key of ['1', 'x', 'i', '?', 'Backspace', 'ArrowLeft']) {
      expect(keyAction(press(key, 'line'), survey, 'why')).toBeNull();
      expect(keyAction(press(key, 'lines'), survey, 'why')).toBeNull();
    }
    expect(keyAction(press('Enter', 'lines'), survey, 'why')).toBeNull();
    expect(keyAction(press('Enter', 'line'), survey, 'why')).toEqual({ do: 'continue' });
    expect(keyAction(press('Enter', 'lines', true), survey, 'why')).toEqual({ do: 'continue' });
  });

  it('leaves the browser its own', () => {
    expect(keyAction(press('1', 'page', true), survey, 'safe')).toBeNull();
    expect(keyAction(press('ArrowLeft', 'page', false, true), survey, 'safe')).toBeNull();
    expect(keyAction(press('Enter', 'button'), survey, 'safe')).toBeNull();
    expect(keyAction(press('ArrowLeft', 'radio'), survey, 'safe')).toBeNull();
  });

  it('goes on, back, and shows help', () => {
    expect(keyAction(press('Enter'), survey, null)).toEqual({ do: 'continue' });
    expect(keyAction(press('Backspace', 'radio'), survey, null)).toEqual({ do: 'back' });
    expect(keyAction(press('ArrowLeft'), survey, null)).toEqual({ do: 'back' });
    expect(keyAction(press('?'), survey, null)).toEqual({ do: 'keys' });
    expect(keyAction(press('i'), survey, null)).toEqual({ do: 'instructions' });
  });

  it("lets an option's own key win over the page's", () => {
    expect(keyAction(press('i'), { q: choice(2, { 0: 'i' }) }, 'q')).toEqual({ do: 'answer', field: 'q', value: 'v0' });
  });
});

describe('focusOf', () => {
  it('knows what swallows keys', () => {
    const make = (html: string) => {
      document.body.innerHTML = html;
      return document.body.querySelector('[id]');
    };
    expect(focusOf(make('<textarea id="a"></textarea>'))).toBe('lines');
    expect(focusOf(make('<input id="a" type="text">'))).toBe('line');
    expect(focusOf(make('<input id="a" type="radio">'))).toBe('radio');
    expect(focusOf(make('<input id="a" type="checkbox">'))).toBe('page');
    expect(focusOf(make('<button><b id="a">x</b></button>'))).toBe('button');
    expect(focusOf(make('<div id="a"></div>'))).toBe('page');
    expect(focusOf(null)).toBe('page');
  });

  it('S skips and P reports, unless an option has that letter', () => {
    expect(keyAction(press('s'), {}, null)).toEqual({ do: 'skip' });
    expect(keyAction(press('P'), {}, null)).toEqual({ do: 'report' });
    const own: OutputFields = {
      q: { type: 'choice', label: 'Q', options: [{ value: 'sad', label: 'Sad', key: 's' }] },
    };
    expect(keyAction(press('s'), own, 'q')).toEqual({ do: 'answer', field: 'q', value: 'sad' });
    expect(keyAction(press('s', 'line'), {}, null)).toBeNull();
  });
});
