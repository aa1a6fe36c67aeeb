import { describe, expect, test } from 'vitest';
import { openTask } from '../support/task.js';
import { Canvas, picture } from './support.js';

const SOURCE = `src="${picture(800, 533)}"`;
const size = { height: 533, width: 800 };

describe('crowd-polygon', () => {
  const open = (more = '', options = {}): Promise<Canvas> =>
    Canvas.open('crowd-polygon', `${SOURCE} labels="['dog', 'cat']" header="Outline each animal" ${more}`, options);
  const vertices = [
    { x: 570, y: 239 },
    { x: 603, y: 413 },
    { x: 701, y: 417 },
    { x: 759, y: 281 },
  ];

  test('is drawn by clicks and closed at the first one', async () => {
    const canvas = await open();
    for (const { x, y } of vertices) await canvas.click(x, y);
    expect(await canvas.output()).toMatchObject({ polygons: [] });
    await canvas.click(571, 240);
    const output = { inputImageProperties: size, polygons: [{ label: 'dog', vertices }] };
    expect(await canvas.output()).toEqual(output);
    await canvas.task.accessible();
    await canvas.task.shot('polygon-1280');
    expect(await canvas.task.submit()).toEqual({ annotatedResult: output });
  });

  test('is closed by a double click, gets points in the middle of sides, loses picked ones', async () => {
    const canvas = await open();
    await canvas.click(100, 100);
    await canvas.click(300, 100);
    const last = await canvas.spot(300, 300);
    await canvas.page.mouse.dblclick(last.x, last.y);
    const points = [
      { x: 100, y: 100 },
      { x: 300, y: 100 },
      { x: 300, y: 300 },
    ];
    expect(await canvas.output()).toMatchObject({ polygons: [{ vertices: points }] });
    await canvas.drag([200, 100], [210, 40]);
    expect(await canvas.output()).toMatchObject({
      polygons: [{ vertices: [points[0], { x: 210, y: 40 }, points[1], points[2]] }],
    });
    await canvas.click(210, 40);
    await canvas.press('Delete');
    expect(await canvas.output()).toMatchObject({ polygons: [{ vertices: [points[0], points[1], points[2]] }] });
  });

  test('is drawn and reshaped with the keyboard alone', async () => {
    const canvas = await open();
    await canvas.focus();
    await canvas.press(
      '2',
      'ArrowRight',
      'Enter',
      'Shift+ArrowRight*4',
      'Enter',
      'Shift+ArrowDown*4',
      'Enter',
      'Enter',
    );
    const drawn = [
      { x: 400, y: 267 },
      { x: 440, y: 267 },
      { x: 440, y: 307 },
    ];
    expect(await canvas.output()).toMatchObject({ polygons: [{ label: 'cat', vertices: drawn }] });
    await canvas.press('V', 'V', 'ArrowUp*2', 'I', 'Shift+ArrowRight', 'Escape');
    expect(await canvas.output()).toMatchObject({
      polygons: [{ vertices: [drawn[0], { x: 440, y: 265 }, { x: 450, y: 286 }, drawn[2]] }],
    });
  });

  test('takes an initial list and does not report its modification, which is not documented here', async () => {
    const canvas = await open(`initial-value='[{"label": "dog", "vertices": ${JSON.stringify(vertices)}}]'`);
    expect(await canvas.output()).toEqual({ inputImageProperties: size, polygons: [{ label: 'dog', vertices }] });
  });

  test('is not submitted half drawn', async () => {
    const canvas = await open();
    await canvas.click(100, 100);
    await canvas.click(200, 100);
    await canvas.task.frame.locator('crowd-button[form-action="submit"]').last().click();
    await canvas.task.frame.getByText('The polygon is not finished').waitFor();
    expect(await canvas.task.messages('submit')).toEqual([]);
  });

  test('is drawn by touch, with a button to finish', async () => {
    const canvas = await open('', { width: 360, height: 740 });
    for (const spot of [
      [100, 100],
      [600, 120],
      [400, 400],
    ] as [number, number][]) {
      await canvas.touch([spot], []);
    }
    await canvas.task.shot('polygon-360');
    await canvas.task.frame.getByRole('button', { name: 'Finish' }).tap();
    const { polygons } = await canvas.output<{ polygons: { vertices: { x: number; y: number }[] }[] }>();
    expect(polygons[0]!.vertices).toHaveLength(3);
    // A finger on 360 pixels of glass hits a picture of 800 pixels to about one of its pixels.
    for (const [index, [x, y]] of [
      [100, 100],
      [600, 120],
      [400, 400],
    ].entries()) {
      expect(Math.abs(polygons[0]!.vertices[index]!.x - x!)).toBeLessThanOrEqual(2);
      expect(Math.abs(polygons[0]!.vertices[index]!.y - y!)).toBeLessThanOrEqual(2);
    }
  });
});

