import { describe, expect, it } from 'vitest';
import type { OutputFields } from '../src/lib/types';
import { check, checkAll, parseNumber, stepsOnAnswer, toggle, toOutput } from '../src/work/answers';

const mood = {
  type: 'choice',
  label: 'Mood',
  options: [
    { value: 'good', label: 'Good' },
    { value: 'bad', label: 'Bad' },
  ],
} as const;
const tags = {
  type: 'choices',
  label: 'Tags',
  min: 1,
  max: 2,
  options: ['a', 'b', 'c'].map((value) => ({ value, label: value })),
} as const;

const fields = {
  mood,
  tags,
  age: { type: 'number', label: 'Age', min: 0, max: 120, integer: true },
  stars: { type: 'rating', label: 'Stars', min: 1, max: 5 },
  why: { type: 'text', label: 'Why', min_length: 3, max_length: 10, required: false },
} as unknown as OutputFields;

describe('parseNumber', () => {
  it.each([
    ['12', 12],
    [' 1.5 ', 1.5],
    ['1,5', 1.5],
    ['-3', -3],
    ['.5', 0.5],
    ['1e3', 1000],
    ['1 000', 1000],
  ])('reads %j', (text, value) => expect(parseNumber(text)).toBe(value));

  it.each(['', 'x', '1,000.5', '1.2.3', '0x10', 'Infinity', '12px'])('refuses %j', (text) =>
    expect(parseNumber(text)).toBeNaN(),
  );
});

describe('check', () => {
  it('asks for what is required, and only for that', () => {
    expect(Object.keys(checkAll(fields, {}))).toEqual(['mood', 'tags', 'age', 'stars']);
    expect(check(fields['mood']!, 'good')).toBeNull();
  });

  it('knows the limits of numbers', () => {
    const age = fields['age']!;
    expect(check(age, '42')).toBeNull();
    expect(check(age, '0')).toBeNull();
    expect(check(age, '-1')).toContain('0');
    expect(check(age, '121')).toContain('120');
    expect(check(age, '1.5')).toContain('whole');
    expect(check(age, 'many')).toContain('not a number');
  });

  it('counts characters as people do, without the space around', () => {
    const why = fields['why']!;
    expect(check(why, '   ')).toBeNull();
    expect(check(why, ' ab ')).toContain('3');
    expect(check(why, '🙂🙂🙂')).toBeNull();
    expect(check(why, 'x'.repeat(11))).toContain('10');
  });

  it('knows how many may be chosen', () => {
    expect(check(tags as never, ['a', 'b', 'c'])).toContain('2');
    expect(check(tags as never, ['a'])).toBeNull();
  });
});

describe('toOutput', () => {
  it('sends typed values and leaves out what is empty or unknown', () => {
    const entry = { mood: 'bad', tags: ['a'], age: '7', stars: 4, why: '  ', gone: 'x' };
    expect(toOutput(fields, entry)).toEqual({ mood: 'bad', tags: ['a'], age: 7, stars: 4 });
  });

  it('trims text', () => expect(toOutput(fields, { why: ' yes ' })).toEqual({ why: 'yes' }));
});

describe('toggle', () => {
  it('keeps the order of the options', () => {
    expect(toggle(tags as never, ['c'], 'a')).toEqual(['a', 'c']);
    expect(toggle(tags as never, ['a', 'c'], 'a')).toEqual(['c']);
  });
});

describe('stepsOnAnswer', () => {
  it('is so for a single choice or rating only', () => {
    expect(stepsOnAnswer({ mood } as unknown as OutputFields)).toBe(true);
    expect(stepsOnAnswer({ tags } as unknown as OutputFields)).toBe(false);
    expect(stepsOnAnswer(fields)).toBe(false);
  });
});
