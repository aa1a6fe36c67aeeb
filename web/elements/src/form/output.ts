// From fields to the output `{name: answer}` and back.
import type { Output } from '../base/shell.js';
import { answerOf, type Field, nameOf, restoreField } from './fields.js';

/** By custom of templates, a name for what nobody wants to keep. */
const thrownAway = '_';

/**
 * Joins the answers of the fields under their names. Objects of one name are merged, as Amazon does with check boxes and
 * radio buttons; other answers that share a name become a list, so that none is lost.
 */
export function outputOf(fields: readonly Field[]): Output {
  const output: Output = {};
  const listed = new Set<string>();
  for (const field of fields) {
    if (!nameOf(field)) continue;
    const answer = answerOf(field);
    if (answer === undefined) continue;
    const before = output[nameOf(field)];
    if (before === undefined || nameOf(field) === thrownAway) output[nameOf(field)] = answer;
    else if (isObject(before) && isObject(answer)) output[nameOf(field)] = { ...before, ...answer };
    else if (listed.has(nameOf(field))) (before as unknown[]).push(answer);
    else {
      output[nameOf(field)] = [before, answer];
      listed.add(nameOf(field));
    }
  }
  return output;
}

/** Gives each field its part of an output, flattened or not. */
export function restoreOutput(fields: readonly Field[], output: Output): void {
  const whole = unflatten(output);
  const seen = new Map<string, number>();
  const shared = new Map<string, number>();
  for (const name of fields.map(nameOf)) shared.set(name, (shared.get(name) ?? 0) + 1);
  for (const field of fields) {
    if (!nameOf(field) || !(nameOf(field) in whole)) continue;
    const answer = whole[nameOf(field)];
    const position = seen.get(nameOf(field)) ?? 0;
    seen.set(nameOf(field), position + 1);
    const isList = Array.isArray(answer) && shared.get(nameOf(field))! > 1;
    restoreField(field, isList ? answer[position] : answer);
  }
}

/** `{a: {b: 1}}` becomes `{"a.b": 1}`; lists stay whole. */
export function flatten(output: Output, prefix = ''): Output {
  const flat: Output = {};
  for (const [key, value] of Object.entries(output)) {
    const path = prefix + key;
    if (isObject(value) && Object.keys(value).length > 0) Object.assign(flat, flatten(value, `${path}.`));
    else flat[path] = value;
  }
  return flat;
}

/** Adds to a flattened output the objects that it came from; keys with dots stay as they are too. */
function unflatten(output: Output): Output {
  const whole: Output = { ...output };
  for (const [path, value] of Object.entries(output)) {
    const keys = path.split('.');
    for (let depth = 1; depth < keys.length; depth++) {
      const name = keys.slice(0, depth).join('.');
      if (name in output) continue;
      const place = (whole[name] ??= {}) as Output;
      put(place, keys.slice(depth), value);
    }
  }
  return whole;
}

function put(place: Output, keys: string[], value: unknown): void {
  // A label may hold a dot itself, so the joined key is kept beside the nested one.
  place[keys.join('.')] = value;
  const [first, ...rest] = keys;
  if (rest.length > 0) put((place[first!] ??= {}) as Output, rest, value);
}

function isObject(value: unknown): value is Output {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
