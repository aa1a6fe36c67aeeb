import { t } from './strings/en';
import type { GoldAnswer, Input, OutputField } from './types';

/** The value in what an element of a task page submitted: `{label}`, `{labels}`, or `{red: true, blue: false}`. */
function plain(value: object): unknown {
  const { label, labels } = value as { label?: unknown; labels?: unknown };
  if (typeof label === 'string') return label;
  if (Array.isArray(labels)) return labels;
  const entries = Object.entries(value);
  return entries.every(([, on]) => typeof on === 'boolean')
    ? entries.filter(([, on]) => on).map(([name]) => name)
    : JSON.stringify(value);
}

/** An answer as the worker saw it: labels of options, not their values. */
export function sayValue(field: OutputField | undefined, given: unknown): string {
  const value = typeof given === 'object' && given !== null && !Array.isArray(given) ? plain(given) : given;
  if (value === null || value === undefined) return '–';
  const label = (one: string) =>
    field && 'options' in field ? (field.options.find((option) => option.value === one)?.label ?? one) : one;
  if (Array.isArray(value)) return value.length ? value.map(label).join(', ') : '–';
  if (typeof value === 'number')
    return field?.type === 'number' && field.unit ? `${value} ${field.unit}` : String(value);
  return label(String(value));
}

/** The acceptable answers to one question of a gold task: `Good or So-so`, `3 to 5 km`. */
export function sayAnswers(field: OutputField | undefined, answers: readonly GoldAnswer[]): string {
  const one = (answer: GoldAnswer) => {
    if (typeof answer !== 'object' || Array.isArray(answer) || !('min' in answer)) return sayValue(field, answer);
    const unit = field?.type === 'number' && field.unit ? ` ${field.unit}` : '';
    return t.answer.range(answer.min, answer.max) + unit;
  };
  return answers.map(one).join(t.answer.or);
}

/** A few words that recall a task: its first input, but for the one that is shown otherwise. */
export function recall(input: Input, shown?: string): string {
  const first = Object.entries(input).find(
    ([name, value]) => name !== shown && value !== null && value !== undefined && value !== '',
  )?.[1];
  const words = typeof first === 'object' ? JSON.stringify(first) : String(first ?? '');
  // A link to a file of the project is known by the file's name.
  const text = /^\/media\/[^/]+\/([^?]+)\?/.exec(words)?.[1] ?? words;
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}
