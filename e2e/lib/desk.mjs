// A worker at a task page: the shell around it, the frame in it, and what was stored of the answer.

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { signIn } from './browser.mjs';
import { parseCsv } from './csv.mjs';
import { Hand } from './hand.mjs';
import { CHECKOUT, until } from './server.mjs';

/** Chromium's own camera and microphone, which show a moving picture and beep. */
export const FAKE_DEVICES = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

const SHOWN = 'iframe.shown.ready';

/** The frame with the task that is on; those ahead of time are not to be seen. */
export const taskFrame = (page) => page.frameLocator(SHOWN);

/** The same as an object that can be evaluated in. */
export async function insideOf(page) {
  return (await page.locator(SHOWN).elementHandle()).contentFrame();
}

/** Opens a batch as a worker, past the instructions that come first, to a page that has rendered. */
export async function sitDown(context, worker, batch) {
  await signIn(context, worker);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(`${worker.url}/work/${batch.id}`);
  const start = page.getByRole('button', { name: 'Start working' });
  const frame = page.locator(SHOWN);
  await start.or(frame).or(page.getByRole('radio')).first().waitFor();
  if (await start.isVisible()) {
    const hand = new Hand(page);
    await hand.to(start);
    await hand.press('Enter');
  }
  return page;
}

/** Waits until the page in the frame has said that it is ready. */
export async function rendered(page) {
  await page.locator(SHOWN).waitFor();
  const frame = await insideOf(page);
  await frame.waitForFunction(() => {
    const elements = [...document.querySelectorAll('*')].filter(({ localName }) => localName.startsWith('crowd-'));
    return document.readyState === 'complete' && elements.every((element) => customElements.get(element.localName) && element.shadowRoot?.childElementCount !== 0);
  });
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'));
  return frame;
}

/** The judgments of a batch, with outputs as they were submitted. */
export const judgmentsOf = async (owner, batch) => (await owner.get(`batches/${batch.id}/judgments?limit=200`)).items;

/** The judgment of one worker, as soon as it is stored. */
export function judgmentBy(owner, batch, worker) {
  return until('the judgment to be stored', async () => (await judgmentsOf(owner, batch)).find((judgment) => judgment.worker === worker.pseudonym), { seconds: 10, pause: 100 });
}

/** The tasks of an example's folder, by name, as they are sent to the server. */
export function tasksOf(name) {
  const read = (file) => readFileSync(path.join(CHECKOUT, 'examples', name, file), 'utf8');
  try {
    return parseCsv(read('tasks.csv')).map((row) => Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, /^[{[]/.test(cell) ? JSON.parse(cell) : cell])));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return read('tasks.jsonl').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }
}

/** Whether a request fetched what a task brings along, and not the page around it. */
export const isMedia = ({ url }) => new URL(url).pathname.startsWith('/media/');
