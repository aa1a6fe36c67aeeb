// The whole way of real data: 4,999 sentences and 27,746 judgments of 203 people in over HTTP, results out, scored.
//
//   node e2e/sentiment.mjs FOLDER
//
// FOLDER has tasks.csv (task,text), labels.csv (task,worker,label) and truth.csv (task,label).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { setUpOwner, withToken } from './lib/crowd.mjs';
import { parseCsv } from './lib/csv.mjs';
import { startServer } from './lib/server.mjs';

const sortedKeys = (rows, ...names) => rows.map((row) => names.map((name) => row[name]).join(' ')).sort();

/** Pushes and imports FOLDER, checks what comes out, and gives the figures. */
export async function runSentiment(server, folder, { report = console.log } = {}) {
  const read = (name) => readFileSync(path.join(folder, name), 'utf8');
  const labels = parseCsv(read('labels.csv'));
  const truth = new Map(parseCsv(read('truth.csv')).map(({ task, label }) => [task, label]));
  const tasks = parseCsv(read('tasks.csv'));

  const client = await withToken(await setUpOwner(server), ['read', 'write']);
  const timed = async (what, act) => {
    const begun = performance.now();
    const answer = await act();
    report(`${what}: ${((performance.now() - begun) / 1000).toFixed(2)} s`);
    return answer;
  };

  await client.put('projects/sentiment', {
    title: 'Does the writer like the film?',
    description: '',
    instructions: '',
    input: { text: { type: 'text', label: 'Sentence' } },
    output: { mood: { type: 'choice', label: 'Mood', options: ['positive', 'negative'].map((value) => ({ value, label: value })) } },
  });
  const { id } = await client.put('projects/sentiment/batches/recorded', {
    overlap: 6, suite_size: 10, time_limit_minutes: 30, price: '0', currency: 'USD', budget: null,
  });
  const csv = { type: 'text/csv' };
  const added = await timed(`${tasks.length} tasks in`, () => client.post(`batches/${id}/tasks`, read('tasks.csv'), csv));
  assert.deepEqual(added, { added: tasks.length, unchanged: 0 });

  const people = new Set(labels.map(({ worker }) => worker)).size;
  const imported = await timed(`${labels.length} judgments in`, () => client.post(`batches/${id}/judgments`, read('labels.csv'), csv));
  assert.deepEqual(imported, { added: labels.length, unchanged: 0, workers: people });
  const again = await timed('the same again', () => client.post(`batches/${id}/judgments`, read('labels.csv'), csv));
  assert.equal(again.added, 0);
  assert.equal(again.unchanged, labels.length);

  const judgments = parseCsv(await timed('judgments out, CSV', () => client.text(`batches/${id}/judgments?format=csv`)));
  assert.deepEqual(sortedKeys(judgments, 'task', 'worker', 'mood'), sortedKeys(labels, 'task', 'worker', 'label'), 'every judgment exactly once');
  const lines = (await timed('judgments out, NDJSON', () => client.text(`batches/${id}/judgments?format=ndjson`))).trim().split('\n');
  assert.deepEqual(
    sortedKeys(lines.map((line) => JSON.parse(line)), 'task', 'worker', 'mood'),
    sortedKeys(labels, 'task', 'worker', 'label'),
  );
  const parquet = await timed('judgments out, Parquet', () => client.text(`batches/${id}/judgments?format=parquet`));
  assert.ok(parquet.startsWith('PAR1') && parquet.endsWith('PAR1'), 'Parquet begins and ends with its mark');

  const accuracy = {};
  for (const method of ['dawid-skene', 'majority-vote']) {
    const results = parseCsv(await timed(`results by ${method}, CSV`, () => client.text(`batches/${id}/results?format=csv&method=${method}`)));
    assert.equal(results.length, tasks.length);
    assert.equal(new Set(results.map(({ task }) => task)).size, tasks.length);
    for (const row of results) assert.ok(Number(row.mood_confidence) > 0 && Number(row.mood_confidence) <= 1, `confidence of ${row.task}`);
    const scored = results.filter(({ task }) => truth.has(task));
    accuracy[method] = scored.filter(({ task, mood }) => truth.get(task) === mood).length / scored.length;
    report(`accuracy of ${method}: ${(100 * accuracy[method]).toFixed(2)} % of ${scored.length} tasks`);
  }
  const workers = parseCsv(await client.text(`batches/${id}/workers?format=csv`));
  assert.equal(workers.length, people);
  assert.equal(workers.reduce((sum, { judgments: count }) => sum + Number(count), 0), labels.length);
  assert.ok(accuracy['dawid-skene'] >= 0.91, `Dawid-Skene reaches ${accuracy['dawid-skene']}`);
  client.close();
  return accuracy;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  if (!folder) throw new Error('usage: node e2e/sentiment.mjs FOLDER');
  const server = await startServer();
  try {
    await runSentiment(server, folder);
  } finally {
    await server.remove();
  }
  process.exit();
}
