import { describe, expect, test } from 'vitest';
import { openTask } from '../support/task.js';
import { Canvas, picture } from './support.js';

const LABELS = `labels="['Dog', 'Cat', 'Bird']" header="Draw a box around each animal"`;
const size = { height: 533, width: 800 };

const open = (more = '', options = {}): Promise<Canvas> =>
  Canvas.open('crowd-bounding-box', `src="${picture(800, 533)}" ${LABELS} ${more}`, options);

const boxes = async (canvas: Canvas): Promise<unknown> =>
  (await canvas.output<{ boundingBoxes: unknown }>()).boundingBoxes;

describe('crowd-bounding-box', () => {
  test('draws with the mouse what the documentation shows', async () => {
    const canvas = await open();
    expect(await canvas.output()).toEqual({ boundingBoxes: [], inputImageProperties: size });
    await canvas.drag([241, 125], [300, 300], [399, 520]);
    await canvas.press('2');
    await canvas.drag([699, 116], [799, 400]);
    const output = {
      boundingBoxes: [
        { height: 395, label: 'Dog', left: 241, top: 125, width: 158 },
        { height: 284, label: 'Cat', left: 699, top: 116, width: 100 },
      ],
      inputImageProperties: size,
    };
    expect(await canvas.output()).toEqual(output);
    await canvas.task.shot('bounding-box-1280');
    expect(await canvas.task.submit()).toEqual({ annotatedResult: output });
  });

  test('draws, moves, resizes, relabels and deletes with the keyboard alone', async () => {
    const canvas = await open();
    for (let tries = 0; tries < 20; tries += 1) {
      await canvas.page.keyboard.press('Tab');
      const focused = await canvas.task.frame.evaluate(
        () => document.activeElement?.shadowRoot?.activeElement?.className,
      );
      if (focused === 'stage') break;
    }
    // The cursor begins in the middle, at 400, 267.
    await canvas.press('3', 'ArrowLeft', 'Shift+ArrowLeft*10', 'Shift+ArrowUp*10', 'ArrowUp*7');
    await canvas.press('Enter', 'Shift+ArrowRight*5', 'ArrowRight*3', 'Shift+ArrowDown*2', 'Enter');
    expect(await boxes(canvas)).toEqual([{ height: 20, label: 'Bird', left: 300, top: 160, width: 53 }]);
    await canvas.press('ArrowRight*2', 'Shift+ArrowDown');
    expect(await boxes(canvas)).toEqual([{ height: 20, label: 'Bird', left: 302, top: 170, width: 53 }]);
    await canvas.press('Alt+Shift+ArrowRight', 'Alt+ArrowUp*5');
    expect(await boxes(canvas)).toEqual([{ height: 15, label: 'Bird', left: 302, top: 170, width: 63 }]);
    await canvas.press('V', 'ArrowLeft*4', 'ArrowUp*1');
    expect(await boxes(canvas)).toEqual([{ height: 16, label: 'Bird', left: 298, top: 169, width: 67 }]);
    await canvas.press('Escape', 'K', '1', 'D');
    expect(await boxes(canvas)).toEqual([
      { height: 16, label: 'Dog', left: 298, top: 169, width: 67 },
      { height: 16, label: 'Dog', left: 308, top: 179, width: 67 },
    ]);
    await canvas.press('Delete', 'Control+z', 'Control+z', 'Control+z');
    expect(await boxes(canvas)).toEqual([{ height: 16, label: 'Bird', left: 298, top: 169, width: 67 }]);
    await canvas.press('Control+y', 'Control+Shift+z');
    expect(await boxes(canvas)).toHaveLength(2);
  });

  test('a held arrow key is one step to undo', async () => {
    const canvas = await open(`initial-value="[{label: 'Dog', left: 10, top: 20, width: 30, height: 40}]"`);
    await canvas.focus();
    await canvas.press('J', 'ArrowRight*12', 'Control+z');
    expect(await boxes(canvas)).toEqual([{ height: 40, label: 'Dog', left: 10, top: 20, width: 30 }]);
  });

  test('moves and resizes with the mouse, and stops at the edges of the picture', async () => {
    const canvas = await open(`initial-value="[{label: 'Dog', left: 100, top: 100, width: 200, height: 100}]"`);
    await canvas.drag([100, 150], [50, 150]);
    expect(await boxes(canvas)).toEqual([{ height: 100, label: 'Dog', left: 50, top: 100, width: 200 }]);
    await canvas.drag([250, 200], [300, 260]);
    expect(await boxes(canvas)).toEqual([{ height: 160, label: 'Dog', left: 50, top: 100, width: 250 }]);
    await canvas.drag([150, 180], [10, 10]);
    expect(await boxes(canvas)).toEqual([{ height: 160, label: 'Dog', left: 0, top: 0, width: 250 }]);
    // A corner dragged over the opposite one turns the box around.
    await canvas.drag([250, 160], [700, 500]);
    await canvas.click(790, 520);
    await canvas.drag([750, 20], [790, 60]);
    expect(await boxes(canvas)).toEqual([
      { height: 500, label: 'Dog', left: 0, top: 0, width: 700 },
      { height: 40, label: 'Dog', left: 750, top: 20, width: 40 },
    ]);
  });

  test('draws inside another box; a click there selects it', async () => {
    const canvas = await open(`initial-value="[{label: 'Dog', left: 100, top: 100, width: 400, height: 300}]"`);
    await canvas.focus();
    await canvas.press('2');
    await canvas.drag([200, 200], [260, 240]);
    expect(await boxes(canvas)).toHaveLength(2);
    await canvas.press('Escape');
    await canvas.click(400, 350);
    await canvas.press('Backspace');
    expect(await boxes(canvas)).toEqual([{ height: 40, label: 'Cat', left: 200, top: 200, width: 60 }]);
  });

  test('a label chosen after drawing is meant for the next box', async () => {
    const canvas = await open();
    await canvas.drag([10, 10], [60, 60]);
    await canvas.press('2');
    await canvas.drag([100, 10], [160, 60]);
    await canvas.click(30, 30);
    await canvas.press('3');
    expect(await boxes(canvas)).toEqual([
      { height: 50, label: 'Bird', left: 10, top: 10, width: 50 },
      { height: 50, label: 'Cat', left: 100, top: 10, width: 60 },
    ]);
  });

  test('draws by touch, zooms by pinching, and stays usable at 360 pixels', async () => {
    const canvas = await open('', { width: 360, height: 740 });
    await canvas.touch([[100, 100]], [[150, 150]], [[300, 260]], []);
    expect(await boxes(canvas)).toEqual([{ height: 160, label: 'Dog', left: 100, top: 100, width: 200 }]);
    const scale = (): Promise<number> =>
      canvas.task.frame
        .locator('crowd-bounding-box')
        .evaluate((element) => (element as unknown as { stage: { view: { scale: number } } }).stage.view.scale);
    const before = await scale();
    // The first finger has begun a box when the second one comes down.
    await canvas.touch(
      [[400, 300]],
      [[500, 320]],
      [
        [500, 300],
        [560, 300],
      ],
      [
        [470, 300],
        [590, 300],
      ],
      [],
    );
    expect((await scale()) / before).toBeGreaterThan(1.5);
    await canvas.task.frame.getByRole('button', { name: 'Fit' }).tap();
    await canvas.touch([[500, 300]], [[550, 350]], [[600, 400]], []);
    expect(await boxes(canvas)).toEqual([
      { height: 160, label: 'Dog', left: 100, top: 100, width: 200 },
      { height: 100, label: 'Dog', left: 500, top: 300, width: 100 },
    ]);
    expect(await canvas.fits()).toBe(true);
    await canvas.task.shot('bounding-box-360');
  });

  test('keeps coordinates exact while zoomed and panned', async () => {
    const canvas = await open();
    const middle = await canvas.spot(400, 266);
    await canvas.click(400, 266);
    await canvas.page.mouse.move(middle.x, middle.y);
    await canvas.page.mouse.wheel(0, -800);
    await canvas.press('Control+ArrowRight');
    await canvas.drag([411, 255], [433, 271]);
    expect(await boxes(canvas)).toEqual([{ height: 16, label: 'Dog', left: 411, top: 255, width: 22 }]);
  });

  test('reports whether an initial value was modified', async () => {
    const canvas = await open(`initial-value="[
      {label: 'Dog', left: '10.4', top: 20, width: 30, height: 40,},
      {label: 'Horse', left: 1, top: 2, width: 3, height: 4},
    ]"`);
    const initial = { height: 40, label: 'Dog', left: 10, top: 20, width: 30 };
    const expected = { boundingBoxes: [initial], inputImageProperties: size, initialValueModified: false };
    expect(await canvas.output()).toEqual(expected);
    await expect
      .poll(() => canvas.task.frame.locator('crowd-bounding-box .notices').textContent())
      .toMatch(/box 2 is left out: its label “Horse”/);
    await canvas.focus();
    await canvas.press('J', 'ArrowRight');
    expect(await canvas.output()).toMatchObject({ initialValueModified: true });
    await canvas.press('ArrowLeft');
    expect(await canvas.output()).toEqual(expected);
  });

  test('goes back to the initial value when the form is reset; Enter in the picture does not submit', async () => {
    const canvas = await open(`initial-value="[{label: 'Dog', left: 10, top: 20, width: 30, height: 40}]"`);
    const first = await canvas.output();
    await canvas.drag([100, 100], [200, 200]);
    await canvas.press('Escape', 'ArrowLeft', 'Enter', 'Escape', 'Enter');
    await canvas.press('Escape');
    await canvas.task.frame.locator('crowd-form form').evaluate((form) => (form as HTMLFormElement).reset());
    expect(await canvas.output()).toEqual(first);
    expect(await canvas.task.messages('submit')).toEqual([]);
  });

  test('draws nothing while it is disabled', async () => {
    const canvas = await open('disabled');
    await canvas.drag([100, 100], [200, 200]);
    await canvas.press('ArrowLeft', 'Enter', 'Shift+ArrowLeft', 'Shift+ArrowUp', 'Enter');
    expect(await canvas.output()).toMatchObject({ boundingBoxes: [] });
  });

  test('scripts of a template read and set labels and value', async () => {
    const task = await openTask(`<crowd-form><crowd-bounding-box name="a" src="${picture(80, 60)}"></crowd-bounding-box>
      <script>document.addEventListener('all-crowd-elements-ready', () => {
        const element = document.querySelector('crowd-bounding-box');
        element.labels = ['x', 'y'];
        element.value = { boundingBoxes: [{ label: 'y', left: 1, top: 2, width: 3, height: 4 }] };
      });</script></crowd-form>`);
    const element = task.frame.locator('crowd-bounding-box');
    await expect
      .poll(() => element.evaluate((node) => (node as unknown as { value: object; labels: string[] }).value))
      .toEqual({
        boundingBoxes: [{ label: 'y', left: 1, top: 2, width: 3, height: 4 }],
        inputImageProperties: { height: 60, width: 80 },
      });
    expect(await element.evaluate((node) => (node as unknown as { labels: string[] }).labels)).toEqual(['x', 'y']);
  });

  test('waits for labels that a script leaves to the worker, and lies where scripts look for the picture', async () => {
    const task =
      await openTask(`<crowd-form><crowd-bounding-box name="a" src="${picture(80, 60)}" labels="['placeholder']">
      </crowd-bounding-box><crowd-instance-segmentation name="b" src="${picture(80, 60)}" labels="['placeholder']">
      </crowd-instance-segmentation></crowd-form>
      <script>document.addEventListener('all-crowd-elements-ready', () => {
        for (const element of document.querySelectorAll('[labels]')) element.labels = [];
      });</script>`);
    const { frame } = task;
    const element = frame.locator('crowd-bounding-box');
    const canvas = new Canvas(task, 'crowd-bounding-box');
    await expect.poll(() => element.locator('.notices').textContent()).toContain('There is no label to draw with yet.');
    await canvas.drag([10, 10], [30, 30]);
    expect(await canvas.output()).toMatchObject({ boundingBoxes: [] });
    expect(await frame.getByRole('button', { name: 'Add placeholder' }).count()).toBe(0);
    await element.evaluate((node) => ((node as unknown as { labels: string[] }).labels = ['mine']));
    await canvas.drag([10, 10], [30, 30]);
    expect(await canvas.output()).toMatchObject({ boundingBoxes: [{ label: 'mine' }] });
    const wide = await element.evaluate((node) => {
      const layer = node.shadowRoot!.querySelector('canvas.upper-canvas')!;
      return layer.getBoundingClientRect().width;
    });
    expect(wide).toBeGreaterThan(100);
  });

  test('restores a draft and then submits it', async () => {
    const draft = {
      boundingBoxes: [{ label: 'Cat', left: 5, top: 6, width: 70, height: 80 }],
      inputImageProperties: size,
    };
    const canvas = await open('', { onReady: { crowdsmith: 'restore', output: { annotatedResult: draft } } });
    await expect.poll(() => canvas.output()).toEqual(draft);
  });

  test('says what is wrong: too many labels, a picture that is missing, nothing drawn', async () => {
    const many = Array.from({ length: 12 }, (_, index) => `'label ${index}'`).join();
    const full = await Canvas.open('crowd-bounding-box', `src="${picture(80, 60)}" labels="[${many}]"`);
    expect(await full.task.frame.locator('.notices').textContent()).toContain('at most 10 labels; 12 are given');
    expect(await full.task.frame.locator('.label').count()).toBe(10);
    const broken = await Canvas.open('crowd-bounding-box', `src="/nothing.png" labels="['a']"`);
    await broken.task.frame.getByText('could not be loaded').waitFor();
    const empty = await open('required');
    await empty.task.frame.locator('crowd-button[form-action="submit"]').last().click();
    await empty.task.frame.getByText('Draw at least one box.').waitFor();
    expect(await empty.task.messages('submit')).toEqual([]);
  });

  test('names each box, tells what happens, and has no serious axe finding in light and dark', async () => {
    const initial = `initial-value="[{label: 'Dog', left: 10, top: 12, width: 20, height: 40}]"`;
    for (const dark of [false, true]) {
      const canvas = await open(initial, { dark });
      await canvas.focus();
      await canvas.press('J');
      const { frame } = canvas.task;
      await frame.getByRole('option', { name: 'box 1, Dog, 20 by 40 at 10, 12', selected: true }).waitFor();
      await canvas.press('ArrowRight');
      await expect.poll(() => frame.getByRole('status').textContent()).toBe('box 1, Dog, 20 by 40 at 11, 12');
      await canvas.task.accessible();
      await canvas.press('?');
      await frame.getByRole('dialog', { name: 'Keys for drawing: box' }).waitFor();
      await canvas.task.accessible();
      await canvas.task.shot(`bounding-box-keys-${dark ? 'dark' : 'light'}`);
      await canvas.press('Escape');
      await canvas.task.shot(`bounding-box-${dark ? 'dark' : 'light'}`);
    }
  });
});
