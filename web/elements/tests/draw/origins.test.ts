// Pictures and masks from servers that do not allow other origins to read them, as media stores often are.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTask } from '../support/task.js';
import { Canvas, picture, pngUrl } from './support.js';

const files: Record<string, string> = {
  '/picture.png': picture(200, 120),
  '/mask.png': pngUrl(new Uint8Array(200 * 120).fill(1), 200, 120, ['#1f77b4']),
};
let server: Server;
let store = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const file = files[request.url ?? ''];
    response.statusCode = file === undefined ? 404 : 200;
    response.setHeader('Content-Type', 'image/png');
    response.end(Buffer.from((file ?? ',').split(',')[1]!, 'base64'));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  store = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('draws boxes and masks on a picture that may not be read', async () => {
  const boxes = await Canvas.open('crowd-bounding-box', `src="${store}/picture.png" labels="['a']"`);
  await boxes.drag([10, 20], [110, 70]);
  expect(await boxes.output()).toMatchObject({ boundingBoxes: [{ left: 10, top: 20, width: 100, height: 50 }] });
  const mask = await Canvas.open('crowd-semantic-segmentation', `src="${store}/picture.png" labels="['a']"`);
  await mask.drag([10, 20], [110, 70]);
  expect(await mask.output()).toMatchObject({ labeledImage: { pngImageData: expect.any(String) as string } });
});

test('says that an initial mask may not be read', async () => {
  const canvas = await Canvas.open(
    'crowd-semantic-segmentation',
    `src="${store}/picture.png" labels="['a']" initial-value="{src: '${store}/mask.png', labelMappings: {a: {color: '#1f77b4'}}}"`,
  );
  await canvas.task.frame.getByText('must allow other origins (CORS)').waitFor();
});

test('shows a mask that may not be read as it is', async () => {
  const task = await openTask(
    `<crowd-form><crowd-image-classifier name="check" header="Good?" categories="['good', 'bad']" src="${store}/picture.png"
      overlay="{semanticSegmentation: {labels: ['a'], labelMappings: {a: {color: '#1f77b4'}}, src: '${store}/mask.png'}}"
    ></crowd-image-classifier></crowd-form>`,
  );
  const shot = async (): Promise<string> =>
    (await task.frame.locator('.stage').screenshot({ animations: 'disabled' })).toString('base64');
  await task.frame.getByRole('img', { name: '1 a' }).waitFor();
  const hidden = async (): Promise<string> => {
    await task.frame.getByRole('button', { name: 'Marks' }).click();
    const without = await shot();
    await task.frame.getByRole('button', { name: 'Marks' }).click();
    return without;
  };
  await expect.poll(async () => (await hidden()) !== (await shot())).toBe(true);
  expect(await task.frame.locator('.note').count()).toBe(0);
});