test('a long list of labels scrolls beside the picture', async () => {
  const labels = Array.from({ length: 60 }, (_, index) => `'label ${index}'`).join();
  for (const width of [1280, 360]) {
    const canvas = await Canvas.open(
      'crowd-polygon',
      `src="${picture(200, 120)}" labels="[${labels}]" header="Outline"`,
      {
        width,
        height: 740,
      },
    );
    const box = (await canvas.task.frame.locator('.labels').boundingBox())!;
    expect(box.height).toBeLessThan(520);
    await canvas.task.accessible();
    await canvas.task.shot(`labels-${width}`);
  }
});

describe('crowd-polyline', () => {
  const open = (more = ''): Promise<Canvas> =>
    Canvas.open('crowd-polyline', `${SOURCE} labels="['sideline', 'yardline']" header="Draw lines" ${more}`);

  test('is drawn by clicks and ended with a second click at the same place, in the colours asked for', async () => {
    const canvas = await open(`label-colors="['#ff0000', '#00ff00']"`);
    await canvas.click(651, 98);
    await canvas.click(762, 469);
    await canvas.click(149, 411);
    await canvas.click(149, 411);
    const output = {
      inputImageProperties: size,
      polylines: [
        {
          label: 'sideline',
          vertices: [
            { x: 651, y: 98 },
            { x: 762, y: 469 },
            { x: 149, y: 411 },
          ],
        },
      ],
    };
    expect(await canvas.output()).toEqual(output);
    const swatch = canvas.task.frame.locator('.label .swatch').first();
    expect(await swatch.evaluate((node) => getComputedStyle(node).backgroundColor)).toBe('rgb(255, 0, 0)');
  });

  test('takes the documented initial value with comments, and is drawn by keyboard', async () => {
    const canvas = await open(`initial-value="{
      polylines: [ { label: 'sideline', // label of this line annotation
        vertices:[ { x: 84, y: 110 }, { x: 60, y: 100 } ] } ] }"`);
    const first = {
      label: 'sideline',
      vertices: [
        { x: 84, y: 110 },
        { x: 60, y: 100 },
      ],
    };
    expect(await canvas.output()).toEqual({
      inputImageProperties: size,
      polylines: [first],
      initialValueModified: false,
    });
    await canvas.focus();
    await canvas.press('2', 'ArrowUp', 'Enter', 'Shift+ArrowRight', 'Enter', 'ArrowDown*3', 'Enter', 'Enter');
    expect(await canvas.output()).toEqual({
      inputImageProperties: size,
      polylines: [
        first,
        {
          label: 'yardline',
          vertices: [
            { x: 400, y: 267 },
            { x: 410, y: 267 },
            { x: 410, y: 270 },
          ],
        },
      ],
      initialValueModified: true,
    });
  });
});

