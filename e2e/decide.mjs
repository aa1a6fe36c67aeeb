// Measures what deciding costs: the same crowd works on a batch of fixed overlap and on one with adaptive overlap and gold,
// in turns on one server, and the times of a submission are compared.
//
//   node e2e/decide.mjs [--engine sqlite|postgres] [--workers 8] [--judgments 6000] [--turns 3]

import { parseArgs } from 'node:util';

import { goldRows, inviteWorkers, moodOf, openGoldBatch, setUpOwner } from './lib/crowd.mjs';
import { startServer } from './lib/server.mjs';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    workers: { type: 'string', default: '8' },
    judgments: { type: 'string', default: '6000' },
    turns: { type: 'string', default: '3' },
  },
});
const [people, judgments, turns] = ['workers', 'judgments', 'turns'].map((name) => Number(values[name]));

/** Lets all workers claim and submit until so many judgments are there; gives the milliseconds of each submission. */
async function work(workers, batch) {
  const times = [];
  let done = 0;
  async function one(worker, number) {
    while (done < judgments) {
      const claim = await worker.send('POST', `work/batches/${batch.id}/claim`, { body: {} });
      if (claim.status === 204) return;
      const { assignment } = claim.data;
      // Every fifth answer is another than the text tells, of each worker at other texts.
      const answers = assignment.tasks.map(({ id, input }, place) => ({
        task: id,
        output: { mood: (done + place + number) % 5 === 0 ? 'neutral' : moodOf(input.text) },
      }));
      const sent = performance.now();
      await worker.post(`work/assignments/${assignment.id}/submit`, { judgments: answers });
      times.push(performance.now() - sent);
      done += answers.length;
    }
  }
  const begun = performance.now();
  await Promise.all(workers.map(one));
  return { times, rate: times.length / ((performance.now() - begun) / 1000) };
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const median = (numbers) => [...numbers].sort((one, two) => one - two)[Math.floor(numbers.length / 2)];

const server = await startServer({ engine: values.engine });
try {
  const owner = await setUpOwner(server);
  const workers = await inviteWorkers(owner, people);
  const policies = {
    fixed: { overlap: 3 },
    'adaptive with gold': { overlap: { min: 2, max: 5, target: 0.95 }, gold: { per_suite: 1 }, trust: { minimum: 0.3 } },
  };
  const seen = Object.fromEntries(Object.keys(policies).map((name) => [name, { times: [], rates: [] }]));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [name, policy] of Object.entries(policies)) {
      const golds = name === 'fixed' ? [] : goldRows(1_000_000, 2_000);
      const project = `${name.replaceAll(' ', '-')}-${turn}`;
      const batch = await openGoldBatch(owner, { name: project, tasks: judgments, golds, suite: 5, ...policy });
      const { times, rate } = await work(workers, batch);
      await owner.post(`batches/${batch.id}/close`);
      seen[name].times.push(...times);
      seen[name].rates.push(rate);
    }
  }
  for (const [name, { times, rates }] of Object.entries(seen)) {
    console.log(`${name}: submission mean ${mean(times).toFixed(2)} ms, median ${median(times).toFixed(2)} ms; ${mean(rates).toFixed(0)} submissions and claims a second`);
  }
  const [fixed, adaptive] = Object.values(seen);
  console.log(`ratio: mean ${(mean(adaptive.times) / mean(fixed.times)).toFixed(3)}, median ${(median(adaptive.times) / median(fixed.times)).toFixed(3)}, throughput ${(mean(adaptive.rates) / mean(fixed.rates)).toFixed(3)}`);
} finally {
  await server.remove();
}
process.exit();
