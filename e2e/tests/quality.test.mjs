// Gold as people meet it, on a desk by keyboard and on a phone by thumb: a quiz failed and passed, a gold missed and
// contested, corrected by the requester and forgiven; and a spammer who is stopped with kind words.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { complaints, launch, picture, signIn } from '../lib/browser.mjs';
import { goldRows, inviteWorkers, MOODS, moodOf, openGoldBatch, setUpOwner } from '../lib/crowd.mjs';
import { axe, overhang } from '../lib/look.mjs';
import { startServer, until } from '../lib/server.mjs';

const DEVICES = {
  desk: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
};
const other = (mood) => MOODS[(MOODS.indexOf(mood) + 1) % MOODS.length];

let server;
let browser;
let owner;
let workers;

before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  owner = await setUpOwner(server, { workspace: 'Larkspur labels' });
  workers = await inviteWorkers(owner, 2 * Object.keys(DEVICES).length);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

for (const [device, options] of Object.entries(DEVICES)) {
  describe(`gold on a ${device}`, () => {
    const wrong = [];
    const contexts = [];
    const state = {};
    const press = (target) => (device === 'phone' ? target.tap() : target.click());

    async function open(person, path) {
      const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
      context.setDefaultTimeout(10_000);
      contexts.push(context);
      await signIn(context, person);
      const page = await context.newPage();
      wrong.push(complaints(page));
      await page.goto(server.url + path);
      return page;
    }

    /** What the task page shows now: the text of a task, or the heading of what stands between tasks. */
    async function shown(page) {
      const heading = page.locator('main h2').first();
      if (await heading.isVisible()) return { heading: await heading.innerText() };
      const text = await page.locator('main').innerText();
      return moodOf(text) ? { text: text.match(/Remark no\. .*\./)[0] } : {};
    }

    const next = (page, before = {}) =>
      until(
        'the next task or a word between tasks',
        async () => {
          const now = await shown(page);
          return (now.heading ?? now.text) && (now.heading !== before.heading || now.text !== before.text) ? now : null;
        },
        { seconds: 15 },
      );

    /** Answers what is shown; gives what is shown then. A task may be taken away under the thumb of who is stopped. */
    async function answer(page, now, choose) {
      const mood = choose(moodOf(now.text));
      if (device === 'phone') await page.locator('label', { hasText: mood }).tap({ timeout: 3000 }).catch(() => {});
      else await page.keyboard.press(String(MOODS.indexOf(mood) + 1));
      return next(page, now);
    }

    /** Answers task after task until something stands between them. */
    async function answerAll(page, choose, most = 20) {
      let now = await next(page);
      for (let count = 0; now.text && count < most; count += 1) now = await answer(page, now, choose);
      assert.ok(now.heading, `after ${most} answers still: ${now.text}`);
      return now.heading;
    }

    /** What stands between tasks is looked at as every page is. */
    async function look(page, name) {
      await picture(page, `${name}-${device}`);
      assert.deepEqual([...(await overhang(page)), ...(await axe(page))], []);
    }

    async function begin(page, what) {
      const instructions = page.getByRole('button', { name: 'Start working' });
      await instructions.waitFor();
      await press(instructions);
      await page.getByRole('heading', { name: what }).waitFor();
    }

    /** On with Enter, or with the thumb. */
    const goOn = (page, name) => (device === 'phone' ? page.getByRole('button', { name }).tap() : page.keyboard.press('Enter'));

    before(async () => {
      const place = Object.keys(DEVICES).indexOf(device) * 2;
      [state.worker, state.spammer] = workers.slice(place, place + 2);
      state.batch = await openGoldBatch(owner, {
        name: `quiz-${device}`,
        tasks: 40,
        golds: goldRows(100, 6),
        overlap: { min: 2, max: 4, target: 0.9 },
        gold: { per_suite: 1, used_up: 'continue' },
        quiz: { length: 3, pass: 0.6, tries: 2, paid: false },
      });
      state.strict = await openGoldBatch(owner, {
        name: `strict-${device}`,
        tasks: 30,
        golds: goldRows(200, 12),
        overlap: 2,
        gold: { per_suite: 2 },
        trust: { minimum: 0.8, from: 'gold', evidence: 3 },
      });
    });
    after(async () => {
      for (const context of contexts) await context.close();
    });

    test('the quiz says beforehand what it takes, and is failed', { timeout: 60_000 }, async () => {
      const page = await open(state.worker, `/work/${state.batch.id}`);
      state.page = page;
      const claims = [];
      page.on('response', async (response) => {
        if (response.url().endsWith('/claim') && response.status() === 200) claims.push((await response.json()).assignment);
      });
      state.claims = claims;
      await begin(page, 'First, a short quiz');
      const main = page.locator('main');
      for (const fact of ['2 of 3 right', 'not paid']) await main.getByText(fact).waitFor();
      assert.equal(claims.length, 0, 'the clock of the quiz does not run before it is begun');
      await press(page.getByRole('button', { name: 'Start the quiz' }));
      assert.equal(await answerAll(page, other), 'Not quite yet');
      await main.getByText('0 of 3 right, and it takes 2.').waitFor();
      await main.getByText('You have 1 try left.').waitFor();
      assert.equal(await main.getByText('Right answer', { exact: true }).count(), 3);
      await look(page, 'quiz-again');
    });

    test('the quiz is passed at the second try, and the work begins', { timeout: 60_000 }, async () => {
      const { page } = state;
      await goOn(page, 'Try again');
      assert.equal(await answerAll(page, (mood) => mood), 'You passed the quiz');
      await page.getByText('3 of 3 right.').waitFor();
      await look(page, 'quiz-passed');
      const [first, second] = state.claims.slice(0, 2).map((claim) => claim.tasks.map(({ id }) => id));
      assert.ok(!first.some((id) => second.includes(id)), 'no gold is shown twice');
      assert.ok(Number((await owner.get(`batches/${state.batch.id}`)).progress.spent) === 0, 'the quiz is not paid');
    });

    test('the requester adds a gold task, with a wrong answer', { timeout: 60_000 }, async () => {
      const page = await open(owner, `/batches/${state.batch.id}`);
      state.desk = page;
      await press(page.getByRole('tab', { name: 'Quality' }));
      await press(page.getByRole('tabpanel', { name: 'Gold' }).getByRole('button', { name: 'Add gold' }));
      const csv = 'task,text,label,explanation\ng900,"Remark no. 900: today everything here sounds good.",bad,It is bad.\n';
      await page.getByLabel('File').setInputFiles({ name: 'gold.csv', mimeType: 'text/csv', buffer: Buffer.from(csv.replace('bad,', 'terrible,')) });
      await press(page.getByRole('button', { name: 'Import', exact: true }));
      await page.getByRole('alert').getByText(/line 2.*must be one of/i).first().waitFor();
      await page.getByLabel('File').setInputFiles({ name: 'gold.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
      await press(page.getByRole('button', { name: 'Import', exact: true }));
      await page.getByText('1 gold task added.').waitFor();
      await page.getByText('g900').waitFor();
    });

    test('the worker misses it, is told between two tasks, and objects', { timeout: 60_000 }, async () => {
      const { page } = state;
      await goOn(page, 'Begin the work');
      assert.equal(await answerAll(page, (mood) => mood), 'One answer was different');
      await page.getByText('It is bad.').waitFor();
      await look(page, 'gold-missed');
      const shapes = state.claims.flatMap((claim) => claim.tasks).map((task) => Object.keys(task).concat(Object.keys(task.input)).join());
      assert.equal(new Set(shapes).size, 1, 'gold looks like any other task');
      if (device === 'phone') await page.getByRole('button', { name: 'I think my answer is right' }).tap();
      else await page.keyboard.press('c');
      const reason = page.getByLabel('Why is your answer right?');
      await until('the field has the focus', () => reason.evaluate((field) => field === document.activeElement));
      await page.keyboard.type('The remark says good, in so many words.');
      if (device === 'phone') await page.getByRole('button', { name: 'Send to the requester' }).tap();
      else await page.keyboard.press('Control+Enter');
      await page.getByText('You have objected.').waitFor();
      await goOn(page, 'Continue');
      const after = await next(page, { heading: 'One answer was different' });
      assert.ok(after.text, 'the work goes on where it was');
    });

    test('the requester sees the objection first, and corrects the gold', { timeout: 60_000 }, async () => {
      const page = state.desk;
      await page.reload();
      await press(page.getByRole('tab', { name: 'Quality' }));
      await page.getByText('The remark says good, in so many words.').waitFor();
      assert.match(await page.locator('tbody tr').first().innerText(), /g900/);
      await press(page.getByRole('button', { name: /They are right/ }));
      const dialog = page.getByRole('dialog');
      assert.equal(await dialog.getByRole('checkbox', { name: 'good' }).isChecked(), true, "the worker's answer is offered");
      await dialog.getByRole('checkbox', { name: 'bad' }).uncheck();
      await dialog.getByLabel(/Reply to the worker/).fill('You are right, thank you.');
      await press(dialog.getByRole('button', { name: 'Save' }));
      await dialog.waitFor({ state: 'hidden' });
      await until('the contest is accepted', async () => {
        const { items } = await owner.get(`batches/${state.batch.id}/gold?sort=contested`);
        const gold = items.find(({ task }) => task === 'g900');
        return gold.contested === 0 && gold.missed === 0 && JSON.stringify(gold.answers) === '{"mood":["good"]}';
      });
    });

    test('the worker reads the reply, and that the answer counts as right', { timeout: 60_000 }, async () => {
      const page = await open(state.worker, `/work/${state.batch.id}/checked`);
      await page.getByRole('heading', { name: 'Checked answers', level: 1 }).waitFor();
      const item = page.locator('article', { hasText: 'Remark no. 900' });
      await item.getByText('Right', { exact: true }).waitFor();
      await item.getByText('You were right').waitFor();
      await item.getByText('You are right, thank you.').waitFor();
      await press(page.getByRole('link', { name: 'Back to the work' }));
      await page.waitForURL(new RegExp(`/work/${state.batch.id}$`));
    });

    test('a spammer is stopped with a kind word and a way on', { timeout: 60_000 }, async () => {
      const page = await open(state.spammer, `/work/${state.strict.id}`);
      const instructions = page.getByRole('button', { name: 'Start working' });
      await instructions.waitFor();
      await press(instructions);
      let heading = await answerAll(page, other);
      for (let told = 0; /different/.test(heading) && told < 5; told += 1) {
        await goOn(page, 'Continue');
        heading = await answerAll(page, other);
      }
      assert.equal(heading, 'This work has come to an end for you');
      await page.getByText(/You cannot go on with this batch/).waitFor();
      await look(page, 'excluded');
      await press(page.getByRole('link', { name: 'See other work' }));
      await page.getByRole('heading', { name: 'Available work' }).waitFor();
      await page.getByRole('heading', { name: new RegExp(`quiz-${device}`) }).waitFor();
      // Coming back says the same, not that there is nothing.
      await page.goto(`${server.url}/work/${state.strict.id}`);
      await page.getByRole('heading', { name: 'This work has come to an end for you' }).waitFor();
    });

    test('the requester sees who is excluded and why, and can reinstate', { timeout: 60_000 }, async () => {
      const page = state.desk;
      await page.goto(`${server.url}/batches/${state.strict.id}`);
      await press(page.getByRole('tab', { name: 'Workers' }));
      const row = page.locator('tbody tr', { hasText: state.spammer.pseudonym });
      await row.getByText('Excluded', { exact: true }).waitFor();
      assert.match(await row.innerText(), /this batch needs 80 %/);
      assert.match(await row.innerText(), /0 of \d+ gold right/);
      await press(row.getByRole('button', { name: /Reinstate/ }));
      await press(page.getByRole('dialog').getByRole('button', { name: 'Reinstate' }));
      await row.getByText('Working', { exact: true }).waitFor();
    });

    test('no page complained', () => {
      assert.deepEqual(wrong.flat(), []);
    });
  });
}
