// Measures bulk in and out: tasks and judgments up, results and judgments down, each as one streamed request.
//
//   node e2e/bulk.mjs [--engine sqlite|postgres] [--tasks 100000] [--overlap 3] [--people 1000]

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { MOODS, openBatch, setUpOwner } from './lib/crowd.mjs';
import { startServer } from './lib/server.mjs';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    tasks: { type: 'string', default: '100000' },
    overlap: { type: 'string', default: '3' },
    people: { type: 'string', default: '1000' },
  },
});
const [tasks, overlap, people] = ['tasks', 'overlap', 'people'].map((name) => Number(values[name]));

async function timed(what, act) {
  const begun = performance.now();
  const answer = await act();
  console.log(`${what}: ${((performance.now() - begun) / 1000).toFixed(2)} s`);
  return answer;
}

const server = await startServer({ engine: values.engine });
try {
  const owner = await setUpOwner(server);
  const { id } = await timed(`${tasks} tasks in`, () => openBatch(owner, { tasks, overlap, price: '0' }));
  const lines = ['task,worker,label'];
  for (let task = 0; task < tasks; task += 1) {
    for (let copy = 0; copy < overlap; copy += 1) {
      // Three of four answers are right; the right one goes by the task's number.
      const right = (task * 7 + copy * 3) % 4 !== 0;
      lines.push(`t${task},w${(task * overlap + copy) % people},${MOODS[(task + (right ? 0 : 1 + copy % 2)) % MOODS.length]}`);
    }
  }
  const imported = await timed(`${tasks * overlap} judgments of ${people} people in`, () => owner.post(`batches/${id}/judgments`, lines.join('\n'), { type: 'text/csv' }));
  assert.equal(imported.added, tasks * overlap);
  await timed('first results (they are computed now)', () => owner.get(`batches/${id}/results?limit=1`));
  for (const format of ['csv', 'ndjson', 'parquet']) {
    for (const what of ['results', 'judgments']) {
      const text = await timed(`${what} out, ${format}`, () => owner.text(`batches/${id}/${what}?format=${format}`));
      const rows = text.trimEnd().split('\n').length - (format === 'csv' ? 1 : 0);
      if (format !== 'parquet') assert.equal(rows, what === 'results' ? tasks : tasks * overlap);
    }
  }
  const memory = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'));
  console.log(`the server's memory at most: ${Math.round(Number(memory[1]) / 1024)} MiB`);
} finally {
  await server.remove();
}
process.exit();
