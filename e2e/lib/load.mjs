// Many workers at once on one batch, and the count afterwards: nothing lost, nothing doubled, nothing over-assigned.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { MOODS } from './crowd.mjs';
import { parseCsv } from './csv.mjs';
import { Problem } from './http.mjs';

/** @typedef {{ worker: string, task: string, mood: string }} Acknowledged */

/**
 * Lets `workers` claim and submit until `wanted` judgments are acknowledged.
 *
 * A request that gets no answer (the server was killed) is sent again, as the web app does; so is a submission, with
 * the same body, until it is acknowledged.
 *
 * @param {object} options
 * @param {import('./http.mjs').Client[]} options.workers
 * @param {{ id: string }} options.batch
 * @param {number} options.wanted all that the batch wants, or fewer
 * @param {number} options.seconds the time this may take
 * @param {(acknowledged: number) => void} [options.progressed] after each acknowledged submission
 * @param {(worker: number) => boolean} [options.vanishes] whether a worker who holds a lease leaves for good now
 * @returns {Promise<{ acknowledged: Acknowledged[], submissions: number, resent: number, seconds: number, claims: number[], submits: number[] }>}
 */
export async function work({ workers, batch, wanted, seconds, progressed = () => {}, vanishes = () => false }) {
  const begun = performance.now();
  const end = begun + seconds * 1000;
  const acknowledged = [];
  const claims = [];
  const submits = [];
  let submissions = 0;
  let resent = 0;

  /** Sends until an answer comes. The time of an answer at the first try goes into `times`. */
  async function insist(worker, path, body, times) {
    for (let tries = 0; ; tries += 1) {
      if (performance.now() > end) throw new Error(`not done after ${seconds} s: ${acknowledged.length} of ${wanted} judgments`);
      const sent = performance.now();
      try {
        const answer = await worker.send('POST', path, { body });
        if (answer.status < 500) {
          if (tries === 0) times.push(performance.now() - sent);
          else resent += 1;
          if (answer.status >= 400) throw new Problem('POST', path, answer);
          return answer;
        }
        if (answer.status !== 503) throw new Problem('POST', path, answer);
      } catch (error) {
        if (error instanceof Problem) throw error;
      }
      await sleep(50);
    }
  }

  async function one(worker, number) {
    while (acknowledged.length < wanted) {
      const claim = await insist(worker, `work/batches/${batch.id}/claim`, {}, claims);
      if (claim.status === 204) {
        // The rest is leased to others, who may still give it back.
        await sleep(100);
        if (performance.now() > end) throw new Error(`not done after ${seconds} s: ${acknowledged.length} of ${wanted} judgments`);
        continue;
      }
      const { assignment } = claim.data;
      if (vanishes(number)) return;
      const judgments = assignment.tasks.map(({ id }) => ({ task: id, output: { mood: MOODS[Math.floor(Math.random() * MOODS.length)] } }));
      const answer = await insist(worker, `work/assignments/${assignment.id}/submit`, { judgments }, submits);
      assert.equal(answer.data.judgments, judgments.length);
      for (const { task, output } of judgments) acknowledged.push({ worker: worker.pseudonym, task, mood: output.mood });
      submissions += 1;
      progressed(acknowledged.length);
    }
  }

  await Promise.all(workers.map(one));
  return { acknowledged, submissions, resent, seconds: (performance.now() - begun) / 1000, claims, submits };
}

/** Compares what the server exports with what it acknowledged; `complete` when the batch should have all it wants. */
export async function audit({ reader, batch, tasks, overlap, acknowledged, complete = true }) {
  const judgments = parseCsv(await reader.text(`batches/${batch.id}/judgments?format=csv`));
  const key = ({ worker, task }) => `${worker} ${task}`;
  const exported = new Map();
  const perTask = new Map();
  for (const { task_id: task, worker, mood } of judgments) {
    assert.ok(!exported.has(key({ worker, task })), `worker ${worker} has two judgments on task ${task}`);
    exported.set(key({ worker, task }), mood);
    perTask.set(task, (perTask.get(task) ?? 0) + 1);
  }
  for (const one of acknowledged) {
    assert.equal(exported.get(key(one)), one.mood, `an acknowledged judgment is lost or changed: ${JSON.stringify(one)}`);
  }
  assert.equal(acknowledged.length, judgments.length, 'acknowledged and exported judgments');
  for (const [task, count] of perTask) assert.ok(count <= overlap, `task ${task} has ${count} judgments`);
  if (!complete) return null;

  assert.equal(judgments.length, tasks * overlap, 'judgments in all');
  assert.equal(perTask.size, tasks, 'tasks with judgments');
  for (const [task, count] of perTask) assert.equal(count, overlap, `judgments on task ${task}`);

  const { progress } = await reader.get(`batches/${batch.id}`);
  assert.equal(progress.done, tasks);
  assert.equal(progress.left, 0);
  assert.equal(progress.in_work, 0);
  assert.equal(progress.judgments, tasks * overlap);
  return progress;
}

/** The value that a share of the numbers stay below. */
export function percentile(numbers, share) {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** One line a figure. */
export function figures({ acknowledged, submissions, seconds, claims, submits }) {
  const times = (numbers) => [0.5, 0.95, 0.99, 1].map((share) => percentile(numbers, share).toFixed(1)).join(' / ');
  return [
    `${acknowledged.length} judgments in ${submissions} submissions, ${seconds.toFixed(1)} s`,
    `${Math.round(submissions / seconds)} submissions a second, ${Math.round(acknowledged.length / seconds)} judgments a second`,
    `claim ms p50 / p95 / p99 / max: ${times(claims)}`,
    `submit ms p50 / p95 / p99 / max: ${times(submits)}`,
  ];
}
