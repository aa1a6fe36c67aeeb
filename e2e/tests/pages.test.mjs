// Every page, at the width of a desktop and of a small phone, light and dark: nothing sticks out sideways, axe-core finds
// no serious fault, and the keyboard alone reaches everything. Pictures go into e2e/screenshots.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { complaints, launch, picture, signIn } from '../lib/browser.mjs';
import { inviteWorkers, setUpOwner, withToken } from '../lib/crowd.mjs';
import { parseCsv } from '../lib/csv.mjs';
import { CHECKOUT, run, startServer } from '../lib/server.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
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
  const answerOf = (field, { type, options }, row, slip) => {
    if (type === 'choice') return slip ? options[0].value : row[field];
    if (type === 'choices') return JSON.parse(row[field]);
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
});
after(async () => {
  await browser?.close();
  await server?.remove();
  await fresh?.remove();
  await empty?.remove();
});

/** What sticks out of the page to the right, where a person would have to scroll sideways. */
function overhang() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  return [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
    .slice(0, 5)
    .map((element) => `${element.tagName.toLowerCase()}.${element.className} ends at ${Math.round(element.getBoundingClientRect().right)} of ${clientWidth}`)
    .concat(`the page is ${scrollWidth} wide`);
}

async function axe(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`);
}

/**
 * Presses Tab through the page. Gives what it never reached among the things one can use, and what it reached without
 * showing it.
 */
async function unreached(page) {
  const count = await page.evaluate(() => {
    const scope = document.querySelector('dialog[open]') ?? document;
    const usable = [...scope.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter((element) => {
      if (element.disabled || element.tabIndex < 0 || !element.checkVisibility({ visibilityProperty: true })) return false;
      // One radio of a group takes the focus; arrows lead to the others.
      return element.type !== 'radio' || element.checked || !scope.querySelector(`input[name="${CSS.escape(element.name)}"]:checked`);
    });
    globalThis.toReach = new Set(usable);
    document.activeElement?.blur();
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    return usable.length;
  });
  const unseen = new Set();
  for (let press = 0; press < count + 12; press += 1) {
    await page.keyboard.press('Tab');
    const flaw = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      globalThis.toReach.delete(element);
      for (const other of globalThis.toReach) if (other.type === 'radio' && other.name === element.name) globalThis.toReach.delete(other);
      const seen = (one) => {
        const style = getComputedStyle(one);
        return (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
      };
      // A hidden radio or checkbox may show its focus on the label around it.
      const shown = seen(element) || (element.closest('label') && seen(element.closest('label'))) || [...(element.labels ?? [])].some(seen) || (element.parentElement && seen(element.parentElement));
      return shown ? null : element.outerHTML.slice(0, 160);
    });
    if (flaw) unseen.add(flaw);
  }
  const missed = await page.evaluate(() => [...globalThis.toReach].map((element) => element.outerHTML.slice(0, 160)));
  return [...missed.map((html) => `Tab does not reach ${html}`), ...[...unseen].map((html) => `the focus cannot be seen on ${html}`)];
}

/** Name of the page, who opens it, its path, and what to do and wait for before it is looked at. */
const heading = (name) => (page) => page.getByRole('heading', { name }).first().waitFor();
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
    await page.getByRole('button', { name: /Show the judgments behind it/ }).first().click();
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
        const dark = width === 360 && ['home', 'task-picture', 'batch-results', 'signin'].includes(name);
        for (const scheme of dark ? ['light', 'dark'] : ['light']) {
          const context = await browser.newContext({ viewport: { width, height: width === 360 ? 740 : 860 }, colorScheme: scheme, reducedMotion: 'reduce', hasTouch: width === 360 });
          context.setDefaultTimeout(10_000);
          const person = { owner, worker: workers[0], empty: emptyOwner }[who];
          if (person) await signIn(context, person);
          const page = await context.newPage();
          const complained = complaints(page);
          try {
            await page.goto(({ fresh, empty }[who] ?? server).url + where());
            await arrive(page);
            await picture(page, `${name}-${width}${scheme === 'dark' ? '-dark' : ''}`);
            const found = [...complained, ...(await page.evaluate(overhang))];
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
