import { describe, expect, test } from 'vitest';
import { looseStrings } from '../src/base/attributes.js';
import { LooseJsonError, parseLoose } from '../src/base/loose-json.js';

describe('parseLoose', () => {
  const good: [string, unknown][] = [
    [`['Cat', 'Dog']`, ['Cat', 'Dog']],
    [`{ text: 'None of the above' }`, { text: 'None of the above' }],
    [`[{'label': 'person', x: 1,},]`, [{ label: 'person', x: 1 }]],
    [`["a",\n  ,"b",]`, ['a', 'b']],
    [`[ "a" "b" ]`, ['a', 'b']],
    [`[,'a']`, ['a']],
    [`[yes, no, not sure]`, ['yes', 'no', 'not sure']],
    [
      `{a: True, b: None, c: -1.5e2, d: 0x1F, e: .5, f: +3, g: -0x10}`,
      { a: true, b: null, c: -150, d: 31, e: 0.5, f: 3, g: -16 },
    ],
    [`{ // a comment\n a: 1, /* and\n another */ 'b c': [] }`, { a: 1, 'b c': [] }],
    [`'It\\'s \\u00e9\\x41\\n'`, "It's éA\n"],
    [`"two\nlines"`, 'two\nlines'],
    [`“typographic”`, 'typographic'],
    [`{https: "a:b"}`, { https: 'a:b' }],
    [`  "x"  `, 'x'],
    [`42`, 42],
  ];
  test.each(good)('reads %s', (text, value) => {
    expect(parseLoose(text)).toEqual(value);
  });

  const bad: [string, RegExp][] = [
    [`["a"`, /never closed/],
    [`['a]`, /quote is never closed/],
    [`{a 1}`, /colon is missing after the key “a 1”/],
    [`[1] 2`, /something follows/],
    [`{"a": }`, /a value is missing.*line 1, column 7/],
    [`["\\u12"]`, /needs 4 hexadecimal digits/],
    [``, /a value is missing/],
  ];
  test.each(bad)('refuses %s', (text, message) => {
    expect(() => parseLoose(text)).toThrow(LooseJsonError);
    expect(() => parseLoose(text)).toThrow(message);
  });

  test('strict JSON reads as JSON.parse does', () => {
    const value = { a: [1, -2.5, 'x"y\\z', null, true], 'b "c"': { d: '\u2028' }, '': [] };
    expect(parseLoose(JSON.stringify(value, null, 2))).toEqual(value);
  });

  test('a key named __proto__ stays a key', () => {
    const value = parseLoose('{"__proto__": {"x": 1}}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(value['x']).toBeUndefined();
  });
});

describe('looseStrings', () => {
  test('gives text for numbers and for objects with a label', () => {
    expect(looseStrings.fromAttribute(`[1, 'two', {label: 'three'}]`)).toEqual(['1', 'two', 'three']);
  });
  test('refuses what is not a list', () => {
    expect(() => looseStrings.fromAttribute(`{a: 1}`)).toThrow(/a list such as/);
  });
});
