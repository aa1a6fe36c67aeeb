// Real judgments, when their folder is there: CROWDSMITH_DATA names it, or it lies beside the checkout.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { CHECKOUT, postgres, startServer } from '../lib/server.mjs';
import { runSentiment } from '../sentiment.mjs';

const folder = [process.env.CROWDSMITH_DATA && path.join(process.env.CROWDSMITH_DATA, 'sentiment'), path.resolve(CHECKOUT, '../shared/data/sentiment')]
  .find((candidate) => candidate && existsSync(path.join(candidate, 'labels.csv')));

for (const engine of ['sqlite', 'postgres']) {
  let skip = folder ? false : 'no folder of recorded judgments (CROWDSMITH_DATA)';
  if (engine === 'postgres' && !postgres) skip = 'CROWDSMITH_TEST_POSTGRES is not set: run under scripts/with-postgres';
  test(`27,746 recorded judgments come out as they went in, and Dawid-Skene reaches 91 % (${engine})`, { skip, timeout: 180_000 }, async (t) => {
    const server = await startServer({ engine });
    t.after(() => server.remove());
    await runSentiment(server, folder, { report: (line) => t.diagnostic(line) });
  });
}
