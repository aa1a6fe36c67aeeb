// What a worker's browser loads at first: at most 100 KB compressed and ten requests.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, signIn } from '../lib/browser.mjs';
import { inviteWorkers, openBatch, setUpOwner } from '../lib/crowd.mjs';
import { startServer } from '../lib/server.mjs';

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

/** Loads a page in a fresh profile, and gives every request with the bytes that came over the wire. */
async function firstLoad(path, { signedIn = true } = {}) {
  const context = await browser.newContext();
  if (signedIn) await signIn(context, worker);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  const requests = new Map();
  devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (!request.url.startsWith('data:')) requests.set(requestId, { url: request.url, bytes: 0 });
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (requests.has(requestId)) requests.get(requestId).bytes = encodedDataLength;
  });
  await page.goto(server.url + path);
  await page.locator('h1').first().waitFor();
  // What comes in the next two seconds belongs to the first load too, such as the next tasks ahead of time.
  await page.waitForTimeout(2000);
  await context.close();
  return [...requests.values()];
}

for (const [name, path, options] of [
  ['the sign-in page', () => '/signin', { signedIn: false }],
  ['the list of work', () => '/work', {}],
  ['the task page', () => `/work/${batch.id}`, {}],
]) {
  test(`first load of ${name}`, { timeout: 60_000 }, async (t) => {
    const requests = await firstLoad(path(), options);
    const bytes = requests.reduce((sum, request) => sum + request.bytes, 0);
    t.diagnostic(`${name}: ${(bytes / 1000).toFixed(1)} KB in ${requests.length} requests`);
    const list = requests.slice(0, 20).map((request) => `${request.bytes} ${request.url}`).join('\n');
    assert.ok(requests.every((request) => request.url.startsWith(server.url)), `something comes from elsewhere:\n${list}`);
    assert.ok(bytes <= MOST_BYTES, `${bytes} bytes:\n${list}`);
    assert.ok(requests.length <= MOST_REQUESTS, `${requests.length} requests:\n${list}`);
  });
}
