// Pages that mean harm, or are simply broken: none reaches the shell, the worker's session, other tasks or the network;
// the shell stays alive and says what is wrong. And bad input: what is too large, of the wrong type, or missing.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { complaints, launch, picture } from '../lib/browser.mjs';
import { inviteWorkers, setUpOwner, withToken } from '../lib/crowd.mjs';
import { insideOf, judgmentBy, judgmentsOf, rendered, sitDown, taskFrame } from '../lib/desk.mjs';
import { CHECKOUT, run, startServer, temporaryFolder, until } from '../lib/server.mjs';

let server;
let browser;
let owner;
let worker;
let elsewhere;
const heard = [];

/** A host of somebody else, which notes whoever calls. */
function listen() {
  const host = http.createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end('reached');
  });
  host.on('upgrade', (request, socket) => {
    heard.push(`upgrade ${request.url}`);
    socket.destroy();
  });
  return new Promise((resolve) => host.listen(0, '127.0.0.1', () => resolve(host)));
}

before(async () => {
  [server, browser, elsewhere] = await Promise.all([startServer(), launch(), listen()]);
  elsewhere.address = `http://127.0.0.1:${elsewhere.address().port}`;
  owner = await setUpOwner(server);
  [worker] = await inviteWorkers(owner, 1);
});
after(async () => {
  await browser?.close();
  elsewhere?.closeAllConnections();
  elsewhere?.close();
  await server?.remove();
});

/** A batch with as many tasks as are given, shown by a template of e2e/hostile or by `source`. */
async function bring(name, { tasks = [{}, {}], source = null, ...question } = {}) {
  const template = source ?? readFileSync(path.join(CHECKOUT, `e2e/hostile/${name}.html`), 'utf8');
  const fields = Object.fromEntries(Object.keys(tasks[0]).map((key) => [key, { type: 'text' }]));
  await owner.put(`projects/${name}`, { title: name, description: 'Made for a test.', instructions: 'Answer.', input: fields, template, ...question });
  const batch = await owner.put(`projects/${name}/batches/main`, { overlap: 1, suite_size: 1, price: '0.01', currency: 'USD' });
  await owner.post(`batches/${batch.id}/tasks`, tasks.map((input, index) => ({ task: `t${index}`, ...input })));
  return owner.post(`batches/${batch.id}/open`);
}

async function withPage(batch, work) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, acceptDownloads: true });
  const page = await sitDown(context, worker, batch);
  try {
    await work(page, context);
  } catch (error) {
    await picture(page, `FAILED-hostile-${batch.project?.name ?? batch.id}`).catch(() => {});
    throw error;
  } finally {
    await context.close();
  }
}

