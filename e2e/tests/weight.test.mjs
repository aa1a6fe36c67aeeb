// What a worker's browser loads at first: at most 100 KB compressed and ten requests, pages loaded ahead included.

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
let framed;

before(async () => {
  server = await startServer();
  const owner = await setUpOwner(server);
  [worker] = await inviteWorkers(owner, 1);
  batch = await openBatch(owner, { tasks: 50 });
  const template = '<crowd-form><crowd-classifier name="mood" header="Which mood?" categories="[\'good\', \'bad\']"><classification-target>{{ task.input.text }}</classification-target></crowd-classifier></crowd-form>';
  await owner.put('projects/framed', { title: 'Moods', description: 'Made for a test.', input: { text: { type: 'text' } }, template });
  framed = await owner.put('projects/framed/batches/main', { overlap: 1, suite_size: 1, price: '0.01', currency: 'USD' });
  await owner.post(`batches/${framed.id}/tasks`, Array.from({ length: 20 }, (_, index) => ({ task: `t${index}`, text: `Text ${index}` })));
  await owner.post(`batches/${framed.id}/open`);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

const AHEAD = 'iframe.ready:not(.shown)';
for (const [name, path, signedIn, sign = 'h1'] of [
  ['the sign-in page', () => '/signin', false],
  ['the list of work', () => '/work', true],
  ['the task page', () => `/work/${batch.id}`, true],
  ['the task page of a template, with the page ahead', () => `/work/${framed.id}`, true, AHEAD],
]) {
  test(`first load of ${name}`, { timeout: 60_000 }, async (t) => {
    const requests = await firstLoad(browser, server.url + path(), { as: signedIn ? worker : null, arrive: (page) => page.locator(sign).first().waitFor({ state: 'attached' }) });
    const bytes = bytesOf(requests);
    t.diagnostic(`${name}: ${(bytes / 1000).toFixed(1)} KB in ${requests.length} requests`);
    const list = listOf(requests);
    assert.ok(requests.every((request) => request.url.startsWith(server.url)), `something comes from elsewhere:\n${list}`);
    assert.ok(bytes <= MOST_BYTES, `${bytes} bytes:\n${list}`);
    assert.ok(requests.length <= MOST_REQUESTS, `${requests.length} requests:\n${list}`);
  });
}
