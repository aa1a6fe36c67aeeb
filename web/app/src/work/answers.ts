// What a worker has entered for one task, whether it is a valid answer, and how it is sent.
import { t } from '../lib/strings/en';
import type { Output, OutputField, OutputFields, Value } from '../lib/types';

/** Values as the page holds them: a number stays the text that was typed until it is sent. */
export type Entry = Record<string, Value>;

export function isEmpty(value: Value | undefined): boolean {
  return (
    value === undefined || (typeof value === 'string' ? value.trim() === '' : Array.isArray(value) && !value.length)
  );
}

/** Reads a typed number; a comma may stand for the decimal point. */
export function parseNumber(text: string): number {
  const plain = text.trim().replace(/\s/g, '');
  const pointed = /^[^.,]*,[^.,]*$/.test(plain) ? plain.replace(',', '.') : plain;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(pointed) ? Number(pointed) : NaN;
}

function checkNumber(field: Extract<OutputField, { type: 'number' }>, value: Value): string | null {
  const number = typeof value === 'number' ? value : parseNumber(String(value));
  if (!Number.isFinite(number)) return t.answer.notNumber;
  if (field.integer && !Number.isInteger(number)) return t.answer.notInteger;
  if (field.min !== undefined && number < field.min) return t.answer.tooSmall(field.min);
  if (field.max !== undefined && number > field.max) return t.answer.tooLarge(field.max);
  return null;
}

function checkText(field: Extract<OutputField, { type: 'text' }>, value: Value): string | null {
  const length = [...String(value).trim()].length;
  if (field.min_length !== undefined && length < field.min_length) return t.answer.tooShort(field.min_length, length);
  if (field.max_length !== undefined && length > field.max_length) return t.answer.tooLong(field.max_length, length);
  return null;
}

function checkChoices(field: Extract<OutputField, { type: 'choices' }>, value: Value): string | null {
  const chosen = Array.isArray(value) ? value.length : 0;
  if (field.min !== undefined && chosen < field.min) return t.answer.tooFew(field.min);
  if (field.max !== undefined && chosen > field.max) return t.answer.tooMany(field.max);
  return null;
}

/** What is wrong with the value of one field, in words for the worker; null when it is right. */
export function check(field: OutputField, value: Value | undefined): string | null {
  if (value === undefined || isEmpty(value)) return field.required === false ? null : t.answer.missing[field.type];
  switch (field.type) {
    case 'number':
      return checkNumber(field, value);
    case 'text':
      return checkText(field, value);
    case 'choices':
      return checkChoices(field, value);
    case 'choice':
    case 'rating':
      return null;
  }
}

/** The complaints about a whole task, by field. Empty: it can be sent. */
export function checkAll(fields: OutputFields, entry: Entry): Record<string, string> {
  const complaints: Record<string, string> = {};
  for (const [name, field] of Object.entries(fields)) {
    const complaint = check(field, entry[name]);
    if (complaint) complaints[name] = complaint;
  }
  return complaints;
}

/** The entry as the API takes it: typed, without what was left empty. */
export function toOutput(fields: OutputFields, entry: Entry): Output {
  const output: Output = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = entry[name];
    if (value === undefined || isEmpty(value)) continue;
    if (field.type === 'number' && typeof value === 'string') output[name] = parseNumber(value);
    else if (field.type === 'text') output[name] = String(value).trim();
    // In the order of the question, however the options were shown.
    else if (field.type === 'choices' && Array.isArray(value))
      output[name] = field.options.map((option) => option.value).filter((option) => value.includes(option));
    else output[name] = value;
  }
  return output;
}

/** One choice or rating and nothing else: the answer itself moves on to the next task. */
export function stepsOnAnswer(fields: OutputFields): boolean {
  const all = Object.values(fields);
  return all.length === 1 && (all[0]?.type === 'choice' || all[0]?.type === 'rating');
}

/** Adds or takes away one option of a `choices` value, in the order of the options. */
export function toggle(
  field: Extract<OutputField, { type: 'choices' }>,
  value: Value | undefined,
  option: string,
): string[] {
  const chosen = new Set(Array.isArray(value) ? value : []);
  if (!chosen.delete(option)) chosen.add(option);
  return field.options.map((each) => each.value).filter((each) => chosen.has(each));
}
