// 32 workers at once, and a server that is killed while they work, on both databases.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { goldRows, inviteWorkers, openBatch, openGoldBatch, setUpOwner } from '../lib/crowd.mjs';
import { parseCsv } from '../lib/csv.mjs';
import { audit, figures, work } from '../lib/load.mjs';
import { postgres, startServer, until } from '../lib/server.mjs';

const ENGINES = [
  { engine: 'sqlite', skip: false },
  { engine: 'postgres', skip: postgres ? false : 'CROWDSMITH_TEST_POSTGRES is not set: run under scripts/with-postgres' },
];

for (const { engine, skip } of ENGINES) {
  describe(`32 workers on ${engine}`, { skip }, () => {
    let server;
    before(async () => {
      server = await startServer({ engine });
    });
    after(() => server?.remove());

    test('10,000 tasks with overlap 3 get exactly 30,000 judgments', { timeout: 300_000 }, async (t) => {
      const owner = await setUpOwner(server);
      const workers = await inviteWorkers(owner, 32);
      const batch = await openBatch(owner, { tasks: 10_000, overlap: 3, suite: 5 });
      const result = await work({ workers, batch, wanted: 30_000, seconds: 240 });
      for (const line of figures(result)) t.diagnostic(line);
      await audit({ reader: owner, batch, tasks: 10_000, overlap: 3, acknowledged: result.acknowledged });
    });
  });
}

test('two servers on one PostgreSQL share the work', { skip: ENGINES[1].skip, timeout: 120_000 }, async (t) => {
  const first = await startServer({ engine: 'postgres' });
  t.after(() => first.remove());
  const owner = await setUpOwner(first);
  const second = await startServer({ beside: first });
  t.after(() => second.remove());
  const workers = await inviteWorkers(owner, 16);
  // A session made at one server is good at the other.
  for (const worker of workers.slice(8)) worker.url = second.url;
  const [tasks, overlap] = [2_000, 3];
  const batch = await openBatch(owner, { tasks, overlap, suite: 5 });
  const result = await work({ workers, batch, wanted: tasks * overlap, seconds: 90 });
  for (const line of figures(result)) t.diagnostic(line);
  await audit({ reader: owner, batch, tasks, overlap, acknowledged: result.acknowledged });
});

// Most of their time is the minute after which an abandoned lease ends; so the engines wait side by side. The tests of one
// engine share a server, which each of them kills: they run one after the other, which has to be said, for what is inside
// inherits the concurrency.
describe('killed under load', { concurrency: ENGINES.length }, () => {
  for (const { engine, skip } of ENGINES) {
    describe(`on ${engine}`, { skip, concurrency: 1 }, () => {
      let server;
      let owner;
      before(async () => {
        server = await startServer({ engine });
        owner = await setUpOwner(server);
      });
      after(() => server?.remove());

      test('what was acknowledged is there once, and leases of those who left free themselves', { timeout: 240_000 }, async (t) => {
        const [tasks, overlap] = [1_000, 3];
        const wanted = tasks * overlap;
        const workers = await inviteWorkers(owner, 16);
        const batch = await openBatch(owner, { tasks, overlap, suite: 4, minutes: 1 });

        const kills = [0.2, 0.45, 0.7].map((share) => share * wanted);
        let restart = Promise.resolve();
        let gone = 0;
        const result = await work({
          workers,
          batch,
          wanted,
          seconds: 200,
          progressed: (acknowledged) => {
            if (acknowledged < (kills[0] ?? Infinity)) return;
            kills.shift();
            restart = restart.then(() => server.kill()).then(() => server.start());
          },
          // Four workers close their browser in the middle of an assignment.
          vanishes: (number) => number < 4 && kills.length < 3 && ++gone > 0,
        });
        await restart;
        assert.equal(kills.length, 0, 'the server was killed three times');
        assert.equal(gone, 4, 'four workers left');
        t.diagnostic(`${result.resent} requests were sent again`);
        for (const line of figures(result)) t.diagnostic(line);
        await until('the leases to end', async () => (await owner.get(`batches/${batch.id}`)).progress.in_work === 0, { seconds: 90, pause: 500 });
        await audit({ reader: owner, batch, tasks, overlap, acknowledged: result.acknowledged });
      });

      test('gold, adaptive overlap and refits survive it too', { timeout: 240_000 }, async (t) => {
        const [wanted, most] = [2_000, 4];
        const workers = await inviteWorkers(owner, 8, 'quality');
        const policy = { overlap: { min: 2, max: most, target: 0.9 }, gold: { per_suite: 1 }, quiz: { length: 2, pass: 0, tries: 1 } };
        const batch = await openGoldBatch(owner, { name: 'killed', tasks: 900, golds: goldRows(10_000, 300), suite: 4, budget: '100', ...policy });
        const kills = [0.25, 0.5, 0.75].map((share) => share * wanted);
        let restart = Promise.resolve();
        const progressed = (acknowledged) => {
          if (acknowledged < (kills[0] ?? Infinity)) return;
          kills.shift();
          restart = restart.then(() => server.kill()).then(() => server.start());
        };
        const { acknowledged, resent } = await work({ workers, batch, wanted, seconds: 200, progressed });
        await restart;
        assert.equal(kills.length, 0, 'the server was killed three times');
        t.diagnostic(`${resent} requests were sent again`);

        const judgments = parseCsv(await owner.text(`batches/${batch.id}/judgments?format=csv`));
        const key = ({ worker, task }) => `${worker} ${task}`;
        const stored = new Map(judgments.map((one) => [key({ worker: one.worker, task: one.task_id }), one]));
        assert.equal(stored.size, judgments.length, 'nobody has two judgments on one task');
        assert.equal(acknowledged.length, judgments.length, 'acknowledged and exported judgments');
        for (const one of acknowledged) assert.equal(stored.get(key(one))?.mood, one.mood, JSON.stringify(one));
        const counts = new Map();
        for (const { task_id: task, gold } of judgments) if (!gold) counts.set(task, (counts.get(task) ?? 0) + 1);
        assert.ok(Math.max(...counts.values()) <= most, 'no task has more judgments than its policy allows');
        assert.ok(judgments.some(({ gold }) => gold), 'gold was answered');
        const tasks = await owner.get(`batches/${batch.id}/tasks?limit=1000`);
        for (const task of tasks.items) assert.equal(task.judgments, counts.get(task.id) ?? 0, `the counter of ${task.id}`);
        // The two tasks of a quiz are unpaid.
        const { progress } = await owner.get(`batches/${batch.id}`);
        assert.equal(progress.spent, ((judgments.length - 2 * workers.length) * 0.01).toFixed(2));
      });
    });
  }
});
