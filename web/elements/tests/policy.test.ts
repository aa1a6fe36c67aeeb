import { expect, test } from 'vitest';
import { openTask, publish } from './support/task.js';

// The policy that README.md names; the server sends this one or a stricter one.
const csp = [
  "default-src 'none'",
  "script-src HOST 'unsafe-inline' blob:",
  "style-src 'unsafe-inline'",
  'img-src HOST data: blob:',
  'media-src HOST data: blob:',
  'font-src data:',
  'connect-src HOST',
  'worker-src blob:',
].join('; ');

const page = `<script>
    window.refused = [];
    document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective + ' ' + event.blockedURI));
  </script>
  <crowd-form>
    <crowd-classifier name="a" header="?" categories="['x']" style="color: red"></crowd-classifier>
    <crowd-alert>Note</crowd-alert>
    <crowd-image-classifier name="b" header="?" categories="['x']" src="/files/gradient.png"></crowd-image-classifier>
    <crowd-bounding-box name="c" header="?" labels="['x']" src="/files/gradient.png"></crowd-bounding-box>
    <crowd-semantic-segmentation name="d" header="?" labels="['x']" src="/files/gradient.png"></crowd-semantic-segmentation>
    <crowd-pdf name="e" header="?" src="/files/three-pages.pdf"></crowd-pdf>
    <crowd-audio-segments name="f" header="?" src="/files/tone.wav" labels="['x']"></crowd-audio-segments>
    <crowd-map name="g" header="?"></crowd-map>
    <crowd-taxonomy name="h" header="?" nodes="['A > B']"></crowd-taxonomy>
  </crowd-form>`;

test('every library works under the policy of a sandboxed page, and no element stands in the way of the others', async () => {
  const task = await openTask(page, { csp });
  await expect.poll(() => task.frame.locator('canvas').filter({ hasText: 'Page number 1' }).count()).toBe(1);
  await task.frame.getByText('0:00.0 / 0:04.0').waitFor();
  await expect.poll(() => task.frame.locator('.leaflet-tile').count()).toBeGreaterThan(0);
  expect(await task.frame.evaluate(() => (window as unknown as { refused: string[] }).refused)).toEqual([]);
  expect(await task.messages('problem')).toEqual([]);
});

test('what the page asks of other hosts is refused, and said where it is missing', async () => {
  const elsewhere = publish('/other.png', '').replace('127.0.0.1', 'localhost');
  const task = await openTask(
    `<crowd-form><crowd-image-classifier name="b" header="?" categories="['x']" src="${elsewhere}"></crowd-image-classifier></crowd-form>`,
    { csp },
  );
  await task.frame.getByText(/The image could not be loaded: .*other.png/).waitFor();
});
