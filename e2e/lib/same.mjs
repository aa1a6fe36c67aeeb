import assert from 'node:assert/strict';

/** Compares stored JSON with what is wanted; a function there checks its value itself. */
export function same(actual, wanted, where = 'output') {
  if (typeof wanted === 'function') return wanted(actual);
  if (wanted === null || typeof wanted !== 'object') return assert.deepEqual(actual, wanted, where);
  assert.equal(Array.isArray(actual), Array.isArray(wanted), `${where} is ${JSON.stringify(actual)}`);
  assert.ok(actual !== null && typeof actual === 'object', `${where} is ${JSON.stringify(actual)}`);
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(wanted).sort(), `the keys of ${where}: ${JSON.stringify(actual).slice(0, 500)}`);
  for (const key of Object.keys(wanted)) same(actual[key], wanted[key], `${where}.${key}`);
}
