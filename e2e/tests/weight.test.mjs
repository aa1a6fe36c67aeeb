// What a worker's browser loads at first: at most 100 KB compressed and ten requests.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch } from '../lib/browser.mjs';
import { inviteWorkers, openBatch, setUpOwner } from '../lib/crowd.mjs';
import { startServer } from '../lib/server.mjs';
import { bytesOf, firstLoad, listOf } from '../lib/weight.mjs';

const MOST_BYTES = 100_000;
const MOST_REQUESTS = 10;

let server;
let browser;
let worker;
let batch;

before(async () => {
  server = await startServer();
  const owner = await setUpOwner(server);
  [worker] = await inviteWorkers(owner, 1);
  batch = await openBatch(owner, { tasks: 50 });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

for (const [name, path, signedIn] of [
  ['the sign-in page', () => '/signin', false],
  ['the list of work', () => '/work', true],
  ['the task page', () => `/work/${batch.id}`, true],
]) {
  test(`first load of ${name}`, { timeout: 60_000 }, async (t) => {
    const requests = await firstLoad(browser, server.url + path(), { as: signedIn ? worker : null, arrive: (page) => page.locator('h1').first().waitFor() });
    const bytes = bytesOf(requests);
    t.diagnostic(`${name}: ${(bytes / 1000).toFixed(1)} KB in ${requests.length} requests`);
    const list = listOf(requests);
    assert.ok(requests.every((request) => request.url.startsWith(server.url)), `something comes from elsewhere:\n${list}`);
    assert.ok(bytes <= MOST_BYTES, `${bytes} bytes:\n${list}`);
    assert.ok(requests.length <= MOST_REQUESTS, `${requests.length} requests:\n${list}`);
  });
}
