import { beforeEach, describe, expect, it } from 'vitest';
import type { Assignment } from '../src/lib/types';
import { Drafts } from '../src/work/drafts';

const now = Date.parse('2026-05-01T12:00:00Z');
const assignment = (id: string, minutes = 10): Assignment => ({
  id,
  batch: 'B',
  revision: 1,
  claimed_at: new Date(now).toISOString(),
  deadline: new Date(now + minutes * 60_000).toISOString(),
  quiz: false,
  tasks: [{ id: 't', input: {} }],
});

describe('Drafts', () => {
  beforeEach(() => localStorage.clear());
  const mine = new Drafts('me', localStorage);

  it('come back for their assignment and their worker', () => {
    mine.save(assignment('A1'), 2, { t: { entry: { mood: 'good' } } });
    expect(mine.load('A1')).toMatchObject({ position: 2, sheets: { t: { entry: { mood: 'good' } } } });
    expect(mine.load('A2')).toBeNull();
    expect(new Drafts('other', localStorage).load('A1')).toBeNull();
  });

  it('are forgotten when their time is over', () => {
    mine.save(assignment('A1', 10), 0, {});
    mine.save(assignment('A2', -1), 0, {});
    expect(mine.live(now).map((draft) => draft.batch)).toEqual(['B']);
    expect(mine.load('A2')).toBeNull();
  });

  it('keep an outgoing submission to the byte until it is acknowledged', () => {
    const body = '{"judgments":[{"task":"t","output":{"mood":"ü"}}]}';
    mine.post(assignment('A1'), body);
    expect(mine.outgoing('B')).toMatchObject([{ body, assignment: { id: 'A1' } }]);
    expect(mine.outgoing('C')).toEqual([]);
    mine.posted('A1');
    expect(mine.outgoing('B')).toEqual([]);
  });

  it('do without a storage that refuses', () => {
    const full = new Proxy(localStorage, {
      get: () => () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    });
    const drafts = new Drafts('me', full);
    expect(() => drafts.save(assignment('A1'), 0, {})).not.toThrow();
    expect(drafts.load('A1')).toBeNull();
    expect(drafts.live(now)).toEqual([]);
  });

  it('survive a draft that something else has spoilt', () => {
    localStorage.setItem('crowdsmith.draft.A1', '{"half');
    expect(mine.load('A1')).toBeNull();
    expect(mine.live(now)).toEqual([]);
  });

  it('makes room for what is finished by giving up its draft', () => {
    const room = 400;
    const storage = {
      ...{ kept: new Map<string, string>(), length: 0, key: () => null, clear: () => {} },
      getItem: (key: string) => storage.kept.get(key) ?? null,
      removeItem: (key: string) => void storage.kept.delete(key),
      setItem: (key: string, value: string) => {
        const used = [...storage.kept].reduce((sum, [name, text]) => sum + (name === key ? 0 : text.length), 0);
        if (used + value.length > room) throw new DOMException('full', 'QuotaExceededError');
        storage.kept.set(key, value);
      },
    };
    const full = new Drafts('me', storage as unknown as Storage);
    const mask = { mask: 'x'.repeat(100) };
    full.save(assignment('A1'), 0, { t: { entry: {}, output: mask } });
    expect(storage.kept.size).toBe(1);
    full.post(assignment('A1'), JSON.stringify(mask));
    expect([...storage.kept.keys()]).toEqual(['crowdsmith.outgoing.A1']);
  });
});
