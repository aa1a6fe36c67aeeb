import { describe, expect, it } from 'vitest';
import {
  addMoney,
  duration,
  finishTime,
  hourly,
  money,
  percent,
  withLocalTimes,
  withQuotes,
  distance,
} from '../src/lib/format';
import { recall } from '../src/lib/values';
import { timeLeft } from '../src/work/clock';

describe('withQuotes', () => {
  it('quotes names that the server puts between backticks', () =>
    expect(withQuotes('asks for `german`, and `first-aid`')).toBe('asks for “german”, and “first-aid”'));
});

describe('recall', () => {
  it('knows a file of the project by its name', () => {
    const link = '/media/06ZDP/sounds/voice.ogg?expires=1795&signature=65e4';
    expect(recall({ sound: link })).toBe('sounds/voice.ogg');
    expect(recall({ page: 'https://example.org/media/a?b' })).toBe('https://example.org/media/a?b');
  });
});

describe('money', () => {
  it.each([
    ['0.02', '$0.02'],
    ['0.0125', '$0.0125'],
    ['0.10', '$0.10'],
    ['1234.5', '$1,234.50'],
    ['0.000001', '$0.000001'],
    ['0', '$0.00'],
  ])('shows %s as %s', (amount, shown) => expect(money(amount, 'USD', 'en-US')).toBe(shown));

  it('takes the usual digits of the currency', () => expect(money('120', 'JPY', 'en-US')).toBe('¥120'));
  it('shows a currency that no browser knows', () => expect(money('5', 'points', 'en-US')).toBe('5 points'));
});

describe('addMoney', () => {
  it.each([
    ['0.1', '0.2', '0.30'],
    ['0', '0.015', '0.015'],
    ['9.99', '0.01', '10.00'],
    ['1', '-0.25', '0.75'],
    ['0.000001', '0.000001', '0.000002'],
    ['90071992547409.93', '0.01', '90071992547409.94'],
  ])('%s + %s = %s', (a, b, sum) => expect(addMoney(a, b)).toBe(sum));
});

describe('hourly', () => {
  it('is the pay of an hour at the typical time', () => expect(hourly('0.02', 8)).toBe('9.00'));
  it('is unknown without a time or without pay', () => {
    expect(hourly('0.02', null)).toBeNull();
    expect(hourly('0', 8)).toBeNull();
  });
});

describe('percent', () => {
  it.each([
    [0.5, '50%'],
    [1, '100%'],
    [0.9996, '99.9%'],
    [0.0004, '0.1%'],
    [0, '0%'],
    [0.994, '99%'],
  ])('shows %d as %s', (share, shown) => expect(percent(share, 'en')).toBe(shown));
});

describe('duration', () => {
  it.each([
    [8.4, '8 s'],
    [75, '1 min 15 s'],
    [900, '15 min'],
    [3600, '1 h'],
    [7320, '2 h 2 min'],
    [90000, '1 d 1 h'],
  ])('shows %d s as %s', (seconds, shown) => expect(duration(seconds)).toBe(shown));
});

describe('finishTime', () => {
  it('names the day when it is not today', () => {
    const now = Date.parse('2026-05-01T12:00:00Z');
    expect(finishTime('2026-05-01T13:00:00Z', now, 'en-GB')).toMatch(/^\d\d:\d\d$/);
    expect(finishTime('2026-05-04T13:00:00Z', now, 'en-GB')).toContain('May');
  });
});

describe('timeLeft', () => {
  const now = Date.parse('2026-05-01T12:00:00Z');
  const at = (seconds: number) => timeLeft(new Date(now + seconds * 1000).toISOString(), now);

  it('is calm in minutes, then counts seconds', () => {
    expect(at(1200)).toMatchObject({ urgency: 'calm', text: '20 min' });
    expect(at(180)).toMatchObject({ urgency: 'soon', text: '3:00' });
    expect(at(61)).toMatchObject({ urgency: 'soon', text: '1:01' });
    expect(at(60)).toMatchObject({ urgency: 'last', text: '1:00' });
    expect(at(0)).toMatchObject({ urgency: 'over', text: '0:00' });
    expect(at(-5)).toMatchObject({ urgency: 'over', seconds: 0 });
  });
});

describe('times in sentences of the server', () => {
  it('are said by the reader’s clock, and nothing else is touched', () => {
    const said = withLocalTimes('You can go on here after 2026-05-01T12:00:00.309269Z: a pause.', 'en-GB');
    expect(said).toMatch(/^You can go on here after 1 May 2026, \d\d:\d\d: a pause\.$/);
    expect(withLocalTimes('Line 3: 2026-05-01 is no number')).toBe('Line 3: 2026-05-01 is no number');
  });
});

describe('distance', () => {
  it.each([
    [0, '0 m'],
    [84, '80 m'],
    [1440, '1.4 km'],
    [23_456, '23 km'],
  ])('says %d metres', (metres, words) => {
    expect(distance(metres)).toBe(words);
  });
});
