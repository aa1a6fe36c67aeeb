import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Canvas, picture, pngUrl } from './support.js';

const size = { height: 120, width: 200 };
const SOURCE = `src="${picture(200, 120)}" header="Paint each animal"`;
const BLUE = [0x1f, 0x77, 0xb4, 255];
const ORANGE = [0xff, 0x7f, 0x0e, 255];
const NONE = [255, 255, 255, 0];

interface Output {
  labeledImage: { pngImageData: string };
  [name: string]: unknown;
}

/** A pixel reader, by a PNG decoder that shares no code with the encoder: chunks, zlib of Node, the filters used. */
function decode({ labeledImage }: Output): { width: number; height: number; at(x: number, y: number): number[] } {
  const bytes = Buffer.from(labeledImage.pngImageData, 'base64');
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at) + 12) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const rows = inflateSync(Buffer.concat(data));
  const pixels = Buffer.alloc(width * height * 4);
  const stride = width * 4;
  for (let y = 0; y < height; y += 1) {
    const filter = rows[y * (stride + 1)]!;
    for (let x = 0; x < stride; x += 1) {
      const left = filter === 1 && x >= 4 ? pixels[y * stride + x - 4]! : 0;
      const above = filter === 2 ? pixels[(y - 1) * stride + x]! : 0;
      pixels[y * stride + x] = rows[y * (stride + 1) + 1 + x]! + left + above;
    }
  }
  return { width, height, at: (x, y) => [...pixels.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)] };
}

/** How many pixels have each colour, as `r,g,b,a`. */
function histogram(output: Output): Record<string, number> {
  const { width, height, at } = decode(output);
  const counts: Record<string, number> = {};
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) counts[at(x, y).join()] = (counts[at(x, y).join()] ?? 0) + 1;
  }
  return counts;
}

async function setSize(canvas: Canvas, value: number): Promise<void> {
  await canvas.task.frame.locator(`${canvas.tag} input[type=range]`).fill(String(value));
}