describe('crowd-line', () => {
  const open = (more = ''): Promise<Canvas> =>
    Canvas.open('crowd-line', `${SOURCE} labels="['sideline', 'yardline']" header="Draw lines" ${more}`);

  test('is drawn by dragging, by two clicks, and by keyboard', async () => {
    const canvas = await open();
    await canvas.drag([58, 295], [742, 398]);
    await canvas.press('2');
    await canvas.click(472, 510);
    await canvas.click(480, 20);
    await canvas.press('Escape', 'ArrowUp', 'Enter', 'Shift+ArrowLeft*2', 'Enter');
    const line = (label: string, from: [number, number], to: [number, number]): object => ({
      label,
      vertices: [from, to].map(([x, y]) => ({ x, y })),
    });
    expect(await canvas.output()).toEqual({
      inputImageProperties: size,
      lines: [
        line('sideline', [58, 295], [742, 398]),
        line('yardline', [472, 510], [480, 20]),
        line('yardline', [400, 267], [380, 267]),
      ],
    });
    await canvas.task.accessible();
  });

  test('an end is dragged elsewhere; the initial value counts as modified', async () => {
    const canvas = await open(
      `initial-value="{lines: [{label: 'yardline', vertices: [{x: 51, y: 98}, {x: 162, y: 269}]}]}"`,
    );
    await canvas.click(106, 183);
    await canvas.drag([162, 269], [200, 300]);
    expect(await canvas.output()).toEqual({
      inputImageProperties: size,
      lines: [
        {
          label: 'yardline',
          vertices: [
            { x: 51, y: 98 },
            { x: 200, y: 300 },
          ],
        },
      ],
      initialValueModified: true,
    });
  });
});

describe('crowd-keypoint', () => {
  const open = (more = ''): Promise<Canvas> =>
    Canvas.open('crowd-keypoint', `${SOURCE} labels="['Left Eye', 'Beak', 'Tail']" header="Mark points" ${more}`);

  test('is placed by click and by keyboard, each with its own label', async () => {
    const canvas = await open();
    await canvas.click(155, 275);
    await canvas.press('2');
    await canvas.click(341, 447);
    await canvas.press('3', 'Escape', 'ArrowUp', 'Shift+ArrowLeft', 'Enter', 'ArrowLeft*2', 'Enter');
    const output = {
      inputImageProperties: size,
      keypoints: [
        { label: 'Left Eye', x: 155, y: 275 },
        { label: 'Beak', x: 341, y: 447 },
        { label: 'Tail', x: 390, y: 267 },
        { label: 'Tail', x: 388, y: 267 },
      ],
    };
    expect(await canvas.output()).toEqual(output);
    await canvas.task.accessible();
    await canvas.task.shot('keypoint-1280');
    expect(await canvas.task.submit()).toEqual({ annotatedResult: output });
  });

  test('leaves out initial points of unknown labels and names pixels inside the picture', async () => {
    const canvas = await open(
      `initial-value="[{'label': 'Beak', 'x': 900, 'y': 403}, {'label': 'Wing', 'x': 1, 'y': 1}]"`,
    );
    expect(await canvas.output()).toEqual({
      inputImageProperties: size,
      keypoints: [{ label: 'Beak', x: 799, y: 403 }],
    });
    await canvas.task.frame.getByText('its label “Wing” is not one of the labels').waitFor();
  });

  test('is counted by a script that stops the submission', async () => {
    const task = await openTask(`<crowd-form><div id="complaint"></div>
      <crowd-keypoint name="annotatedResult" labels="['Left', 'Right']" src="${picture(80, 60)}"></crowd-keypoint>
      <script>document.querySelector('crowd-form').onsubmit = (event) => {
        const element = document.querySelector('crowd-keypoint');
        const { keypoints } = element.value.keypoints ? element.value : element._submittableValue;
        if (keypoints.length === 2) return;
        event.preventDefault();
        document.querySelector('#complaint').textContent = 'points: ' + keypoints.length;
      };</script></crowd-form>`);
    const canvas = new Canvas(task, 'crowd-keypoint');
    await task.frame.locator('crowd-keypoint .stage[aria-busy="false"]').waitFor();
    await canvas.click(10, 10);
    await task.frame.locator('crowd-button[form-action="submit"]').last().click();
    await task.frame.getByText('points: 1').waitFor();
    expect(await task.messages('submit')).toEqual([]);
    await canvas.click(70, 50);
    expect(await task.submit()).toMatchObject({ annotatedResult: { keypoints: [{ x: 10 }, { x: 70 }] } });
  });

  test('is dragged', async () => {
    const canvas = await open(`initial-value="[{'label': 'Beak', 'x': 100, 'y': 403}]"`);
    await canvas.drag([100, 403], [222, 33]);
    expect(await canvas.output()).toMatchObject({ keypoints: [{ label: 'Beak', x: 222, y: 33 }] });
  });
});
