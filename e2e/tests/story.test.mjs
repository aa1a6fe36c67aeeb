// The main job, as people do it: an owner sets the server up, pushes an example, opens it and invites a worker; the
// worker judges by keyboard alone; the owner sees it happen and downloads the results.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { complaints, launch } from '../lib/browser.mjs';
import { PASSWORD } from '../lib/crowd.mjs';
import { parseCsv } from '../lib/csv.mjs';
import { CHECKOUT, postgres, run, startServer, until } from '../lib/server.mjs';

const EXAMPLE = path.join(CHECKOUT, 'examples/customer-messages');
const KINDS = ['delivery', 'payment', 'problem', 'question'];
const ENOUGH = 10;

const rowsOf = (name) => parseCsv(readFileSync(path.join(EXAMPLE, name), 'utf8'));
const kinds = new Map(rowsOf('truth.csv').map(({ task, kind }) => [task, kind]));
// Gold stands among the other tasks and looks like them; its answers are known, and it is no part of the results.
const golds = new Map(rowsOf('gold.csv').map(({ task, kind }) => [task, kind]));
const answers = new Map([...kinds, ...golds]);
const taskOfMessage = new Map([...rowsOf('tasks.csv'), ...rowsOf('gold.csv')].map(({ task, message }) => [message, task]));

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
async function tabTo(page, target, most = 40) {
  for (let presses = 0; presses < most; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${most} presses of Tab do not reach ${target}`);
}

for (const engine of ['sqlite', 'postgres']) {
  const skip = engine === 'postgres' && !postgres ? 'CROWDSMITH_TEST_POSTGRES is not set: run under scripts/with-postgres' : false;
  describe(`the story on ${engine}`, { skip }, () => {
    let server;
    let browser;
    let owner;
    let worker;
    let workerPage;
    const state = {};
    const wrong = [];

    before(async () => {
      server = await startServer({ engine });
      browser = await launch();
      owner = await (await browser.newContext({ acceptDownloads: true })).newPage();
      worker = await browser.newContext();
      for (const page of [owner]) wrong.push(complaints(page));
    });
    after(async () => {
      await browser?.close();
      await server?.remove();
    });

    test('the owner sets the server up by the one-time link', async () => {
      const link = `${server.url}/setup#${server.setupToken()}`;
      await owner.goto(link);
      await owner.getByLabel('Workspace').fill('Larkspur labels');
      await owner.getByLabel('Your name').fill('Olive Owner');
      await owner.getByLabel('Email').fill('olive@example.org');
      await owner.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await owner.getByRole('button', { name: 'Create workspace' }).click();
      await owner.getByRole('heading', { name: 'Bring your first question' }).waitFor();

      // The link works once.
      const again = await (await browser.newContext()).newPage();
      await again.goto(link);
      await again.getByLabel('Workspace').fill('Somebody else');
      await again.getByLabel('Your name').fill('Eve');
      await again.getByLabel('Email').fill('eve@example.org');
      await again.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await again.getByRole('button', { name: 'Create workspace' }).click();
      await again.getByRole('alert').waitFor();
      assert.match(again.url(), /\/setup/);
      await again.context().close();
    });

    test('the owner makes a token and pushes an example', async () => {
      await owner.getByRole('link', { name: 'API tokens' }).click();
      await owner.getByRole('button', { name: 'Create a token' }).first().click();
      const dialog = owner.getByRole('dialog');
      await dialog.getByLabel('What is it for?').fill('story');
      for (const scope of [/read projects/, /change projects/]) await dialog.getByLabel(scope).check();
      await dialog.getByRole('button', { name: 'Create a token' }).click();
      const shown = await owner.getByText(/^cs_\S+$/).first().textContent();
      state.token = shown.trim();
      const { code, stdout, stderr } = await run(['push', EXAMPLE], { env: { CROWDSMITH_SERVER: server.url, CROWDSMITH_TOKEN: state.token } });
      assert.equal(code, 0, stdout + stderr);
    });

    test('the owner opens the batch', async () => {
      await owner.goto(server.url);
      await owner.getByRole('link', { name: /main/ }).first().click();
      await owner.waitForURL(/\/batches\//);
      state.batch = owner.url().split('/').pop();
      await owner.getByRole('button', { name: 'Open', exact: true }).click();
      await owner.getByRole('button', { name: 'Pause' }).waitFor();
    });

    test('the owner invites a worker by a link', async () => {
      const people = await owner.context().newPage();
      await people.goto(`${server.url}/people`);
      await people.getByRole('button', { name: 'Invite people' }).first().click();
      const dialog = people.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Make the link' }).click();
      const shown = await people.getByText(/\/join#\S+/).first().textContent();
      state.invitation = shown.trim();
      assert.ok(state.invitation.startsWith(server.url), state.invitation);
      await people.close();
    });

    test('the worker joins and judges ten tasks by keyboard alone', { timeout: 120_000 }, async () => {
      workerPage = await worker.newPage();
      wrong.push(complaints(workerPage));
      await workerPage.goto(state.invitation);
      const type = async (label, text) => {
        await tabTo(workerPage, workerPage.getByLabel(label, { exact: true }));
        await workerPage.keyboard.type(text);
      };
      await workerPage.getByLabel('Your name').waitFor();
      await type('Your name', 'Wanda Worker');
      await type('Email', 'wanda@example.org');
      await type('Password', PASSWORD);
      await workerPage.keyboard.press('Enter');

      await workerPage.waitForURL(/\/work$/);
      const start = workerPage.getByRole('link', { name: /^Start/ }).or(workerPage.getByRole('button', { name: /^Start/ })).first();
      await start.waitFor();
      await tabTo(workerPage, start);
      await workerPage.keyboard.press('Enter');
      await workerPage.waitForURL(new RegExp(`/work/${state.batch}`));

      // The first time at a batch its instructions come first.
      const begin = workerPage.getByRole('button', { name: 'Start working' });
      await begin.or(workerPage.getByRole('img', { name: /^Task 1 of/ })).first().waitFor();
      if (await begin.isVisible()) {
        await tabTo(workerPage, begin);
        await workerPage.keyboard.press('Enter');
      }

      state.judged = [];
      let before = null;
      while (state.judged.length < ENOUGH) {
        const task = await until('the next task', async () => {
          const text = await workerPage.locator('main').innerText();
          for (const [message, name] of taskOfMessage) {
            if (name !== before && text.includes(message)) return name;
          }
          return null;
        });
        assert.ok(!state.judged.includes(task), `${task} is shown twice`);
        await workerPage.keyboard.press(String(KINDS.indexOf(answers.get(task)) + 1));
        await workerPage.keyboard.press('Enter');
        state.judged.push(task);
        before = task;
      }
    });

    test("the owner's page has moved by itself", async () => {
      // Nothing was loaded again on this page since the batch was opened.
      const figure = (name) => owner.locator('dl > div').filter({ has: owner.getByText(name, { exact: true }) }).getByRole('definition');
      // Gold among them is paid, and no judgment that the batch wants.
      const counted = state.judged.filter((name) => kinds.has(name)).length;
      await until('the judgments on the page', async () => (await figure('Judgments').innerText()) === `${counted} of ${3 * kinds.size}`);
      assert.equal(await figure('Workers').innerText(), '1');
      assert.equal(await figure('Spent').innerText(), '$0.30 of $20.00');
    });

    test('the owner downloads the results', async () => {
      await owner.getByRole('button', { name: 'Download' }).click();
      const [download] = await Promise.all([owner.waitForEvent('download'), owner.getByRole('link', { name: 'Results, csv' }).click()]);
      const rows = parseCsv(readFileSync(await download.path(), 'utf8'));
      assert.equal(rows.length, kinds.size, 'a row for each task');
      const judged = rows.filter((row) => row.judgments !== '0');
      const ordinary = state.judged.filter((task) => !golds.has(task));
      assert.ok(ordinary.length < state.judged.length, 'some of them were gold');
      assert.deepEqual(judged.map(({ task }) => task).sort(), ordinary.toSorted());
      for (const row of judged) {
        assert.equal(row.kind, kinds.get(row.task));
        assert.equal(row.judgments, '1');
        assert.ok(Number(row.kind_confidence) > 0.25 && Number(row.kind_confidence) <= 1, `confidence of ${row.task}: ${row.kind_confidence}`);
        const people = JSON.parse(row.workers);
        assert.equal(people.length, 1);
        assert.match(people[0], /^A[0-9A-Z]{13}$/, 'the worker is a pseudonym');
        assert.equal(row.method, 'auto');
      }
    });

    test('no page complained', () => {
      assert.deepEqual(wrong.flat(), []);
    });
  });
}