/** The shell still does what it is asked: a task can be skipped. */
async function skipWorks(page) {
  await page.getByRole('button', { name: 'Skip', exact: true }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio').first().check();
  await dialog.getByRole('button', { name: 'Skip', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

test('a page reaches neither the shell, nor the session, nor other tasks, nor the network', { timeout: 90_000 }, async () => {
  const victim = await bring('victim', { source: '<crowd-form><crowd-input name="secret" label="{{ task.input.text }}"></crowd-input></crowd-form>', tasks: [{ text: 'only for me' }, { text: 'two' }] });
  const { assignment: other } = (await worker.call('POST', `work/batches/${victim.id}/claim`, { body: {} })).data;
  const input = { text: 'Look', elsewhere: elsewhere.address, host: server.url, other: other.tasks[0].page, batch: victim.id };
  const batch = await bring('reach', { tasks: [input, input] });
  await withPage(batch, async (page, context) => {
    const sent = [];
    context.on('request', (request) => sent.push(request));
    let popups = 0;
    context.on('page', () => (popups += 1));
    let downloads = 0;
    page.on('download', () => (downloads += 1));
    const inside = await insideOf(page);
    await inside.waitForFunction(() => globalThis.outcome, null, { timeout: 60_000 });
    const { tried, reached } = await inside.evaluate(() => globalThis.outcome);
    assert.ok(tried >= 30, `${tried} attempts`);
    assert.deepEqual(reached, []);
    assert.deepEqual(heard, [], 'somebody else’s host was reached');
    assert.deepEqual([popups, downloads], [0, 0]);
    assert.ok(page.url().startsWith(`${server.url}/work/`), page.url());
    assert.equal(await inside.evaluate(() => origin), 'null');
    // Nothing that the page asked for carried the worker's session.
    for (const request of sent.filter((request) => request.frame() === inside)) {
      assert.equal((await request.allHeaders()).cookie, undefined, request.url());
    }
    await taskFrame(page).getByText('good', { exact: true }).click();
    assert.deepEqual((await judgmentBy(owner, batch, worker)).output, { mood: { label: 'good' } });
  });
  assert.equal((await judgmentsOf(owner, victim)).length, 0);
});

test('a page of its own origin is not given without the worker’s signed link', async () => {
  const batch = await bring('signed', { source: '<crowd-form><crowd-input name="a" label="A"></crowd-input></crowd-form>' });
  const { assignment } = (await worker.call('POST', `work/batches/${batch.id}/claim`, { body: {} })).data;
  const link = assignment.tasks[0].page;
  const answer = await worker.send('GET', link);
  assert.equal(answer.status, 200);
  assert.match(answer.headers['content-security-policy'], /sandbox allow-scripts allow-forms;/);
  assert.doesNotMatch(answer.headers['content-security-policy'], /allow-same-origin/);
  assert.ok((await worker.send('GET', link.replace(/signature=./, 'signature=0'))).status >= 400);
  assert.ok((await worker.send('GET', link.split('?')[0])).status >= 400);
  assert.ok((await worker.send('GET', link.replace(/expires=\d+/, 'expires=99999999999'))).status >= 400);
});

for (const [what, name] of [['leaves for', 'navigate'], ['posts a form to', 'post']]) {
  test(`a page that ${what} another host is stopped`, { timeout: 60_000 }, async () => {
    const task = { elsewhere: elsewhere.address };
    const batch = await bring(name, { tasks: [task, task] });
    await withPage(batch, async (page) => {
      await page.waitForTimeout(1500);
      assert.deepEqual(heard, []);
      await skipWorks(page);
    });
  });
}

test('a script that throws is told with its line, and the task can be answered', { timeout: 60_000 }, async () => {
  const batch = await bring('throw');
  await withPage(batch, async (page) => {
    await page.getByText(/something is wrong with it: .*textContent.*line 4/).waitFor();
    await picture(page, 'hostile-throw');
    await taskFrame(page).getByRole('textbox', { name: 'A' }).fill('x');
    await page.locator('footer .main').click();
    assert.deepEqual((await judgmentBy(owner, batch, worker)).output, { a: 'x' });
  });
});

test('a page that loops for ever is told of, and can be skipped', { timeout: 60_000 }, async () => {
  const batch = await bring('loop');
  await withPage(batch, async (page) => {
    await page.getByText('The page of this task has not started yet.').waitFor({ timeout: 20_000 });
    await skipWorks(page);
  });
});

test('a page that loops when it is asked for its answer is told of', { timeout: 60_000 }, async () => {
  const batch = await bring('loop-at-submit');
  await withPage(batch, async (page) => {
    await taskFrame(page).getByRole('textbox', { name: 'A' }).fill('x');
    await page.locator('footer .main').click();
    await page.getByText('The page of this task does not answer.').waitFor({ timeout: 20_000 });
    await skipWorks(page);
  });
});

test('a page that talks without end is stopped', { timeout: 60_000 }, async () => {
  const batch = await bring('flood');
  await withPage(batch, async (page) => {
    await page.getByText('The page of this task has been stopped').waitFor({ timeout: 20_000 });
    await picture(page, 'hostile-flood');
    await skipWorks(page);
  });
});

test('messages of no known shape change nothing', { timeout: 60_000 }, async () => {
  const batch = await bring('forge');
  await withPage(batch, async (page) => {
    const complained = complaints(page);
    await rendered(page);
    await page.getByText('<img src=x').waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollHeight < 100_000), 'the page has no end');
    await taskFrame(page).getByRole('textbox', { name: 'A' }).fill('fine');
    await page.locator('footer .main').click();
    assert.deepEqual((await judgmentBy(owner, batch, worker)).output, { a: 'fine' });
    assert.deepEqual(complained, []);
  });
});

test('an answer of 50 MB is refused, and the worker told', { timeout: 60_000 }, async () => {
  const batch = await bring('huge');
  await withPage(batch, async (page) => {
    await rendered(page);
    await taskFrame(page).getByRole('textbox', { name: 'A' }).fill('short');
    await page.locator('footer .main').click();
    await page.getByText(/larger than 8 MB/).first().waitFor({ timeout: 30_000 });
    await picture(page, 'hostile-huge');
    await page.locator('footer .main').click();
    assert.deepEqual((await judgmentBy(owner, batch, worker)).output, { a: 'short', b: '' });
  });
});

test('a required answer that is missing is said at its field, and by the server', { timeout: 60_000 }, async () => {
  const source = '<crowd-form><crowd-input name="a" label="Your answer" required></crowd-input></crowd-form>';
  const batch = await bring('required', { source });
  await withPage(batch, async (page) => {
    await rendered(page);
    await page.locator('footer .main').click();
    await taskFrame(page).getByText('This question needs an answer.').waitFor();
    const { assignment } = (await worker.call('POST', `work/batches/${batch.id}/claim`, { body: {} })).data;
    const judgments = assignment.tasks.map(({ id }) => ({ task: id, output: {} }));
    const refused = await worker.send('POST', `work/assignments/${assignment.id}/submit`, { body: { judgments } });
    assert.equal(refused.status, 422, refused.text);
    assert.match(refused.text, /\ba\b.*is required/);
  });
});

test('a file of 200 MB, and one whose content is not its type, are refused with the reason', { timeout: 90_000 }, async () => {
  const folder = temporaryFolder();
  const [large, fake] = ['large.png', 'fake.png'].map((name) => path.join(folder, name));
  // A picture by its first bytes, so that only its size is wrong.
  writeFileSync(large, Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
  truncateSync(large, 200_000_000);
  writeFileSync(fake, '<html><script>alert(1)</script>');
  const batch = await bring('upload', { source: '<crowd-form><crowd-photo name="shop" header="The shop" required></crowd-photo></crowd-form>' });
  await withPage(batch, async (page) => {
    await rendered(page);
    const frame = taskFrame(page);
    const choose = async (file) => {
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), frame.getByText('Choose a picture').click()]);
      await chooser.setFiles(file);
    };
    await choose(large);
    await frame.getByText(/50 MB/).first().waitFor({ timeout: 30_000 });
    await choose(fake);
    await frame.getByText(/not a picture|no picture|is not|content/).first().waitFor();
    await picture(page, 'hostile-upload');
    // A picture that is one, from the disk, as people choose it.
    const good = path.join(CHECKOUT, 'examples/alt-texts/pictures/t1.png');
    await choose(good);
    await frame.getByAltText('The photo').waitFor();
    await page.locator('footer .main').click();
    const { shop } = (await judgmentBy(owner, batch, worker)).output;
    assert.deepEqual([shop.type, shop.size], ['image/png', readFileSync(good).length]);
  });
});

test('mistakes of a template are told when it is pushed, with file, line and element', async () => {
  const folder = temporaryFolder();
  const { token } = await withToken(owner, ['read', 'write']);
  const told = async (template) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'project.toml'), 'name = "mistaken"\ntitle = "T"\n[input.text]\n');
    writeFileSync(path.join(folder, 'template.html'), template);
    const { code, stderr } = await run(['push', folder], { env: { CROWDSMITH_SERVER: server.url, CROWDSMITH_TOKEN: token } });
    assert.notEqual(code, 0, template);
    return stderr;
  };
  assert.match(await told('<crowd-form>\n  <crowd-clasifier name="a"></crowd-clasifier>\n</crowd-form>'), /template\.html.*2.*crowd-clasifier/s);
  assert.match(await told('<crowd-form>\n\n{% fro x in y %}{% endfor %}</crowd-form>'), /template\.html.*3.*fro/s);
  assert.match(await told('<crowd-form>{{ task.input.text | to_jsn }}</crowd-form>'), /template\.html.*1.*to_jsn/s);
});

test('nothing of all this was more than the server could bear', async () => {
  await until('the server to answer', async () => (await owner.send('GET', '/healthz')).status === 200);
  assert.deepEqual(heard, []);
});
