import { expect, test } from 'vitest';
import { openTask, type Task } from '../support/task.js';
import { picture, pngUrl } from './support.js';

/** The colour in the window at a point of the stage, given as shares of its width and height. */
async function colorAt(task: Task, x: number, y: number): Promise<number[]> {
  const box = (await task.frame.locator('.stage').boundingBox())!;
  const shot = await task.page.screenshot({
    clip: { x: Math.round(box.x + box.width * x), y: Math.round(box.y + box.height * y), width: 1, height: 1 },
  });
  return task.frame.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const context = new OffscreenCanvas(1, 1).getContext('2d')!;
    context.drawImage(image, 0, 0);
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  }, shot.toString('base64'));
}

const classifier = (overlay: string): string =>
  `<crowd-form><crowd-image-classifier name="check" categories="['good', 'bad']" header="Rate the marks"
    src="${picture(400, 300)}" overlay="${overlay}"></crowd-image-classifier></crowd-form>`;

test('shows boxes of an earlier task over the picture of a classifier', async () => {
  const task = await openTask(
    classifier(`{ 'boundingBox': { labels: ['bird', 'cat'], value: [
      { height: 80, label: 'bird', left: 30, top: 40, width: 100 },
      { height: 60, label: 'cat', left: 200, top: 140, width: 90 } ] }, }`),
  );
  await task.frame.getByRole('img', { name: 'Picture with marks from an earlier task: 1 bird, 1 cat.' }).waitFor();
  await task.frame.getByText('Boxes (2)').click();
  await task.frame.getByRole('option', { name: 'box 2, cat, 90 by 60 at 200, 140' }).click();
  await task.shot('overlay-boxes-1280');
  await task.accessible();
});

test('shows the mask of an earlier task, background left free, and hides it again', async () => {
  const mask = new Uint8Array(400 * 300).fill(2);
  for (let y = 100; y < 200; y += 1) mask.fill(1, y * 400 + 100, y * 400 + 300);
  const url = pngUrl(mask, 400, 300, ['#d62728', '#ffffff']);
  const task = await openTask(
    classifier(
      `{ 'semanticSegmentation': { labels: ['Cow'], labelMappings: { Cow: { color: '#d62728' } }, src: '${url}' } }`,
    ),
  );
  await task.frame.getByRole('img', { name: 'Picture with marks from an earlier task: 1 Cow.' }).waitFor();
  await expect.poll(async () => (await colorAt(task, 0.5, 0.5))[0]).toBeGreaterThan(180);
  const [red] = await colorAt(task, 0.5, 0.5);
  const corner = await colorAt(task, 0.06, 0.06);
  expect(corner).toEqual([0xd8, 0xd2, 0xc4]);
  await task.shot('overlay-mask-1280');
  await task.frame.getByRole('button', { name: 'Marks' }).click();
  await expect.poll(async () => (await colorAt(task, 0.5, 0.5))[0]).not.toBe(red);
  expect(await colorAt(task, 0.06, 0.06)).toEqual(corner);
});

test('shows instances, and says when an overlay is not as documented', async () => {
  const url = pngUrl(new Uint8Array(400 * 300).fill(1), 400, 300, ['#2ca02c']);
  const task = await openTask(
    classifier(`{ 'instanceSegmentation': { labels: ['Cat', 'Dog'], instances: [
      { color: '#2ca02c', label: 'Cat' }, { color: '#1f77b4', label: 'Cat' }, { color: '#d62728', label: 'Dog' },
    ], src: '${url}' } }`),
    { width: 360, height: 740 },
  );
  await task.frame.getByRole('img', { name: '2 Cat, 1 Dog' }).waitFor();
  expect(await task.frame.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await task.shot('overlay-360');
  const wrong = await openTask(classifier(`{ 'boxes': [] }`));
  await wrong.frame.getByText('attribute overlay:').waitFor();
});
