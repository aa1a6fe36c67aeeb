// The worker's shell around tasks' own pages: frames loaded ahead, drafts, a lost network, skips and reports, files, broken
// pages, field work; and the requester's editor of a page. In a real browser, against the built program.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { complaints, launch, picture, signIn } from '../lib/browser.mjs';
import { inviteWorkers, MOODS, setUpOwner } from '../lib/crowd.mjs';
import { Hand } from '../lib/hand.mjs';
import { axe, overhang } from '../lib/look.mjs';
import { CHECKOUT, startServer, until } from '../lib/server.mjs';

const LOADER = '<script src="/elements/crowd-html-elements.js"></script>';
const CLASSIFIER = `${LOADER}
<crowd-form>
  <crowd-classifier name="mood" header="Which mood?" categories="['good', 'neutral', 'bad']">
    <classification-target>{{ task.input.text }}</classification-target>
    <short-instructions>Read all of it.</short-instructions>
    <full-instructions header="Moods">Good is good.</full-instructions>
  </crowd-classifier>
</crowd-form>`;
const MOST_MS = 50;

let server;
let browser;
let owner;
let invited = 0;

before(async () => {
  server = await startServer();
  owner = await setUpOwner(server);
  browser = await launch(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

/** Makes a project with its own page and an open batch. */
async function openPages(name, template, { tasks = 6, suite = 3, page = undefined, input = { text: { type: 'text' } }, output = undefined, rows, batch: terms = {} } = {}) {
  const question = { title: `Pages: ${name}`, description: 'Made for a test.', instructions: 'Look, then **answer**.', input, template };
  await owner.put(`projects/${name}`, { ...question, ...(page ? { page } : {}), ...(output ? { output } : {}) });
  const batch = await owner.put(`projects/${name}/batches/main`, { overlap: 1, suite_size: suite, price: '0.01', currency: 'USD', ...terms });
  await owner.post(`batches/${batch.id}/tasks`, rows ?? Array.from({ length: tasks }, (_, index) => ({ task: `t${index}`, text: `Text number ${index}.` })));
  return owner.post(`batches/${batch.id}/open`);
}

/** A worker of their own with the task page of a batch open, past the instructions. */
async function work(batch, { width = 1280, prepare = async () => {}, ...options } = {}) {
  invited += 1;
  const [worker] = await inviteWorkers(owner, 1, `shell${invited}-`);
  const context = await browser.newContext({ viewport: { width, height: 800 }, ...options });
  await signIn(context, worker);
  const page = await context.newPage();
  const wrong = complaints(page);
  await prepare(page);
  await page.goto(`${server.url}/work/${batch.id}`);
  await page.getByRole('button', { name: 'Start working' }).click();
  return { worker, context, page, wrong, frame: () => page.frameLocator('iframe.shown') };
}

const ready = (page) => page.locator('iframe.shown.ready').waitFor();
const positionOf = (page) => page.locator('.dots').getAttribute('aria-label');
const at = (page, position, of) => until(`task ${position}`, async () => (await positionOf(page)) === `Task ${position} of ${of}`);

/** The judgments of a batch as they are exported. */
async function judgmentsOf(batch) {
  const { text } = await owner.send('GET', `batches/${batch.id}/judgments?format=ndjson`);
  return text.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

describe("tasks' own pages", () => {
  test('one key press is one answer, the next page stands there at once, and the answer is stored as it was given', { timeout: 120_000 }, async (t) => {
    const batch = await openPages('keys', CLASSIFIER);
    const { page, wrong, context } = await work(batch);
    await ready(page);
    await page.locator('iframe.ready:not(.shown)').first().waitFor({ state: 'attached' });
    await picture(page, 'shell-classifier-1280');
    // From the page's answer to the frame after the one in which the next page is painted.
    await page.evaluate(() => {
      globalThis.times = [];
      addEventListener('message', ({ data }) => {
        if (data.crowdsmith !== 'submit') return;
        const begun = performance.now();
        requestAnimationFrame(() => requestAnimationFrame(() => globalThis.times.push(performance.now() - begun)));
      });
    });
    for (let answer = 0; answer < 6; answer += 1) {
      const before = await page.locator('iframe.shown').getAttribute('src');
      await page.keyboard.press(String(1 + (answer % 3)));
      if (answer === 5) break;
      await until('the next page', async () => (await page.locator('iframe.shown.ready').count()) && (await page.locator('iframe.shown').getAttribute('src')) !== before);
      await page.locator('iframe.ready:not(.shown)').first().waitFor({ state: 'attached' }).catch(() => {});
    }
    const stored = await until('all six answers', async () => {
      const judgments = await judgmentsOf(batch);
      return judgments.length === 6 && judgments;
    });
    assert.deepEqual(stored.map(({ mood }) => mood.label).sort(), [...MOODS, ...MOODS].sort());
    const times = await page.evaluate(() => globalThis.times);
    t.diagnostic(`ms from an answer to the next page painted: ${times.map((time) => time.toFixed(1)).join(' ')}`);
    const middle = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
    assert.ok(times.length >= 5 && middle < MOST_MS, `${times} ms`);
    assert.deepEqual(wrong, []);
    await context.close();
  });

  /** Files of the elements that the shell's document and the frames in it ask for. */
  function watchElements(page) {
    const asked = { shell: [], frames: [] };
    page.on('request', (request) => {
      const [, file] = /\/elements\/(.*)/.exec(request.url()) ?? [];
      if (file) asked[request.frame() === page.mainFrame() ? 'shell' : 'frames'].push(file);
    });
    return asked;
  }
  const litsIn = async (page) => (await (await page.locator('iframe.shown.ready').elementHandle()).contentFrame()).evaluate(() => globalThis.litElementVersions.length);

  test('the shell fetches the elements once for all pages', { timeout: 60_000 }, async () => {
    const batch = await openPages('handed', CLASSIFIER, { page: { submit_on_choice: false } });
    let asked;
    const { page, wrong, frame, context } = await work(batch, { prepare: async (page) => (asked = watchElements(page)) });
    for (const position of [1, 2, 3]) {
      await at(page, position, 3);
      await ready(page);
      assert.equal(await litsIn(page), 1);
      await frame().getByText('good', { exact: true }).click();
      await page.locator('footer .main').click();
    }
    await at(page, 1, 3);
    await ready(page);
    assert.deepEqual(asked, { shell: ['elements.js'], frames: [] });
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test('pages load the elements by themselves when the shell cannot', { timeout: 60_000 }, async () => {
    const batch = await openPages('unhanded', CLASSIFIER, { page: { submit_on_choice: false }, tasks: 1, suite: 1 });
    const prepare = (page) => page.route('**/elements/*.js', (route) => (route.request().frame() === page.mainFrame() ? route.abort() : route.continue()));
    const { page, frame, context, worker } = await work(batch, { prepare });
    await ready(page);
    await frame().getByText('good', { exact: true }).click();
    await page.locator('footer .main').click();
    await until('the answer', async () => (await judgmentsOf(batch)).find((judgment) => judgment.worker === worker.pseudonym));
    await context.close();
  });

  for (const [what, fails] of [['from the shell', false], ['by itself when the shell cannot give them', true]]) {
    test(`a page that draws gets its tool and the elements under it ${what}, each once`, { timeout: 60_000 }, async () => {
      const picture = readFileSync(path.join(CHECKOUT, 'examples/alt-texts/pictures/t1.png')).toString('base64');
      const template = `<crowd-form><crowd-bounding-box name="boxes" header="Mugs" labels="['mug']" src="data:image/png;base64,{{ task.input.text }}"></crowd-bounding-box></crowd-form>`;
      const batch = await openPages(`drawn-${fails}`, template, { rows: [{ task: 't1', text: picture }], suite: 1 });
      let asked;
      const prepare = async (page) => {
        asked = watchElements(page);
        if (fails) await page.route('**/elements/chunks/*', (route) => (route.request().frame() === page.mainFrame() ? route.abort() : route.continue()));
      };
      const { page, wrong, frame, context } = await work(batch, { prepare });
      await ready(page);
      const stage = frame().locator('crowd-bounding-box .stage[aria-busy=false]');
      await stage.waitFor();
      assert.equal(await litsIn(page), 1);
      assert.ok(asked.shell.some((file) => /^chunks\/shapes/.test(file)), `${asked.shell}`);
      assert.equal(asked.frames.some((file) => /^chunks\/shapes/.test(file)), fails, `${asked.frames}`);
      const hand = new Hand(page);
      await hand.to(stage);
      await hand.press('1', 'ArrowUp', 'Enter', 'Shift+ArrowRight*2', 'Shift+ArrowDown*2', 'Enter', 'Control+Enter');
      const [{ boxes }] = await until('the answer', async () => {
        const judgments = await judgmentsOf(batch);
        return judgments.length && judgments;
      });
      assert.deepEqual(boxes.boundingBoxes.map(({ label }) => label), ['mug']);
      assert.deepEqual(wrong, []);
      await context.close();
    });
  }

  test('a tap on an option goes on as a key does, and one can go back to it', { timeout: 60_000 }, async () => {
    const batch = await openPages('tapped', CLASSIFIER, { tasks: 3 });
    const { page, wrong, frame, context } = await work(batch, { width: 360, hasTouch: true, isMobile: true });
    const option = (name) => frame().getByRole('radio', { name, exact: true });
    await ready(page);
    await page.locator('iframe.ready:not(.shown)').first().waitFor({ state: 'attached' });
    await frame().getByText('good', { exact: true }).tap();
    await at(page, 2, 3);
    // Looking at the options with the arrow keys answers nothing.
    await ready(page);
    await option('good').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(500);
    assert.equal(await positionOf(page), 'Task 2 of 3');
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await at(page, 1, 3);
    assert.ok(await option('good').isChecked());
    await frame().getByText('bad', { exact: true }).tap();
    await at(page, 2, 3);
    await frame().getByText('bad', { exact: true }).tap();
    await at(page, 3, 3);
    await frame().getByText('neutral', { exact: true }).tap();
    const stored = await until('all three answers', async () => {
      const judgments = await judgmentsOf(batch);
      return judgments.length === 3 && judgments;
    });
    assert.deepEqual(stored.map(({ mood }) => mood.label).sort(), ['bad', 'bad', 'neutral']);
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test('a double click on an option answers one task', { timeout: 60_000 }, async () => {
    const batch = await openPages('twice', CLASSIFIER, { tasks: 3 });
    const { page, frame, context } = await work(batch);
    await ready(page);
    await page.locator('iframe.ready:not(.shown)').first().waitFor({ state: 'attached' });
    const { x, y } = await frame().getByText('good', { exact: true }).boundingBox();
    // Longer than a click is taken for one at what was there before.
    await page.waitForTimeout(500);
    await page.mouse.click(x + 2, y + 2);
    await at(page, 2, 3);
    await page.mouse.click(x + 2, y + 2);
    await page.waitForTimeout(800);
    assert.equal(await positionOf(page), 'Task 2 of 3');
    await page.mouse.click(x + 2, y + 2);
    await at(page, 3, 3);
    await context.close();
  });

  test('how somebody worked and the order of shuffled options are recorded, and the worker is told', { timeout: 60_000 }, async () => {
    const batch = await openPages('shuffled', CLASSIFIER, { page: { shuffle: true, submit_on_choice: false }, tasks: 3 });
    const { page, frame, context } = await work(batch);
    await ready(page);
    const shown = [];
    for (let task = 1; task <= 3; task += 1) {
      await at(page, task, 3);
      await ready(page);
      shown.push((await frame().locator('.option span').allInnerTexts()).map((text) => text.trim()));
      await page.keyboard.press('1');
      await page.waitForTimeout(200);
      assert.equal(await positionOf(page), `Task ${task} of 3`, 'a choice alone must not go on');
      await page.keyboard.press('Enter');
    }
    const stored = await until('three answers', async () => {
      const judgments = await judgmentsOf(batch);
      return judgments.length === 3 && judgments;
    });
    const orders = new Set(shown.map(String));
    for (const { mood, shown_order: order, page_behavior: behavior } of stored) {
      assert.ok(orders.has(String(order.mood)), `${order.mood} was shown`);
      assert.equal(mood.label, order.mood[0]);
      assert.equal(behavior.keys, 2);
      assert.ok(behavior.total_ms >= behavior.active_ms && behavior.first_action_ms <= behavior.total_ms, JSON.stringify(behavior));
    }
    await context.close();

    const silent = await openPages('unrecorded', CLASSIFIER, { page: { behavior: false }, tasks: 3 });
    const other = await work(silent);
    await ready(other.page);
    assert.equal(await other.page.getByText('What is recorded').count(), 0);
    for (let task = 1; task <= 3; task += 1) {
      await at(other.page, task, 3);
      await ready(other.page);
      await other.page.keyboard.press('2');
    }
    const without = await until('three answers', async () => {
      const judgments = await judgmentsOf(silent);
      return judgments.length === 3 && judgments;
    });
    assert.ok(without.every(({ page_behavior: behavior }) => !behavior), JSON.stringify(without[0]));
    await other.context.close();
  });

  test('what is entered comes back after a reload, and after going back', { timeout: 60_000 }, async () => {
    const form = `${LOADER}<crowd-form><p>{{ task.input.text }}</p><crowd-input name="words" label="Words" required></crowd-input></crowd-form>`;
    const batch = await openPages('drafts', form, { tasks: 3 });
    const { page, frame, context } = await work(batch, { width: 360 });
    await ready(page);
    await frame().getByLabel('Words').fill('half a thou');
    await page.waitForTimeout(600);
    await page.reload();
    await ready(page);
    await until('the draft', async () => (await frame().getByLabel('Words').inputValue()) === 'half a thou');
    await frame().getByLabel('Words').fill('a whole thought');
    await page.getByRole('button', { name: 'Continue' }).click();
    await at(page, 2, 3);
    await ready(page);
    assert.equal(await frame().getByLabel('Words').inputValue(), '');
    // An answer is missing: the page says so, and the shell stays.
    await page.getByRole('button', { name: 'Continue' }).click();
    await frame().getByRole('alert').first().waitFor();
    assert.equal(await positionOf(page), 'Task 2 of 3');
    await page.getByRole('button', { name: 'Back' }).click();
    await at(page, 1, 3);
    assert.equal(await frame().getByLabel('Words').inputValue(), 'a whole thought');
    await page.reload();
    await ready(page);
    await until('the answer', async () => (await frame().getByLabel('Words').inputValue()) === 'a whole thought');
    assert.deepEqual(await overhang(page), []);
    assert.deepEqual(await axe(page), []);
    await picture(page, 'shell-text-360');
    await context.close();
  });

  test('a finished set survives a lost network and is sent once', { timeout: 90_000 }, async () => {
    const batch = await openPages('offline', CLASSIFIER, { tasks: 6 });
    const { page, context } = await work(batch);
    await ready(page);
    await page.locator('iframe.ready:not(.shown)').first().waitFor({ state: 'attached' });
    await page.keyboard.press('1');
    await at(page, 2, 3);
    await ready(page);
    await page.locator('iframe.ready:not(.shown)').first().waitFor({ state: 'attached' });
    await page.keyboard.press('1');
    await at(page, 3, 3);
    await ready(page);
    await context.setOffline(true);
    await page.keyboard.press('1');
    await page.getByText(/kept on this device/).first().waitFor();
    assert.equal((await judgmentsOf(batch)).length, 0);
    await context.setOffline(false);
    await until('the set', async () => (await judgmentsOf(batch)).length === 3, { seconds: 40 });
    await page.waitForTimeout(2000);
    assert.equal((await judgmentsOf(batch)).length, 3);
    await context.close();
  });

  test('tasks are skipped and reported with reasons by keyboard, beside answered ones', { timeout: 60_000 }, async () => {
    const batch = await openPages('skips', CLASSIFIER, { tasks: 3 });
    const { page, context, worker } = await work(batch);
    await ready(page);
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: 'Skip this task?' }).waitFor();
    assert.deepEqual(await axe(page), []);
    await picture(page, 'shell-skip-1280');
    await page.keyboard.press('2');
    await page.keyboard.press('Enter');
    await at(page, 2, 3);
    await ready(page);
    await page.keyboard.press('p');
    await page.getByLabel('Anything to add?').fill('The text is cut off.');
    await page.getByText('The task makes no sense').click();
    await page.getByRole('button', { name: 'Report and skip' }).click();
    await at(page, 3, 3);
    await ready(page);
    await page.keyboard.press('3');
    await until('the answer', async () => (await judgmentsOf(batch)).length === 1);
    const { items } = await owner.get(`batches/${batch.id}/problems`);
    assert.deepEqual(
      items.map(({ kind, reason, comment }) => [kind, reason, comment ?? null]).sort(),
      [['problem', 'wrong_data', 'The text is cut off.'], ['skip', 'not_able', null]],
    );
    // What was skipped does not come back.
    assert.equal((await worker.call('POST', `work/batches/${batch.id}/claim`)).status, 204);
    const requester = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await signIn(requester, owner);
    const list = await requester.newPage();
    await list.goto(`${server.url}/batches/${batch.id}`);
    await list.getByRole('tab', { name: 'Problems' }).click();
    await list.getByText('The text is cut off.').waitFor();
    await picture(list, 'shell-problems-1280');
    await requester.close();
    await context.close();
  });

  test('a photo and a recording go through the shell, also without a network', { timeout: 90_000 }, async () => {
    const form = `${LOADER}<crowd-form>
      <crowd-photo name="shop" header="The shop" required></crowd-photo>
      <crowd-audio-recording name="say" header="Say its name" max-duration="1"></crowd-audio-recording></crowd-form>`;
    const batch = await openPages('files', form, { tasks: 2, suite: 1 });
    const { page, frame, context } = await work(batch, { permissions: ['camera', 'microphone'] });
    await ready(page);
    const photograph = async () => {
      await frame().getByRole('button', { name: 'Take a photo' }).click();
      await page.getByRole('button', { name: 'Take the photo' }).waitFor();
      await page.waitForTimeout(500);
      await picture(page, 'shell-capture-1280');
      await page.getByRole('button', { name: 'Take the photo' }).click();
      await frame().getByRole('button', { name: 'Remove' }).first().waitFor();
    };
    await photograph();
    await frame().getByRole('button', { name: 'Record', exact: true }).click();
    await until('the recording', async () => (await frame().getByRole('button', { name: 'Remove' }).count()) === 2);
    await page.getByRole('button', { name: 'Send' }).click();
    const [first] = await until('the answer', async () => {
      const judgments = await judgmentsOf(batch);
      return judgments.length === 1 && judgments;
    });
    assert.equal(first.shop.type, 'image/jpeg');
    assert.match(first.say.type, /^audio\//);
    assert.ok(first.say.duration > 0.5 && first.say.duration < 2, JSON.stringify(first));

    await ready(page);
    // A device that has the recorder once needs no network to take the next photo.
    await context.setOffline(true);
    await photograph();
    await page.getByText('1 file is kept on this device').waitFor();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText(/Your answers are kept on this device/).first().waitFor();
    assert.equal((await judgmentsOf(batch)).length, 1);
    await context.setOffline(false);
    const both = await until('the second answer', async () => {
      const judgments = await judgmentsOf(batch);
      return judgments.length === 2 && judgments;
    }, { seconds: 40 });
    assert.ok(both.every(({ shop }) => /^[0-9A-Z]{13}$/.test(shop.media)), JSON.stringify(both));
    await context.close();
  });
});

describe('broken pages', () => {
  const broken = (script) => `${LOADER}<crowd-form><p>{{ task.input.text }}</p><crowd-input name="a" label="A" value="x"></crowd-input></crowd-form><script>${script}</script>`;

  test('a page that never starts is said to be broken, and can be reported', { timeout: 60_000 }, async () => {
    const batch = await openPages('looping', broken("if (document.body.textContent.includes('number')) while (true);"), { tasks: 3 });
    const { page, context } = await work(batch);
    await page.getByText('has not started yet').waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Report a problem' }).click();
    await page.getByRole('button', { name: 'Report and skip' }).click();
    await at(page, 2, 3);
    await context.close();
  });

  test('a script that fails is named, and the task can be answered all the same', { timeout: 60_000 }, async () => {
    const batch = await openPages('throwing', broken('missing.thing();'), { tasks: 3 });
    const { page, context } = await work(batch);
    await ready(page);
    await page.getByText(/missing is not defined/).waitFor();
    await picture(page, 'shell-broken-1280');
    await page.getByRole('button', { name: 'Continue' }).click();
    await at(page, 2, 3);
    await context.close();
  });

  test('a page that floods the shell is ended; the shell stays usable', { timeout: 60_000 }, async () => {
    const flood = broken("setInterval(() => { for (let i = 0; i < 2000; i++) parent.postMessage({ crowdsmith: 'height', height: i }, '*'); }, 1)");
    const batch = await openPages('flooding', flood, { tasks: 3 });
    const { page, context } = await work(batch);
    await page.getByText('has been stopped').waitFor({ timeout: 20_000 });
    assert.equal(await page.locator('iframe.shown').count(), 0);
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keys' }).waitFor();
    await context.close();
  });

  test('a page that does not answer is said to be silent', { timeout: 60_000 }, async () => {
    const hang = broken("addEventListener('message', ({ data }) => { if (data.crowdsmith === 'submit') while (true); }, true);");
    const batch = await openPages('hanging', hang, { tasks: 3 });
    const { page, context } = await work(batch);
    await ready(page);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('does not answer').waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Skip', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Skip this task?' }).waitFor();
    await context.close();
  });

  test('a page that steals the focus or grows with its frame keeps neither', { timeout: 60_000 }, async () => {
    const batch = await openPages('greedy', `<style>body { min-height: 100vh; padding: 20px }</style>${broken('setInterval(() => window.focus(), 20)')}`, { tasks: 3 });
    const { page, context } = await work(batch);
    await ready(page);
    await page.locator('iframe.ready:not(.shown)').first().waitFor({ state: 'attached' });
    await page.waitForTimeout(1000);
    assert.ok((await page.locator('iframe.shown').boundingBox()).height < 1000);
    assert.equal(await page.evaluate(() => document.activeElement.matches('iframe.shown')), true);
    await context.close();
  });
});

describe('field work', () => {
  const form = `${LOADER}<crowd-form><p>{{ task.input.spot.label }}</p><crowd-location name="here" header="Are you there?" required></crowd-location></crowd-form>`;
  const spots = [['Bakery', 52.521, 13.406], ['Kiosk', 52.54, 13.44], ['Far mill', 52.9, 13.9]];
  const rows = spots.map(([label, latitude, longitude], index) => ({ task: `p${index}`, spot: { latitude, longitude, label } }));
  const open = (name) => openPages(name, form, { suite: 1, rows, input: { spot: { type: 'place' } }, batch: { place: { max_distance: 300 } } });

  test('a worker sees what is near, reserves it, goes there and answers', { timeout: 90_000 }, async () => {
    const batch = await open('field');
    const { page, frame, context } = await work(batch, { permissions: ['geolocation'], geolocation: { latitude: 52.52, longitude: 13.405, accuracy: 20 } });
    await page.getByText('away').first().waitFor();
    assert.deepEqual((await page.locator('li strong').allInnerTexts()), ['Bakery', 'Kiosk', 'Far mill']);
    await page.locator('crowd-places').waitFor();
    assert.deepEqual(await axe(page), []);
    await picture(page, 'shell-places-1280');
    // From the wrong place first: the server looks where the answer comes from.
    await page.getByRole('button', { name: 'Reserve Kiosk' }).click();
    await ready(page);
    await frame().getByText('Kiosk').waitFor();
    await frame().getByRole('button', { name: 'I am here' }).click();
    await frame().getByText(/exact to/).waitFor();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Some answers were not accepted').waitFor();
    await context.setGeolocation({ latitude: 52.5401, longitude: 13.4401, accuracy: 20 });
    await ready(page);
    await frame().getByRole('button', { name: 'I am here' }).click();
    await frame().getByText(/52\.5401/).waitFor();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('heading', { name: 'Where will you go?' }).waitFor();
    await until('the answer', async () => (await judgmentsOf(batch)).length === 1);
    await until('the list without it', async () => (await page.locator('li strong').allInnerTexts()).join() === 'Bakery,Far mill');
    await context.close();
  });

  test('without a position the list and the map are there all the same', { timeout: 60_000 }, async () => {
    const batch = await open('field-denied');
    const { page, context } = await work(batch, { width: 360 });
    await page.getByRole('button', { name: 'Show what is near me' }).click();
    await page.getByText('does not give your position').waitFor();
    await page.getByRole('button', { name: 'Reserve Bakery' }).waitFor();
    assert.deepEqual(await overhang(page), []);
    assert.deepEqual(await axe(page), []);
    await picture(page, 'shell-places-360');
    await context.close();
  });
});

describe('the editor of a task page', () => {
  test('mistakes stand at their line, the preview gives the JSON, and saving makes a revision', { timeout: 90_000 }, async () => {
    await openPages('edited', CLASSIFIER);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    await signIn(context, owner);
    const page = await context.newPage();
    const wrong = complaints(page);
    await page.goto(`${server.url}/projects/edited`);
    await page.getByRole('tab', { name: 'Task page' }).click();
    const preview = page.frameLocator('iframe[title="Preview of the task page"]');
    await preview.getByText('Text number').waitFor();
    await page.getByText('No mistakes found').waitFor();
    await preview.getByText('neutral').click();
    await preview.getByRole('button', { name: 'Submit' }).click();
    await page.getByText('"label": "neutral"').waitFor();
    await picture(page, 'shell-editor-1280');
    assert.deepEqual(await axe(page), []);

    const editor = page.locator('.cm-content');
    await editor.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('\n{% if %}');
    await page.getByRole('button', { name: /^Line \d+/ }).first().waitFor();
    assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true);
    await picture(page, 'shell-editor-mistake-1280');
    await page.getByRole('button', { name: 'Undo all' }).click();
    await page.getByText('No mistakes found').waitFor();
    await editor.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('\n<p>One more line.</p>');
    await preview.getByText('One more line.').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved as revision 2').waitFor();
    const project = await owner.get('projects/edited');
    assert.equal(project.revision, 2);
    assert.match(project.template, /One more line/);
    await page.setViewportSize({ width: 360, height: 740 });
    assert.deepEqual(await overhang(page), []);
    await picture(page, 'shell-editor-360');
    assert.deepEqual(wrong, []);
    await context.close();
  });
});
