// Every page, at the width of a desktop and of a small phone, light and dark: nothing sticks out sideways, axe-core finds
// no serious fault, and the keyboard alone reaches everything. Pictures go into e2e/screenshots.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { complaints, launch, picture, signIn } from '../lib/browser.mjs';
import { goldRows, inviteWorkers, judgeMoods, MOODS, openGoldBatch, setUpOwner, withToken } from '../lib/crowd.mjs';
import { parseCsv } from '../lib/csv.mjs';
import { axe, overhang, unreached } from '../lib/look.mjs';
import { CHECKOUT, run, startServer, until } from '../lib/server.mjs';

const WIDTHS = [1280, 360];
const EXAMPLES = ['customer-messages', 'weather-scenes', 'product-descriptions'];

let server;
let fresh;
let empty;
let emptyOwner;
let browser;
let owner;
let workers;
let invitation;
const batches = {};

/** Lets each worker judge some suites as `truth.csv` says, with a slip now and then. */
async function judge(name, suites) {
  const read = (file) => parseCsv(readFileSync(path.join(CHECKOUT, 'examples', name, file), 'utf8'));
  const truth = new Map(read('truth.csv').map((row) => [row.task, row]));
  const { output } = await owner.get(`projects/${name}`);
  const names = new Map();
  for (let next = ''; next !== null; ) {
    const page = await owner.get(`batches/${batches[name].id}/tasks?limit=200${next && `&after=${next}`}`);
    for (const task of page.items) names.set(task.id, task.name);
    next = page.next ?? null;
  }
  // Gold is not among the other tasks, and brings its answers along.
  for (const gold of (await owner.get(`batches/${batches[name].id}/gold`)).items) {
    names.set(gold.task_id, gold.task);
    truth.set(gold.task, Object.fromEntries(Object.entries(gold.answers).map(([field, [answer]]) => [field, answer])));
  }
  const answerOf = (field, { type, options }, row, slip) => {
    if (type === 'choice') return slip ? options[0].value : row[field];
    if (type === 'choices') return typeof row[field] === 'string' ? JSON.parse(row[field]) : row[field];
    return type === 'text' ? row[field] : Number(row[field]);
  };
  for (const [number, worker] of workers.slice(1).entries()) {
    for (let suite = 0; suite < suites; suite += 1) {
      const claim = await worker.call('POST', `work/batches/${batches[name].id}/claim`, { body: {} });
      if (claim.status === 204) break;
      const { assignment } = claim.data;
      const judgments = assignment.tasks.map(({ id }, position) => ({
        task: id,
        output: Object.fromEntries(
          Object.entries(output).map(([field, definition]) => [field, answerOf(field, definition, truth.get(names.get(id)), (position + number) % 5 === 4)]),
        ),
      }));
      await worker.post(`work/assignments/${assignment.id}/submit`, { judgments });
    }
  }
}

/** A batch with all there is to see of quality: gold and an objection, doubtful tasks, proposals, rules, an exclusion. */
async function openQuality() {
  const batch = await openGoldBatch(owner, {
    name: 'quality',
    tasks: 24,
    golds: goldRows(100, 8),
    overlap: { min: 2, max: 2, target: 0.97 },
    ambiguous: 'review',
    gold: { per_suite: 1, automatic: { confidence: 0.6, judgments: 2 } },
    trust: { minimum: 0.1, from: 'gold', evidence: 6 },
    rules: [{ collector: 'gold', last: 10, when: { count: '>= 1', rate: '< 90' }, action: { flag: 'look at the answers' } }],
  });
  const [, first, second, third] = workers;
  await judgeMoods(first, batch, 8);
  const told = await judgeMoods(second, batch, 6, (mood, position, text) => (position === 2 || /no\. 10[0-3]:/.test(text) ? MOODS[(MOODS.indexOf(mood) + 1) % 3] : mood));
  const missed = told.find(({ right }) => !right);
  await second.post(`work/tasks/${missed.task}/contest`, { reason: 'Today of all days, I would not call it that.' });
  await judgeMoods(third, batch, 1, () => 'bad');
  await owner.post(`batches/${batch.id}/workers/${third.pseudonym}/exclude`, { reason: 'the answers are all the same' });
  await until('doubtful tasks', async () => (await owner.get(`batches/${batch.id}`)).progress.ambiguous > 0);
  return batch;
}

