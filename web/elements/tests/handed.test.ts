import { expect, test } from 'vitest';
import { openTask, type Task } from './support/task.js';

// A page that needs modules of several kinds: libraries, and modules that import others.
const page = `<crowd-form>
    <crowd-classifier name="a" header="?" categories="['x']"></crowd-classifier>
    <crowd-tabs><crowd-tab header="One">Text</crowd-tab></crowd-tabs>
    <crowd-bounding-box name="b" header="?" labels="['x']" src="/files/gradient.png"></crowd-bounding-box>
    <crowd-semantic-segmentation name="c" header="?" labels="['x']" src="/files/gradient.png"></crowd-semantic-segmentation>
    <crowd-pdf name="d" header="?" src="/files/three-pages.pdf"></crowd-pdf>
    <crowd-audio-segments name="e" header="?" src="/files/tone.wav" labels="['x']"></crowd-audio-segments>
    <crowd-map name="f" header="?"></crowd-map>
  </crowd-form>`;

/** A shell that has the files whose names fit. */
const handsOver = (files: RegExp): string => `
  const { crowdsmith, file } = event.data;
  const reply = (text) => event.source.postMessage({ crowdsmith: 'module', file, text }, '*');
  if (crowdsmith === 'module') ${files}.test(file) ? fetch('/dist/' + file).then((found) => found.text()).then(reply) : reply(null);`;

/** Waits until all elements of `page` work, and fails where something is there twice or has complained. */
async function works(task: Task): Promise<void> {
  await expect.poll(() => task.frame.locator('canvas').filter({ hasText: 'Page number 1' }).count()).toBe(1);
  await task.frame.getByText('0:00.0 / 0:04.0').waitFor();
  await expect.poll(() => task.frame.locator('.leaflet-tile').count()).toBeGreaterThan(0);
  const lit = () => (globalThis as unknown as { litElementVersions: string[] }).litElementVersions.length;
  expect(await task.frame.evaluate(lit)).toBe(1);
  expect(await task.messages('problem')).toEqual([]);
}

/** The modules that the frame has fetched by itself. */
const fetched = (task: Task): Promise<string[]> =>
  task.frame.evaluate(() => {
    const names = performance.getEntriesByType('resource').map(({ name }) => name);
    return names
      .filter((name) => /\/dist\/(elements|chunks\/.*)\.js$/.test(name))
      .map((name) => name.replace(/.*\/dist\//, ''));
  });

test('a page takes its modules from a shell that hands them over', async () => {
  const task = await openTask(page, { handing: true, answer: handsOver(/./) });
  await works(task);
  expect(await fetched(task)).toEqual([]);
  const asked = (await task.messages('module')).map(({ file }) => file);
  expect(asked).toContain('elements.js');
  expect(new Set(asked).size).toBe(asked.length);
});

test('what the shell does not have comes from the network, and nothing is there twice', async () => {
  const task = await openTask(page, { handing: true, answer: handsOver(/^elements/) });
  await works(task);
  expect(await fetched(task)).toContainEqual(expect.stringMatching(/^chunks\/shapes/));
  expect(await fetched(task)).not.toContain('elements.js');
});

test('a shell that has nothing leaves the page to the network', async () => {
  const task = await openTask(page, { handing: true, answer: handsOver(/^nothing/) });
  await works(task);
  expect(await fetched(task)).toContain('elements.js');
  expect(await task.messages('module')).toHaveLength(1);
});

test('where blobs may not be imported, the page takes the network', async () => {
  const csp = "script-src HOST 'unsafe-inline'";
  const task = await openTask(page, { handing: true, answer: handsOver(/./), csp });
  await works(task);
  expect(await fetched(task)).toContain('elements.js');
});

test('a shell that does not say so is not asked', async () => {
  const task = await openTask(page, { answer: handsOver(/./) });
  await works(task);
  expect(await task.messages('module')).toEqual([]);
});
