// Measures the hot path: many workers claim and submit at once over HTTP, then every judgment is counted.
//
//   node e2e/load.mjs [--engine sqlite|postgres] [--workers 32] [--tasks 10000] [--overlap 3] [--suite 5]
//     [--judgments N] [--seconds 300]
//   node e2e/load.mjs --server http://127.0.0.1:8080 --token TOKEN ...
//
// Without --server it starts the built program with a fresh database; `--engine postgres` wants scripts/with-postgres.
// A server that runs already has to be on this machine; TOKEN needs the scope `admin`, for the invitation.

import { parseArgs } from 'node:util';

import { inviteWorkers, openBatch, setUpOwner } from './lib/crowd.mjs';
import { Client } from './lib/http.mjs';
import { audit, figures, work } from './lib/load.mjs';
import { startServer } from './lib/server.mjs';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    server: { type: 'string' },
    token: { type: 'string' },
    workers: { type: 'string', default: '32' },
    tasks: { type: 'string', default: '10000' },
    overlap: { type: 'string', default: '3' },
    suite: { type: 'string', default: '5' },
    judgments: { type: 'string' },
    seconds: { type: 'string', default: '300' },
  },
});
const [people, tasks, overlap, suite, seconds] = ['workers', 'tasks', 'overlap', 'suite', 'seconds'].map((name) => Number(values[name]));
if (values.server && !['127.0.0.1', 'localhost', '[::1]'].includes(new URL(values.server).hostname)) {
  throw new Error('--server has to be on this machine');
}

// With many tasks it can stop early: what a claim takes among a million open tasks is seen after a few thousand.
const wanted = Math.min(tasks * overlap, Number(values.judgments ?? Infinity));

const server = values.server ? null : await startServer({ engine: values.engine });
try {
  const owner = server ? await setUpOwner(server) : new Client(values.server, { token: values.token });
  const workers = await inviteWorkers(owner, people);
  const batch = await openBatch(owner, { name: `load-${Date.now()}`, tasks, overlap, suite });
  console.log(`${people} workers, ${tasks} tasks, overlap ${overlap}, suites of ${suite}, ${server ? values.engine : values.server}`);
  const result = await work({ workers, batch, wanted, seconds });
  for (const line of figures(result)) console.log(line);
  const complete = wanted === tasks * overlap;
  await audit({ reader: owner, batch, tasks, overlap, acknowledged: result.acknowledged, complete });
  console.log(`all ${result.acknowledged.length} judgments are there once, ${complete ? '' : 'at most '}${overlap} on each task`);
} finally {
  await server?.remove();
}
process.exit();
