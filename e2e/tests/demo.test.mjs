// The demo: all examples, a simulated crowd that works on those whose answers it knows, a clean end, and a second start that goes on.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { parseCsv } from '../lib/csv.mjs';
import { Client } from '../lib/http.mjs';
import { CHECKOUT, startServer, until } from '../lib/server.mjs';

const has = (name, file) => existsSync(path.join(CHECKOUT, 'examples', name, file));
const EXAMPLES = readdirSync(path.join(CHECKOUT, 'examples')).filter((name) => has(name, 'project.toml')).sort();
const WITH_CROWD = EXAMPLES.filter((name) => has(name, 'truth.csv'));

async function signIn(demo) {
  await until('the welcome', () => demo.log().includes('demo is ready'));
  const [, email] = /sign in as +(\S+)/.exec(demo.log());
  const [, password] = /password +(\S+)/.exec(demo.log());
  const owner = new Client(demo.url);
  await owner.post('session', { email, password });
  return owner;
}

const batchesOf = async (owner) => (await owner.get('batches')).items.sort((a, b) => (a.project.name < b.project.name ? -1 : 1));
const judgmentsIn = (batches) => batches.reduce((sum, { progress }) => sum + progress.judgments, 0);

test('the demo works on all examples, ends cleanly, goes on, and its labels are right', { timeout: 180_000 }, async (t) => {
  const demo = await startServer({ command: 'demo', parameters: ['--speed', '60', '--workers', '8'] });
  t.after(() => demo.remove());
  let owner = await signIn(demo);
  const first = await batchesOf(owner);
  assert.deepEqual(first.map(({ project, state }) => [project.name, state]), EXAMPLES.map((name) => [name, 'open']));
  await until('the crowd to begin', async () => judgmentsIn(await batchesOf(owner)) > 10, { seconds: 60 });
  assert.deepEqual(await demo.stop('SIGINT'), { code: 0, signal: null });

  const words = demo.log().length;
  await demo.start();
  owner = await signIn({ url: demo.url, log: () => demo.log().slice(words) });
  const second = await batchesOf(owner);
  assert.deepEqual(second.map(({ id }) => id), first.map(({ id }) => id), 'the same batches');
  assert.ok(judgmentsIn(second) >= 10, 'the work of the first time is kept');
  const done = await until(
    'the crowd to finish',
    async () => {
      const batches = await batchesOf(owner);
      return batches.every(({ project, progress }) => progress.left === 0 || !WITH_CROWD.includes(project.name)) && batches;
    },
    { seconds: 120, pause: 500 },
  );

  for (const [name, field, least] of [['customer-messages', 'kind', 0.7], ['weather-scenes', 'weather', 0.7], ['claim-check', 'verdict', 0.7], ['box-review', 'verdict', 0.7]]) {
    const { id } = done.find(({ project }) => project.name === name);
    const truth = new Map(parseCsv(readFileSync(path.join(CHECKOUT, 'examples', name, 'truth.csv'), 'utf8')).map((row) => [row.task, row[field]]));
    const results = parseCsv(await owner.text(`batches/${id}/results?format=csv`));
    const right = results.filter((row) => truth.get(row.task) === row[field]).length / truth.size;
    t.diagnostic(`${name}: ${(100 * right).toFixed(1)} % right`);
    assert.equal(results.length, truth.size);
    assert.ok(right >= least, `${name}: ${right} right`);
  }
});
