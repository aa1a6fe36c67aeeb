// Each example as a worker meets it, at a desk and on a phone: pushed to a real server, one task done by keyboard alone
// (drawing, recording and taking a position included), and what was stored compared with what was done.

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { complaints, launch, picture } from '../lib/browser.mjs';
import { inviteWorkers, setUpOwner, withToken } from '../lib/crowd.mjs';
import { FAKE_DEVICES, isMedia, judgmentBy, rendered, sitDown, taskFrame, tasksOf } from '../lib/desk.mjs';
import { EXAMPLES } from '../lib/examples.mjs';
import { Hand } from '../lib/hand.mjs';
import { axe, overhang } from '../lib/look.mjs';
import { same } from '../lib/same.mjs';
import { CHECKOUT, run, startServer } from '../lib/server.mjs';
import { bytesOf, firstLoad, listOf } from '../lib/weight.mjs';

// What a page weighs at most, with the shell around it and the pages ahead.
const LIMITS = { text: { bytes: 100_000, count: 10 }, media: { bytes: 250_000, count: 14 }, drawing: { bytes: 250_000, count: 12 } };
const SIZES = { desk: { width: 1280, height: 860 }, phone: { width: 360, height: 740 } };

let server;
let browser;
let owner;
let workers;

/** Pushes the folder as it is, and puts its first task into a batch of its own, so that one task is a whole suite. */
async function bring(name) {
  const { token } = owner.api;
  const { code, stdout, stderr } = await run(['push', path.join(CHECKOUT, 'examples', name), '--open'], { env: { CROWDSMITH_SERVER: server.url, CROWDSMITH_TOKEN: token } });
  assert.equal(code, 0, stdout + stderr);
  const place = name === 'shop-fronts' ? { place: { max_distance: 150 } } : {};
  const batch = await owner.put(`projects/${name}/batches/single`, { overlap: 5, suite_size: 1, price: '0.10', currency: 'USD', budget: '10.00', ...place });
  const [task] = tasksOf(name);
  await owner.post(`batches/${batch.id}/tasks`, [task]);
  await owner.post(`batches/${batch.id}/open`);
  return { batch, input: task };
}

before(async () => {
  [server, browser] = await Promise.all([startServer(), launch(FAKE_DEVICES)]);
  owner = await setUpOwner(server);
  owner.api = await withToken(owner, ['read', 'write']);
  const [desk, phone] = await inviteWorkers(owner, 2);
  workers = { desk, phone };
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

for (const example of EXAMPLES) {
  describe(example.name, () => {
    let brought;
    before(async () => {
      brought = await bring(example.name);
    });

    test('first load', { timeout: 60_000 }, async (t) => {
      const arrive = (page) => page.locator('iframe.shown.ready, crowd-places').first().waitFor({ state: 'attached' });
      const requests = await firstLoad(browser, `${server.url}/work/${brought.batch.id}`, { as: workers.desk, arrive });
      // The pictures and sounds of a task are as large as its requester made them.
      const pages = requests.filter((request) => !isMedia(request));
      t.diagnostic(`${(bytesOf(pages) / 1000).toFixed(1)} KB in ${pages.length} requests, and ${(bytesOf(requests.filter(isMedia)) / 1000).toFixed(1)} KB of media`);
      const { bytes, count } = LIMITS[example.weight];
      assert.ok(bytesOf(pages) <= bytes, `${bytesOf(pages)} bytes:\n${listOf(pages)}`);
      assert.ok(pages.length <= count, `${pages.length} requests:\n${listOf(pages)}`);
    });

    for (const [size, viewport] of Object.entries(SIZES)) {
      test(`at the ${size}`, { timeout: 60_000 }, async () => {
        const { batch, input } = brought;
        const { latitude = 52.52, longitude = 13.4 } = input.shop ?? {};
        const context = await browser.newContext({
          viewport,
          hasTouch: size === 'phone',
          reducedMotion: 'reduce',
          permissions: ['camera', 'microphone', 'geolocation'],
          geolocation: { latitude, longitude, accuracy: 12 },
        });
        const page = await sitDown(context, workers[size], batch);
        const complained = complaints(page);
        try {
          await example.arrive?.(new Hand(page));
          const inside = await rendered(page);
          await picture(page, `example-${example.name}-${size}`);
          const found = [...(await overhang(page)), ...(await overhang(inside)), ...(await axe(page)), ...(await axe(inside))];
          assert.deepEqual(found, []);
          await example.work(new Hand(page), taskFrame(page), input);
          const judgment = await judgmentBy(owner, batch, workers[size]);
          same(judgment.output, example.output(input));
          assert.deepEqual(complained, []);
        } catch (error) {
          await picture(page, `FAILED-example-${example.name}-${size}`).catch(() => {});
          throw error;
        } finally {
          await context.close();
        }
      });
    }
  });
}
