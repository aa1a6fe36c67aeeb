import { describe, expect, it } from 'vitest';
import type { Answers, Batch, OutputFields, Policy, Restriction, Result } from '../src/lib/types';
import { sayAnswers } from '../src/lib/values';
import { readDrafts, toDrafts, withOutput } from '../src/requester/quality/gold-answers';
import { sayAudience, sayOverlap, sayPolicy, sayRule } from '../src/requester/quality/policy';
import { floorOf, judgmentsFor, ticks } from '../src/requester/quality/replay';
import { inForce } from '../src/requester/restrictions';
import { bySureness } from '../src/requester/sort';

const option = (value: string) => ({ value, label: value.toUpperCase() });
const outputs: OutputFields = {
  mood: { type: 'choice', label: 'Mood', options: ['good', 'bad', 'mixed'].map(option) },
  tags: { type: 'choices', label: 'Tags', options: ['a', 'b', 'c'].map(option) },
  stars: { type: 'rating', label: 'Stars', min: 1, max: 5 },
  count: { type: 'number', label: 'How many', integer: true, min: 0, unit: 'cups' },
  name: { type: 'text', label: 'Name' },
};

describe('acceptable answers', () => {
  it('come back from the form as they went into it', () => {
    const answers: Answers = {
      mood: ['good', 'mixed'],
      tags: [['a', 'b'], ['c']],
      stars: [4, 5],
      count: [7, { min: 3, max: 5 }],
      name: ['Ada Lovelace', 'Ada'],
    };
    expect(readDrafts(outputs, toDrafts(outputs, answers))).toEqual({ answers, complaints: {} });
  });

  it('spell a range of a rating as its steps', () => {
    const drafts = toDrafts(outputs, { stars: [{ min: 2, max: 4 }] });
    expect(readDrafts(outputs, drafts).answers).toEqual({ stars: [2, 3, 4] });
  });

  it('may be unknown in some fields, not in all', () => {
    expect(readDrafts(outputs, toDrafts(outputs, { name: ['Ada'] })).complaints).toEqual({});
    expect(Object.keys(readDrafts(outputs, toDrafts(outputs, {})).complaints)).toEqual(['mood']);
  });

  it('must be answers that a worker could give', () => {
    const complaints = (lines: string) => {
      const drafts = toDrafts(outputs, {});
      drafts['count'] = { sets: [], lines };
      return readDrafts(outputs, drafts).complaints['count'];
    };
    expect(complaints('3\n5..9')).toBeUndefined();
    for (const lines of ['many', '2.5', '-1', '9..5', '3..', '3\nx']) expect(complaints(lines), lines).toBeTruthy();
  });

  it('take in what a worker answered, where the field is known', () => {
    expect(withOutput({ mood: ['good'] }, { mood: 'bad', name: 'Ada' })).toEqual({ mood: ['good', 'bad'] });
    expect(withOutput({ tags: [['a', 'b']] }, { tags: ['a', 'b'] })).toEqual({ tags: [['a', 'b']] });
  });

  it('are said with labels, units and ranges', () => {
    expect(sayAnswers(outputs['mood'], ['good', 'bad'])).toBe('GOOD or BAD');
    expect(sayAnswers(outputs['tags'], [['a', 'b'], ['c']])).toBe('A, B or C');
    expect(sayAnswers(outputs['count'], [2, { min: 4, max: 6 }])).toBe('2 cups or 4 to 6 cups');
  });
});

describe('the policy in words', () => {
  it('says every rule of overlap with its numbers', () => {
    expect(sayOverlap(3).join(' ')).toMatch(/3 judgments/);
    expect(sayOverlap({ min: 2, max: 7, target: 0.95 }).join(' ')).toMatch(/at least 2 and at most 7.*95%.*calibrated/);
    expect(sayOverlap({ rule: 'auto', max: 9 }).join(' ')).toMatch(
      /at least 1 and at most 9.*every answer is 95% certain/,
    );
    expect(sayOverlap({ target: { mood: 0.9 } }, outputs).join(' ')).toMatch(/at least 1 and at most 7.*“Mood”.*90%/);
    expect(sayOverlap({ rule: 'confidence', threshold: 0.7 }).join(' ')).toMatch(/70%.*trust/);
    expect(sayOverlap({ rule: 'dynamic', skill: 'quality' }).join(' ')).toMatch(/90%.*“quality”/);
    expect(sayOverlap({ rule: 'matching', matching: 2, max: 5 }).join(' ')).toMatch(/2 judgments are the same.*5/);
    expect(sayOverlap({ rule: 'fixed', judgments: 1 }).join(' ')).toMatch(/1 judgment\./);
  });

  it('says a rule from what it collects to what it does', () => {
    const rule = {
      collector: 'gold',
      last: 10,
      when: { count: '>= 3', rate: '< 60' },
      action: { restrict: 'batch', hours: 24 },
    } as const;
    expect(sayRule(rule)).toBe(
      'When the number is at least 3 and the rate is below 60, counted over the last 10 gold answers: no work in this batch for 24 hours.',
    );
    const skill = {
      collector: 'speed',
      faster_than: 5,
      when: { fast: 2 },
      action: { skill: 'care', value: 0 },
    } as const;
    expect(sayRule(skill)).toMatch(
      /is exactly 2, counted over sets of tasks \(fast: under 5 s\): the skill “care” becomes 0/,
    );
  });

  it('says whom a batch is for', () => {
    const said = sayAudience({
      english: ['>= 80', '!= 99'],
      team: 'not in 1, 2',
      art: 'exists',
      spam: 'does not exist',
    });
    expect(said.join(' ')).toBe(
      'The skill “english” is at least 80. The skill “english” is other than 99. The skill “team” is none of 1, 2. ' +
        'They have the skill “art”. They do not have the skill “spam”.',
    );
    expect(sayAudience({})).toEqual(sayAudience(null));
  });

  it('says what holds where nothing is set', () => {
    const plain: Policy = {
      overlap: 3,
      ambiguous: 'list',
      gold: null,
      quiz: null,
      trust: null,
      rules: [],
      audience: null,
    };
    const said = sayPolicy(plain, outputs);
    expect(said.map((clause) => clause.title)).toEqual(['How many judgments', 'Who may work', 'Quiz', 'Gold', 'Trust']);
    expect(said.every((clause) => clause.paragraphs.every(Boolean))).toBe(true);
  });
});