before(async () => {
  [server, fresh, empty, browser] = await Promise.all([startServer({ parameters: ['--open-signup'] }), startServer(), startServer(), launch()]);
  emptyOwner = await setUpOwner(empty);
  owner = await setUpOwner(server, { workspace: 'Larkspur labels' });
  const { token } = await withToken(owner, ['read', 'write']);
  for (const name of EXAMPLES) {
    const { code, stdout, stderr } = await run(['push', path.join(CHECKOUT, 'examples', name), '--open'], { env: { CROWDSMITH_SERVER: server.url, CROWDSMITH_TOKEN: token } });
    assert.equal(code, 0, stdout + stderr);
    [batches[name]] = (await owner.get(`batches?project=${name}`)).items;
  }
  workers = await inviteWorkers(owner, 6);
  invitation = await owner.post('invitations', { role: 'worker', uses: 3, expires_in_hours: 1 });
  for (const name of EXAMPLES) await judge(name, 6);
  batches.quality = await openQuality();
  batches.quiz = await openGoldBatch(owner, { name: 'quiz', tasks: 5, golds: goldRows(300, 5), overlap: 2, quiz: { length: 4, pass: 0.75, tries: 2 } });
});
after(async () => {
  await browser?.close();
  await server?.remove();
  await fresh?.remove();
  await empty?.remove();
});