describe('crowd-semantic-segmentation', () => {
  const open = (more = '', options = {}): Promise<Canvas> =>
    Canvas.open('crowd-semantic-segmentation', `${SOURCE} labels="['Cat', 'Dog']" ${more}`, options);

  test('paints and erases whole pixels of exact colours', async () => {
    const canvas = await open();
    await setSize(canvas, 10);
    await canvas.drag([50, 60], [150, 60]);
    await canvas.press('2');
    await canvas.drag([100, 20], [100, 100]);
    await canvas.press('e');
    await canvas.drag([100, 60], [100, 60]);
    const output = await canvas.output<Output>();
    expect(output).toEqual({
      inputImageProperties: size,
      labelMappings: { Cat: { color: '#1f77b4' }, Dog: { color: '#ff7f0e' } },
      labeledImage: { pngImageData: expect.any(String) as string },
    });
    const image = decode(output);
    expect([image.width, image.height]).toEqual([200, 120]);
    expect(image.at(60, 55)).toEqual(BLUE);
    expect(image.at(60, 64)).toEqual(BLUE);
    expect(image.at(60, 54)).toEqual(NONE);
    expect(image.at(60, 65)).toEqual(NONE);
    expect(image.at(95, 30)).toEqual(ORANGE);
    expect(image.at(104, 30)).toEqual(ORANGE);
    expect(image.at(94, 30)).toEqual(NONE);
    expect(image.at(105, 30)).toEqual(NONE);
    expect(image.at(100, 60)).toEqual(NONE);
    expect(Object.keys(histogram(output)).sort()).toEqual([BLUE.join(), NONE.join(), ORANGE.join()].sort());
    await canvas.task.accessible();
    await canvas.task.shot('semantic-1280');
    expect(await canvas.task.submit()).toEqual({ annotatedResult: output });
  });

  test('undoes and redoes strokes', async () => {
    const canvas = await open();
    const empty = histogram(await canvas.output<Output>());
    await canvas.drag([50, 60], [150, 60]);
    const once = histogram(await canvas.output<Output>());
    await canvas.drag([50, 90], [150, 90]);
    const twice = histogram(await canvas.output<Output>());
    await canvas.press('Control+z');
    expect(histogram(await canvas.output<Output>())).toEqual(once);
    await canvas.press('Control+z');
    expect(histogram(await canvas.output<Output>())).toEqual(empty);
    await canvas.press('Control+y', 'Control+y');
    expect(histogram(await canvas.output<Output>())).toEqual(twice);
  });

  test('fills an area by its corners', async () => {
    const canvas = await open();
    await canvas.focus();
    await canvas.press('a');
    for (const corner of [
      [20, 10],
      [60, 10],
      [60, 50],
      [20, 50],
    ] as [number, number][]) {
      await canvas.click(...corner);
    }
    await canvas.task.frame.locator('crowd-button[form-action="submit"]').last().click();
    await canvas.task.frame.getByText('The area is not finished').waitFor();
    await canvas.click(20, 10);
    const output = await canvas.output<Output>();
    expect(histogram(output)[BLUE.join()]).toBeGreaterThan(1500);
    expect(histogram(output)[BLUE.join()]).toBeLessThan(1700);
  });

  test('paints and fills with the keyboard alone', async () => {
    const canvas = await open();
    await canvas.focus();
    await canvas.press('2', '[*20', 'ArrowUp');
    // A brush of one pixel at 100, 60: that pixel and 30 more to the right.
    await canvas.press('Enter', 'ArrowRight*30', 'Enter', 'ArrowDown*9');
    let output = await canvas.output<Output>();
    expect(histogram(output)[ORANGE.join()]).toBe(31);
    expect(decode(output).at(100, 60)).toEqual(ORANGE);
    expect(decode(output).at(130, 60)).toEqual(ORANGE);
    // The cursor is at 130, 69: a square of 20 by 10.
    await canvas.press('1', 'a', 'Enter', 'Shift+ArrowLeft*2', 'Enter', 'Shift+ArrowDown', 'Enter');
    await canvas.press('Shift+ArrowRight*2', 'Enter', 'Enter');
    output = await canvas.output<Output>();
    expect(histogram(output)[BLUE.join()]).toBe(200);
    expect(decode(output).at(110, 69)).toEqual(BLUE);
    expect(decode(output).at(129, 78)).toEqual(BLUE);
  });

  test('takes an initial mask by its colours and reports its modification', async () => {
    const mask = new Uint8Array(200 * 120);
    for (let y = 10; y < 30; y += 1) mask.fill(1, y * 200 + 5, y * 200 + 45);
    for (let y = 50; y < 60; y += 1) mask.fill(2, y * 200 + 100, y * 200 + 200);
    const url = pngUrl(mask, 200, 120, ['#2ca02c', '#ff00ff']);
    const canvas = await open(`initial-value="{
      'src': '${url}', labelMappings: { 'Dog': { 'color': '#2CA02C' }, },
    }"`);
    const output = await canvas.output<Output>();
    expect(output).toMatchObject({
      labelMappings: { Cat: { color: '#1f77b4' }, Dog: { color: '#2ca02c' } },
      initialValueModified: false,
    });
    expect(histogram(output)).toEqual({ '44,160,44,255': 800, '255,255,255,0': 200 * 120 - 800 });
    await canvas.drag([100, 100], [120, 100]);
    expect(await canvas.output<Output>()).toMatchObject({ initialValueModified: true });
    await canvas.press('Control+z');
    expect(await canvas.output<Output>()).toEqual(output);
    await canvas.drag([100, 100], [120, 100]);
    await canvas.task.frame.locator('crowd-form form').evaluate((form) => (form as HTMLFormElement).reset());
    await expect.poll(() => canvas.output()).toEqual(output);
  });

  test('restores a draft to the pixel', async () => {
    const mask = new Uint8Array(200 * 120);
    for (let y = 0; y < 120; y += 1) mask[y * 200 + y] = 1;
    const draft = {
      inputImageProperties: size,
      labelMappings: { Cat: { color: '#1f77b4' }, Dog: { color: '#ff7f0e' } },
      labeledImage: { pngImageData: pngUrl(mask, 200, 120, ['#1f77b4']).split(',')[1]! },
    };
    const canvas = await open('', { onReady: { crowdsmith: 'restore', output: { annotatedResult: draft } } });
    await expect.poll(async () => histogram(await canvas.output<Output>())[BLUE.join()]).toBe(120);
    expect(await canvas.output()).toEqual(draft);
  });

  test('says that a mask cannot be read, and wants something painted when required', async () => {
    const canvas = await open(`required initial-value="{'src': '/nothing.png', labelMappings: {}}"`);
    await canvas.task.frame.getByText('The mask /nothing.png could not be read').waitFor();
    await canvas.task.frame.locator('crowd-button[form-action="submit"]').last().click();
    await canvas.task.frame.getByText('Paint at least one area.').waitFor();
  });

  test('paints by touch at 360 pixels', async () => {
    const canvas = await open('', { width: 360, height: 740 });
    await canvas.touch([[40, 60]], [[100, 60]], [[160, 60]], []);
    await canvas.task.shot('semantic-360');
    expect(decode(await canvas.output<Output>()).at(100, 60)).toEqual(BLUE);
    expect(await canvas.fits()).toBe(true);
  });
});

