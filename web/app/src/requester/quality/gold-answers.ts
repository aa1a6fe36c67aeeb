// The acceptable answers of a gold task while a requester edits them: options are ticked, numbers and texts are lines.
import { t } from '../../lib/strings/requester-en';
import type { Answers, GoldAnswer, Output, OutputField, OutputFields } from '../../lib/types';
import { check, parseNumber } from '../../work/answers';

/** `sets`: for `choices` each acceptable set of options, else one set of the acceptable options or steps. */
export interface Draft {
  sets: string[][];
  lines: string;
}

export type Drafts = Record<string, Draft>;

const isRange = (answer: GoldAnswer): answer is { min: number; max: number } =>
  typeof answer === 'object' && !Array.isArray(answer);

/** The steps of a rating, or the options of a choice; nothing where one types. */
export function optionsOf(field: OutputField): { value: string; label: string }[] {
  if (field.type === 'choice' || field.type === 'choices') return field.options;
  if (field.type !== 'rating') return [];
  return Array.from({ length: field.max - field.min + 1 }, (_, index) => {
    const step = String(field.min + index);
    return { value: step, label: step };
  });
}

function draftOf(field: OutputField, answers: readonly GoldAnswer[]): Draft {
  if (field.type === 'choices') {
    const sets = answers.filter((answer) => Array.isArray(answer));
    return { sets: sets.length ? sets : [[]], lines: '' };
  }
  if (field.type === 'choice') return { sets: [answers.map(String)], lines: '' };
  if (field.type === 'rating') {
    const fits = (step: number) =>
      answers.some((answer) => (isRange(answer) ? answer.min <= step && step <= answer.max : answer === step));
    const steps = optionsOf(field).map((option) => option.value);
    return { sets: [steps.filter((step) => fits(Number(step)))], lines: '' };
  }
  const line = (answer: GoldAnswer) =>
    isRange(answer) ? `${answer.min}..${answer.max}` : String(answer).replace(/\s+/g, ' ');
  return { sets: [], lines: answers.map(line).join('\n') };
}

export function toDrafts(outputs: OutputFields, answers: Answers): Drafts {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, field]) => [name, draftOf(field, answers[name] ?? [])]),
  );
}

/** A worker's output, or a result, as the only acceptable answers. */
export function answersOf(output: Output): Answers {
  return Object.fromEntries(Object.entries(output).map(([name, value]) => [name, [value]]));
}

/** The answers with a worker's output acceptable besides, in the fields that are known. */
export function withOutput(answers: Answers, output: Output): Answers {
  const same = (one: GoldAnswer, two: GoldAnswer) => JSON.stringify(one) === JSON.stringify(two);
  return Object.fromEntries(
    Object.entries(answers).map(([name, accepted]) => {
      const given = output[name];
      const has = given === undefined || accepted.some((one) => same(one, given));
      return [name, has ? accepted : [...accepted, given]];
    }),
  );
}

function readLine(field: OutputField, line: string): GoldAnswer | null {
  if (field.type !== 'number') return check(field, line) === null ? line : null;
  const [from = '', to] = line.split('..');
  if (check(field, from) !== null) return null;
  if (to === undefined) return parseNumber(from);
  const range = { min: parseNumber(from), max: parseNumber(to) };
  return check(field, to) === null && range.min <= range.max ? range : null;
}

function readDraft(field: OutputField, draft: Draft): GoldAnswer[] | string {
  const sets = draft.sets.filter((set) => set.length);
  if (field.type === 'choices') {
    const wrong = sets.map((set) => check(field, set)).find((complaint) => complaint !== null);
    return wrong ?? sets;
  }
  if (field.type === 'choice') return sets[0] ?? [];
  if (field.type === 'rating') return (sets[0] ?? []).map(Number);
  const lines = draft.lines.split('\n').map((line) => line.trim());
  const answers: GoldAnswer[] = [];
  for (const line of lines.filter(Boolean)) {
    const answer = readLine(field, line);
    if (answer === null) return field.type === 'number' ? t.gold.badNumber(line) : t.gold.badText(line);
    answers.push(answer);
  }
  return answers;
}

/** Reads the drafts. A field without answers may be answered anyhow; at least one must have some. */
export function readDrafts(
  outputs: OutputFields,
  drafts: Drafts,
): { answers: Answers; complaints: Record<string, string> } {
  const answers: Answers = {};
  const complaints: Record<string, string> = {};
  for (const [name, field] of Object.entries(outputs)) {
    const read = readDraft(field, drafts[name] ?? { sets: [], lines: '' });
    if (typeof read === 'string') complaints[name] = read;
    else if (read.length) answers[name] = read;
  }
  const first = Object.keys(outputs)[0];
  if (first !== undefined && !Object.keys(answers).length && !Object.keys(complaints).length)
    complaints[first] = t.gold.noAnswer;
  return { answers, complaints };
}