/** Name of the page, who opens it, its path, and what to do and wait for before it is looked at. */
const heading = (name) => (page) => page.getByRole('heading', { name }).first().waitFor();
const quality = (name, part, arrive) => [
  [name, 'owner', () => `/batches/${batches.quality.id}`, async (page) => {
    await page.getByRole('tab', { name: 'Quality' }).click();
    await page.getByRole('tab', { name: part }).click();
    await arrive(page);
  }],
];
const PAGES = [
  ['signin', null, () => '/signin', heading(/Sign in/)],
  ['setup', 'fresh', () => `/setup#${fresh.setupToken()}`, heading(/Set up/)],
  ['not-set-up', 'fresh', () => '/', heading(/not set up/)],
  ['join', null, () => `/join#${invitation.token}`, heading(/Join/)],
  ['sign-up', null, () => '/join', heading(/Join/)],
  ['not-found', 'owner', () => '/nowhere', heading(/no page/)],
  ['work-list', 'worker', () => '/work', heading('Available work')],
  ['task-instructions', 'worker', () => `/work/${batches['weather-scenes'].id}`, (page) => page.getByRole('button', { name: 'Start working' }).waitFor()],
  ['task-text', 'worker', () => `/work/${batches['customer-messages'].id}`, begin],
  ['task-picture', 'worker', () => `/work/${batches['weather-scenes'].id}`, begin],
  ['task-survey', 'worker', () => `/work/${batches['product-descriptions'].id}`, begin],
  ['task-quiz', 'worker', () => `/work/${batches.quiz.id}`, async (page) => {
    const start = page.getByRole('button', { name: 'Start working' });
    await start.or(page.getByRole('button', { name: 'Start the quiz' })).first().waitFor();
    if (await start.isVisible()) await start.click();
    await page.getByRole('heading', { name: 'First, a short quiz' }).waitFor();
  }],
  ['task-stopped', 'excluded', () => `/work/${batches.quality.id}`, async (page) => {
    const start = page.getByRole('button', { name: 'Start working' });
    await start.waitFor();
    await start.click();
    await heading('This work has come to an end for you')(page);
  }],
  ['checked-answers', 'contester', () => `/work/${batches.quality.id}/checked`, heading('Checked answers')],
  ['task-keys', 'worker', () => `/work/${batches['customer-messages'].id}`, async (page) => {
    await begin(page);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  }],
  ['first-steps', 'empty', () => '/', heading('Bring your first question')],
  ['home', 'owner', () => '/', heading('Projects')],
  ['batch-results', 'owner', () => `/batches/${batches['customer-messages'].id}`, async (page) => {
    await page.getByRole('table').first().waitFor();
  }],
  ['batch-survey', 'owner', () => `/batches/${batches['product-descriptions'].id}`, async (page) => {
    await page.getByRole('table').first().waitFor();
  }],
  ['batch-behind', 'owner', () => `/batches/${batches['weather-scenes'].id}`, async (page) => {
    await page.getByRole('button', { name: /Show the judgments behind it/, disabled: false }).first().click();
    await page.getByText('Time taken').first().waitFor();
  }],
  ['batch-workers', 'owner', () => `/batches/${batches['customer-messages'].id}`, async (page) => {
    await page.getByRole('tab', { name: 'Workers' }).click();
    await page.getByText('Estimated accuracy').first().waitFor();
  }],
  ['batch-settings', 'owner', () => `/batches/${batches['customer-messages'].id}`, async (page) => {
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByText('Time limit of a set').first().waitFor();
  }],
  ...quality('batch-gold', 'Gold', (page) => page.getByRole('table').first().waitFor()),
  ...quality('batch-gold-correct', 'Gold', async (page) => {
    await page.getByRole('button', { name: /They are right/ }).click();
    await page.getByRole('dialog').waitFor();
  }),
  ...quality('batch-gold-import', 'Gold', async (page) => {
    await page.getByRole('button', { name: 'Add gold' }).click();
    await page.getByRole('dialog').waitFor();
  }),
  ...quality('batch-proposals', 'Proposals', (page) => page.getByRole('button', { name: /^Make \d+ tasks? gold/ }).waitFor()),
  ...quality('batch-doubtful', /^Doubtful/, (page) => page.getByRole('link', { name: 'Decide them one by one' }).waitFor()),
  ...quality('batch-rules', 'Rules at work', (page) => page.getByText('look at the answers').first().waitFor()),
  ['batch-decide', 'owner', () => `/batches/${batches.quality.id}/decide`, async (page) => {
    await page.getByRole('radio').first().waitFor();
    await page.getByText('What the workers said').click();
    await page.getByText('Time taken').first().waitFor();
  }],
  ['batch-replay', 'owner', () => `/batches/${batches.quality.id}/replay`, async (page) => {
    await page.getByRole('img', { name: /Agreement with the results/ }).waitFor();
  }],
  ['batch-quality-workers', 'owner', () => `/batches/${batches.quality.id}`, async (page) => {
    await page.getByRole('tab', { name: 'Workers' }).click();
    await page.getByText('Excluded', { exact: true }).waitFor();
  }],
  ['batch-exclude', 'owner', () => `/batches/${batches.quality.id}`, async (page) => {
    await page.getByRole('tab', { name: 'Workers' }).click();
    await page.getByRole('button', { name: /^Exclude/ }).first().click();
    await page.getByRole('dialog').waitFor();
  }],
  ['batch-quality-settings', 'owner', () => `/batches/${batches.quality.id}`, async (page) => {
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Rules' }).waitFor();
  }],
  ['batch-mark-gold', 'owner', () => `/batches/${batches['customer-messages'].id}`, async (page) => {
    await page.getByRole('button', { name: /Show the judgments behind it/, disabled: false }).first().click();
    await page.getByRole('button', { name: 'Make it a gold task' }).click();
    await page.getByRole('dialog').waitFor();
  }],
  ['project', 'owner', () => '/projects/product-descriptions', heading(/product description/)],
  ['people', 'owner', () => '/people', heading('People')],
  ['people-invite', 'owner', () => '/people', async (page) => {
    await page.getByRole('button', { name: 'Invite people' }).first().click();
    await page.getByRole('button', { name: 'Make the link' }).click();
    await page.getByText(/\/join#/).waitFor();
  }],
  ['tokens', 'owner', () => '/settings/tokens', heading('API tokens')],
  ['tokens-create', 'owner', () => '/settings/tokens', async (page) => {
    await page.getByRole('button', { name: 'Create a token' }).first().click();
    await page.getByRole('dialog').waitFor();
  }],
  ['api-docs', 'owner', () => '/api/docs', (page) => page.getByText('/api/v1/').first().waitFor(), { ours: false }],
];

/** Past the instructions that come first, to a task. */
async function begin(page) {
  const start = page.getByRole('button', { name: 'Start working' });
  await start.or(page.getByRole('img', { name: /^Task \d+ of/ })).first().waitFor();
  if (await start.isVisible()) await start.click();
  await page.getByRole('radio').or(page.getByRole('checkbox')).first().waitFor();
  await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
}

for (const width of WIDTHS) {
  describe(`${width} pixels wide`, () => {
    for (const [name, who, where, arrive, { ours = true } = {}] of PAGES) {
      test(name, { timeout: 60_000 }, async () => {
        const dark = width === 360 && ['home', 'task-picture', 'batch-results', 'batch-gold', 'checked-answers', 'signin'].includes(name);
        for (const scheme of dark ? ['light', 'dark'] : ['light']) {
          const context = await browser.newContext({ viewport: { width, height: width === 360 ? 740 : 860 }, colorScheme: scheme, reducedMotion: 'reduce', hasTouch: width === 360 });
          context.setDefaultTimeout(10_000);
          const person = { owner, worker: workers[0], contester: workers[2], excluded: workers[3], empty: emptyOwner }[who];
          if (person) await signIn(context, person);
          const page = await context.newPage();
          const complained = complaints(page);
          try {
            await page.goto(({ fresh, empty }[who] ?? server).url + where());
            await arrive(page);
            await picture(page, `${name}-${width}${scheme === 'dark' ? '-dark' : ''}`);
            const found = [...complained, ...(await overhang(page))];
            // The API's reference is drawn by a component of others; it only has to be there and to fit.
            if (ours) found.push(...(await axe(page)), ...(scheme === 'light' ? await unreached(page) : []));
            assert.deepEqual(found, []);
          } catch (error) {
            await picture(page, `FAILED-${name}-${width}`).catch(() => {});
            throw error;
          } finally {
            await context.close();
          }
        }
      });
    }
  });
}
