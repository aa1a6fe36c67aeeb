// Prints what pages with a task cost a worker: the weight of the first load of each example, the time to the next task,
// and how fast the drawing tools are.
//
//   scripts/build && node e2e/pages.mjs
//
// Media of a task (pictures, sounds, clips) are printed beside the weight of the page: they are as large as they are.

import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { launch } from './lib/browser.mjs';
import { inviteWorkers, setUpOwner, withToken } from './lib/crowd.mjs';
import { isMedia, sitDown, taskFrame } from './lib/desk.mjs';
import { EXAMPLES } from './lib/examples.mjs';
import { run, startServer, CHECKOUT } from './lib/server.mjs';
import { bytesOf, firstLoad } from './lib/weight.mjs';

/** Shown by the app's own form, without a frame. */
const NATIVE = ['customer-messages', 'weather-scenes', 'product-descriptions'];

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

async function push(server, owner, name) {
  const { token } = await withToken(owner, ['read', 'write']);
  const { code, stderr } = await run(['push', path.join(CHECKOUT, 'examples', name), '--open'], { env: { CROWDSMITH_SERVER: server.url, CROWDSMITH_TOKEN: token } });
  if (code !== 0) throw new Error(stderr);
  return (await owner.get(`batches?project=${name}`)).items[0];
}

/** Milliseconds from the key that answers to the next task's page on the screen, for `count` tasks. */
export async function timesToNext(browser, worker, batch, count) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  const page = await sitDown(context, worker, batch);
  // A frame is made visible before the browser draws it, so the next frame but one shows it.
  await page.evaluate(() => {
    globalThis.shownAt = [];
    let shown = document.querySelector('iframe.shown.ready');
    const look = () => {
      const now = document.querySelector('iframe.shown.ready');
      if (now && now !== shown) {
        shown = now;
        requestAnimationFrame(() => requestAnimationFrame(() => globalThis.shownAt.push(Date.now())));
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
  });
  const times = [];
  // Checked answers that were wrong are told between two tasks; that is read, not measured.
  const told = page.locator('section[aria-labelledby=told]');
  while (times.length < count) {
    await told.or(page.locator('iframe.shown.ready')).first().waitFor();
    if (await told.isVisible()) {
      await told.locator('.main').click();
      continue;
    }
    await taskFrame(page).getByText('Supported', { exact: true }).waitFor();
    // As long as somebody needs to read it, in which the next page is loaded.
    await page.waitForTimeout(1500);
    const seen = await page.evaluate(() => globalThis.shownAt.length);
    const pressed = Date.now();
    await page.keyboard.press('1');
    await page.waitForFunction((seen) => globalThis.shownAt.length > seen || document.querySelector('section[aria-labelledby=told]'), seen);
    if (!(await told.isVisible())) times.push((await page.evaluate(() => globalThis.shownAt.at(-1))) - pressed);
  }
  await context.close();
  return times.sort((a, b) => a - b);
}

async function drawing() {
  const child = spawn(process.execPath, [path.join(CHECKOUT, 'web/elements/tests/draw/performance.mjs')], { stdio: 'inherit' });
  await new Promise((resolve) => child.on('close', resolve));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [server, browser] = await Promise.all([startServer(), launch()]);
  try {
    const owner = await setUpOwner(server);
    const [worker] = await inviteWorkers(owner, 1);
    console.log('first load, with the pages ahead              page       requests   media');
    for (const name of [...NATIVE, ...EXAMPLES.map((example) => example.name)]) {
      const batch = await push(server, owner, name);
      const requests = await firstLoad(browser, `${server.url}/work/${batch.id}`, { as: worker, arrive: (page) => page.locator(NATIVE.includes(name) ? 'h1' : 'iframe.shown.ready, crowd-places').first().waitFor({ state: 'attached' }) });
      const pages = requests.filter((request) => !isMedia(request));
      const media = requests.filter(isMedia);
      console.log(`  ${name.padEnd(42)} ${kilobytes(bytesOf(pages)).padStart(9)} ${String(pages.length).padStart(6)}   ${kilobytes(bytesOf(media)).padStart(12)} in ${media.length}`);
    }
    const [claims] = (await owner.get('batches?project=claim-check')).items;
    const times = await timesToNext(browser, worker, claims, 20);
    console.log(`next task after the key that answers: median ${times[10]} ms, longest ${times.at(-1)} ms of ${times.length}`);
  } finally {
    await browser.close();
    await server.remove();
  }
  await drawing();
  process.exit();
}
