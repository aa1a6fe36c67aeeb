// Templates in the manner of Ground Truth, Augmented AI and Mechanical Turk run as they are: pushed, rendered, answered,
// and the stored JSON compared with the documented one.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';

import { complaints, launch, picture } from '../lib/browser.mjs';
import { inviteWorkers, setUpOwner } from '../lib/crowd.mjs';
import { judgmentBy, rendered, sitDown, taskFrame } from '../lib/desk.mjs';
import { Hand } from '../lib/hand.mjs';
import { same } from '../lib/same.mjs';
import { CHECKOUT, startServer } from '../lib/server.mjs';
import { CONTEXT, LIBRARY, MEDIA, TEMPLATES } from '../lib/templates.mjs';

const KINDS = { png: 'image', ogg: 'audio', webm: 'video', pdf: 'text' };

let server;
let browser;
let owner;
let worker;

/** The input field that a value of a task needs. */
function fieldOf(value) {
  if (typeof value !== 'string') return { type: typeof value === 'number' ? 'number' : 'json' };
  return { type: MEDIA[value] ? KINDS[value.split('.').pop()] : 'text' };
}

async function bring({ name, input, page }) {
  const fields = Object.fromEntries(Object.entries(input).map(([key, value]) => [key, fieldOf(value)]));
  const template = readFileSync(path.join(CHECKOUT, `e2e/templates/${name}.html`), 'utf8');
  await owner.put(`projects/${name}`, { title: name, description: 'Made for a test.', instructions: 'Answer.', input: fields, template, page });
  for (const value of Object.values(input)) {
    if (MEDIA[value]) await owner.put(`projects/${name}/media/${value}`, readFileSync(path.join(CHECKOUT, MEDIA[value])), { type: 'application/octet-stream' });
  }
  const batch = await owner.put(`projects/${name}/batches/main`, { overlap: 1, suite_size: 1, price: '0.01', currency: 'USD' });
  await owner.post(`batches/${batch.id}/tasks`, [{ task: 'one', ...input }]);
  return owner.post(`batches/${batch.id}/open`);
}

/** Answers for a host elsewhere; the browser asks it only for what the page may load. */
function serveLibrary(context) {
  return context.route('https://library.example.org/**', (route) => {
    const { pathname } = new URL(route.request().url());
    return route.fulfill(LIBRARY[pathname.slice(1)] ?? { contentType: 'text/html', body: `<p>The film ${pathname}</p>` });
  });
}

before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  owner = await setUpOwner(server);
  [worker] = await inviteWorkers(owner, 1);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

for (const template of TEMPLATES) {
  test(template.name, { timeout: 60_000 }, async () => {
    const batch = await bring(template);
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce', ...CONTEXT });
    await serveLibrary(context);
    try {
      const page = await sitDown(context, worker, batch);
      const complained = complaints(page);
      await rendered(page);
      try {
        await template.work(new Hand(page), taskFrame(page));
        same((await judgmentBy(owner, batch, worker)).output, template.output);
      } catch (error) {
        await picture(page, `FAILED-template-${template.name}`).catch(() => {});
        throw error;
      }
      assert.deepEqual(complained, []);
    } finally {
      await context.close();
    }
  });
}