describe('the curves of other policies', () => {
  const point = (judgments_per_task: number, accuracy: number) => ({
    setting: judgments_per_task,
    judgments_per_task,
    accuracy,
    deviation: 0,
    done_with_2: 0,
    done_with_4: 0,
  });
  const points = [point(3, 0.9), point(1, 0.7), point(5, 0.95), point(4, 0.92)];

  it('tell how many judgments an accuracy takes, between their points too', () => {
    expect(judgmentsFor(points, 0.7)).toBe(1);
    expect(judgmentsFor(points, 0.6)).toBe(1);
    expect(judgmentsFor(points, 0.8)).toBeCloseTo(2);
    expect(judgmentsFor(points, 0.935)).toBeCloseTo(4.5);
    expect(judgmentsFor(points, 0.96)).toBeNull();
    expect(judgmentsFor([], 0.5)).toBeNull();
  });

  it('begin at a round share below the least, on round marks', () => {
    expect(floorOf(points)).toBe(0.7);
    expect(floorOf([point(1, 1)])).toBe(0.95);
    expect(floorOf([point(1, 0.93)])).toBe(0.9);
    expect(floorOf([point(1, 0.45)])).toBe(0.4);
    expect(ticks(0.6, 1, 5)).toEqual([0.6, 0.7, 0.8, 0.9, 1]);
    expect(ticks(0, 7.3, 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('restrictions in force', () => {
  const now = Date.parse('2026-05-01T12:00:00Z');
  const batch = { id: 'B', project: { name: 'moods' } } as Batch;
  const restriction = (id: string, change: Partial<Restriction>): Restriction => ({
    id,
    worker: 'A1',
    scope: 'batch',
    batch: null,
    project: null,
    why: '',
    until: null,
    lifted_at: null,
    ...change,
  });

  it('are those of this batch, its project and the workspace, as long as they last', () => {
    const all = [
      restriction('here', { batch: 'B' }),
      restriction('another batch', { batch: 'C' }),
      restriction('over', { batch: 'B', until: '2026-05-01T11:59:00Z' }),
      restriction('lifted', { batch: 'B', lifted_at: '2026-05-01T11:00:00Z' }),
      restriction('project', { scope: 'project', project: 'moods', until: '2026-05-02T00:00:00Z' }),
      restriction('another project', { scope: 'project', project: 'scenes' }),
      restriction('everywhere', { scope: 'workspace' }),
    ];
    expect(inForce(all, batch, now).map(({ id }) => id)).toEqual(['here', 'project', 'everywhere']);
  });
});

describe('results by how sure they are', () => {
  const result = (task: string, ...confidences: (number | null)[]): Result => ({
    task,
    task_id: task,
    input: {},
    state: 'done',
    judgments: 3,
    fields: Object.fromEntries(
      confidences.map((confidence, index) => [
        `f${index}`,
        { value: confidence === null ? null : 'x', confidence, judgments: 3, probabilities: null },
      ]),
    ),
  });

  it('goes by the least sure answer of each', () => {
    const results = [result('a', 0.9), result('b', 0.99, 0.4), result('c', null), result('d', 0.9)];
    expect(bySureness(results, 'order').map(({ task }) => task)).toEqual(['a', 'b', 'c', 'd']);
    expect(bySureness(results, 'least').map(({ task }) => task)).toEqual(['c', 'b', 'a', 'd']);
    expect(bySureness(results, 'most').map(({ task }) => task)).toEqual(['a', 'd', 'b', 'c']);
  });
});