describe('crowd-instance-segmentation', () => {
  const open = (more = '', options = {}): Promise<Canvas> =>
    Canvas.open('crowd-instance-segmentation', `${SOURCE} labels="['Cat', 'Dog']" ${more}`, options);

  test('gives each instance a colour of its own, labels may repeat', async () => {
    const canvas = await open();
    await setSize(canvas, 10);
    await canvas.drag([20, 20], [80, 20]);
    await canvas.press('n');
    await canvas.drag([20, 60], [80, 60]);
    await canvas.press('2');
    await canvas.drag([20, 100], [80, 100]);
    const output = await canvas.output<Output>();
    expect(output).toEqual({
      inputImageProperties: size,
      instances: [
        { color: '#1f77b4', label: 'Cat' },
        { color: '#ff7f0e', label: 'Cat' },
        { color: '#2ca02c', label: 'Dog' },
      ],
      labeledImage: { pngImageData: expect.any(String) as string },
    });
    const image = decode(output);
    expect(image.at(50, 20)).toEqual(BLUE);
    expect(image.at(50, 60)).toEqual(ORANGE);
    expect(image.at(50, 100)).toEqual([0x2c, 0xa0, 0x2c, 255]);
    await canvas.task.frame.getByRole('option', { name: /^Cat 2, \d+ pixels$/ }).waitFor();
    await canvas.task.accessible();
    await canvas.task.shot('instance-1280');
  });

  test('deletes an instance with its pixels, and brings it back', async () => {
    const canvas = await open();
    await canvas.drag([20, 20], [80, 20]);
    await canvas.press('n');
    await canvas.drag([20, 100], [80, 100]);
    const both = await canvas.output<Output>();
    await canvas.task.frame.getByRole('option', { name: /^Cat 1/ }).click();
    await canvas.task.frame.getByRole('button', { name: 'Delete' }).click();
    const one = await canvas.output<Output>();
    expect(one['instances']).toEqual([{ color: '#ff7f0e', label: 'Cat' }]);
    expect(decode(one).at(50, 20)).toEqual(NONE);
    expect(decode(one).at(50, 100)).toEqual(ORANGE);
    await canvas.focus();
    await canvas.press('Control+z');
    expect(await canvas.output<Output>()).toEqual(both);
  });

  test('takes an initial value', async () => {
    const mask = new Uint8Array(200 * 120).fill(1, 0, 500).fill(2, 1000, 1600);
    const url = pngUrl(mask, 200, 120, ['#2ca02c', '#1f77b4']);
    const canvas = await open(`initial-value="{ 'instances': [
      { 'color': '#2ca02c', 'label': 'Cat' }, { 'color': '#1f77b4', 'label': 'Cat' }, { 'color': '#d62728', 'label': 'Dog' }
    ], 'src': '${url}' }"`);
    const output = await canvas.output<Output>();
    expect(output['instances']).toEqual([
      { color: '#2ca02c', label: 'Cat' },
      { color: '#1f77b4', label: 'Cat' },
    ]);
    expect(histogram(output)).toMatchObject({ '44,160,44,255': 500, '31,119,180,255': 600 });
    expect(output).not.toHaveProperty('initialValueModified');
  });
});
