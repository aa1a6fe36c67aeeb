import { describe, expect, it } from 'vitest';
import type { OutputFields, PageTerms, WorkDetail } from '../src/lib/types';
import { isDone, judgmentOf, type Sheet } from '../src/work/sheet';
import { orderOf, shuffled, shuffleOptions } from '../src/work/shuffle';

const options = ['a', 'b', 'c', 'd'].map((value) => ({ value, label: value.toUpperCase() }));
const output: OutputFields = {
  one: { type: 'choice', label: 'One', options },
  words: { type: 'text', label: 'Words', required: false },
};
const terms: PageTerms = {
  ...{
    frame: false,
    behavior: true,
    shuffle: false,
    skip: true,
    submit_on_choice: true,
    links: false,
    geolocation: false,
  },
};
const work = (page: Partial<PageTerms> = {}) => ({ output, page: { ...terms, ...page } }) as unknown as WorkDetail;
const native = { id: 't', input: {} };
const framed = { ...native, page: '/page/a/t' };
const behavior = { keys: 1 } as Sheet['behavior'] & object;

describe('judgmentOf', () => {
  it('sends what was entered', () => {
    expect(judgmentOf(native, { entry: { one: 'a' } }, work(), 's')).toEqual({ task: 't', output: { one: 'a' } });
  });

  it('sends how somebody worked only where the project wants it', () => {
    const sheet = { entry: { one: 'a' }, behavior };
    expect(judgmentOf(native, sheet, work(), 's')).toMatchObject({ behavior });
    expect(judgmentOf(native, sheet, work({ behavior: false }), 's')).not.toHaveProperty('behavior');
  });

  it('sends the order of shuffled options', () => {
    const shuffledWork = work({ shuffle: true });
    const order = { one: shuffleOptions(output, 's')['one'] };
    expect(judgmentOf(native, { entry: { one: 'a' } }, shuffledWork, 's')).toMatchObject({
      order: { one: (order.one as { options: { value: string }[] }).options.map(({ value }) => value) },
    });
    const shown = { entry: {}, output: {}, order: { one: ['d', 'a', 'c', 'b'] } };
    expect(judgmentOf(framed, shown, shuffledWork, 's')).toMatchObject({ order: shown.order });
    // The server would refuse the answer for these, which a worker could do nothing about.
    for (const order of [{ two: ['a'] }, { words: ['a'] }, { one: ['a', 'b'] }, { one: ['a', 'a', 'b', 'c'] }]) {
      expect(judgmentOf(framed, { entry: {}, output: {}, order }, shuffledWork, 's')).not.toHaveProperty('order');
    }
    expect(judgmentOf(framed, { entry: {}, output: {} }, shuffledWork, 's')).not.toHaveProperty('order');
  });

  it('sends a reason in place of an answer', () => {
    const skip = { kind: 'problem', reason: 'broken_page', comment: 'Grey.' } as const;
    const sheet = { entry: { one: 'a' }, behavior, skip };
    expect(judgmentOf(native, sheet, work(), 's')).toEqual({ task: 't', skip });
  });

  it('sends the output of a page as the page gave it', () => {
    const mask = { labeledImage: { pngImageData: 'iVBO' }, n: [1, { x: null }] };
    expect(judgmentOf(framed, { entry: {}, output: { mask }, complete: true }, work({ frame: true }), 's')).toEqual({
      task: 't',
      output: { mask },
    });
  });
});

describe('isDone', () => {
  it('asks the form, the page or the reason', () => {
    expect(isDone(native, { entry: {} }, work())).toBe(false);
    expect(isDone(native, { entry: { one: 'a' } }, work())).toBe(true);
    expect(isDone(framed, { entry: { one: 'a' }, output: {} }, work())).toBe(false);
    expect(isDone(framed, { entry: {}, output: {}, complete: true }, work())).toBe(true);
    expect(isDone(framed, { entry: {}, skip: { kind: 'skip', reason: 'other' } }, work())).toBe(true);
  });
});

describe('shuffled', () => {
  it('is the same for the same seed and another for others', () => {
    expect(shuffled(options, 'w/t')).toEqual(shuffled(options, 'w/t'));
    const orders = new Set(Array.from({ length: 40 }, (_, i) => orderOf(output, `w/${i}`)['one']!.join('')));
    expect(orders.size).toBeGreaterThan(12);
  });

  it('puts every option first about as often', () => {
    const first = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      const value = orderOf(output, `worker/0KX${i}`)['one']![0]!;
      first.set(value, (first.get(value) ?? 0) + 1);
    }
    for (const times of first.values()) expect(Math.abs(times - 1000)).toBeLessThan(120);
    expect(first.size).toBe(4);
  });

  it('leaves fields without options alone', () => {
    expect(shuffleOptions(output, 's')['words']).toBe(output['words']);
    expect(orderOf(output, 's')).not.toHaveProperty('words');
  });
});
