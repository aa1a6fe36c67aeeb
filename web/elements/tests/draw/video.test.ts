import { describe, expect, test } from 'vitest';
import { openTask } from '../support/task.js';
import { Canvas } from './support.js';

interface Output {
  tracks: { id: number; label: string; frames: { time: number; left: number; key: boolean }[] }[];
}

/** Records a second and a half of a moving square in the page itself and shows it in the element. */
async function open(attributes = '', options = {}): Promise<Canvas> {
  const task = await openTask(
    `<crowd-form><crowd-video-bounding-box name="annotatedResult" labels="['car', 'bike']" header="Follow each vehicle"
      src="data:," ${attributes}></crowd-video-bounding-box></crowd-form>`,
    options,
  );
  await task.frame.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [320, 240];
    const context = canvas.getContext('2d')!;
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm;codecs=vp8' });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.start();
    const start = performance.now();
    while (performance.now() - start < 1500) {
      context.fillStyle = '#335577';
      context.fillRect(0, 0, 320, 240);
      context.fillStyle = '#ffcc00';
      context.fillRect((performance.now() - start) / 8, 80, 60, 50);
      await new Promise((drawn) => requestAnimationFrame(drawn));
    }
    await new Promise((stopped) => {
      recorder.onstop = stopped;
      recorder.stop();
    });
    const src = URL.createObjectURL(new Blob(parts, { type: 'video/webm' }));
    Object.assign(document.querySelector('crowd-video-bounding-box')!, { src });
  });
  const canvas = new Canvas(task, 'crowd-video-bounding-box');
  await expect.poll(() => canvas.output(), { timeout: 10_000 }).toMatchObject({ inputImageProperties: { width: 320 } });
  return canvas;
}

describe('crowd-video-bounding-box', () => {
  test('interpolates between the key frames that were drawn', async () => {
    const canvas = await open();
    await canvas.drag([10, 80], [70, 130]);
    await canvas.press('.*4');
    await canvas.press('Shift+ArrowRight*4', 'Alt+ArrowDown*8');
    const frame = (time: number, left: number, height: number, key: boolean): object => ({
      time,
      left,
      top: 80,
      width: 60,
      height,
      key,
    });
    const output = {
      tracks: [
        {
          id: 1,
          label: 'car',
          frames: [
            frame(0, 10, 50, true),
            frame(0.1, 20, 52, false),
            frame(0.2, 30, 54, false),
            frame(0.3, 40, 56, false),
            frame(0.4, 50, 58, true),
          ],
        },
      ],
      inputImageProperties: { height: 240, width: 320 },
    };
    expect(await canvas.output()).toEqual(output);
    await canvas.task.accessible();
    await canvas.task.shot('video-1280');
    expect(await canvas.task.submit()).toEqual({ annotatedResult: output });
  });

  test('draws a second track with the keyboard alone, sets and takes away key frames, undoes', async () => {
    const canvas = await open();
    await canvas.focus();
    await canvas.press('2', 'ArrowUp', 'Enter', 'Shift+ArrowRight*3', 'Shift+ArrowDown*2', 'Enter');
    await canvas.press('.', '.', 's', '.', 's');
    const frames = async (): Promise<[number, boolean][]> =>
      (await canvas.output<Output>()).tracks[0]!.frames.map(({ time, key }) => [time, key]);
    expect(await frames()).toEqual([
      [0, true],
      [0.1, false],
      [0.2, true],
      [0.3, true],
    ]);
    await canvas.press('[', 's');
    expect(await frames()).toEqual([
      [0, true],
      [0.1, false],
      [0.2, false],
      [0.3, true],
    ]);
    await canvas.press('Control+z', 'Control+z');
    expect(await frames()).toEqual([
      [0, true],
      [0.1, false],
      [0.2, true],
    ]);
    // A key held down is one step.
    const before = await canvas.output();
    await canvas.press('k', 'ArrowRight*6');
    expect(await canvas.output()).not.toEqual(before);
    await canvas.press('Control+z');
    expect(await canvas.output()).toEqual(before);
    await canvas.press('k', 'Delete');
    expect(await canvas.output()).toMatchObject({ tracks: [] });
  });

  test('takes an initial value and a draft, reads key frames only', async () => {
    const canvas = await open(`frame-rate="5" initial-value="{tracks: [{id: 7, label: 'car', frames: [
      {time: 0.2, left: 10, top: 20, width: 30, height: 40, key: true},
      {time: 0.4, left: 99, top: 20, width: 30, height: 40, key: false},
      {time: 0.6, left: 30, top: 20, width: 30, height: 40, key: true}]}]}"`);
    expect(await canvas.output()).toMatchObject({
      tracks: [
        {
          id: 7,
          frames: [
            { time: 0.2, left: 10 },
            { time: 0.4, left: 20, key: false },
            { time: 0.6, left: 30 },
          ],
        },
      ],
      initialValueModified: false,
    });
    await canvas.focus();
    await canvas.press('j', 'd');
    expect((await canvas.output<Output>()).tracks.map(({ id }) => id)).toEqual([7, 8]);
  });

  test('plays, pauses on a frame, and fits 360 pixels', async () => {
    const canvas = await open('', { width: 360, height: 740 });
    await canvas.task.frame.getByRole('button', { name: 'Play' }).tap();
    const slider = canvas.task.frame.getByRole('slider', { name: 'Time' });
    await expect.poll(async () => Number(await slider.inputValue())).toBeGreaterThan(2);
    await canvas.task.frame.getByRole('button', { name: /^(Pause|Play)$/ }).tap();
    await canvas.task.frame.getByRole('button', { name: 'Play' }).waitFor();
    const stopped = await slider.inputValue();
    await canvas.task.frame.getByRole('button', { name: 'Frame back' }).tap();
    await expect.poll(() => slider.inputValue()).toBe(String(Number(stopped) - 1));
    await canvas.task.shot('video-360');
    expect(await canvas.fits()).toBe(true);
  });

  test('says that a video cannot be read', async () => {
    const task = await openTask(
      `<crowd-form><crowd-video-bounding-box name="a" labels="['car']" src="/nothing.webm"></crowd-video-bounding-box></crowd-form>`,
    );
    await task.frame.getByText('The video /nothing.webm could not be loaded').waitFor();
  });
});
