import { describe, expect, test } from 'vitest';
import { between, clock, readSegments } from '../src/media/segments.js';
import { openTask, type Task } from './support/task.js';

const form = (inside: string): string => `<crowd-form>${inside}</crowd-form>`;
const keys = async (task: Task, ...names: string[]): Promise<void> => {
  for (const name of names) await task.page.keyboard.press(name);
};

// A shell that stores uploads and records with the element that the package brings for it.
const answer = `
  const { crowdsmith, id, kind, file, maxDuration } = event.data;
  const reply = (message) => event.source.postMessage({ crowdsmith: 'uploaded', id, ...message }, '*');
  const store = (blob, duration) => {
    const reader = new FileReader();
    reader.onload = () => reply({ media: 'stored-' + kind, url: reader.result, type: blob.type, size: blob.size, duration });
    reader.readAsDataURL(blob);
  };
  if (crowdsmith === 'upload') file.size === 13 ? reply({ error: 'The file is empty.' }) : store(file);
  if (crowdsmith === 'capture') import('/dist/recorder.js').then(() => {
    const recorder = document.createElement('crowd-recorder');
    Object.assign(recorder, { kind, maxDuration });
    recorder.addEventListener('recorded', ({ detail }) => { recorder.remove(); store(detail.file, detail.duration); });
    recorder.addEventListener('cancelled', ({ detail }) => { recorder.remove(); reply({ error: detail || 'cancelled' }); });
    document.body.prepend(recorder);
  });`;
const permissions = ['camera', 'microphone'];

describe('recordings', () => {
  test('crowd-audio-recording asks the shell to record', async () => {
    const task = await openTask(
      form(
        `<crowd-audio-recording name="speech" header="Read aloud" required min-duration="0.3"></crowd-audio-recording>`,
      ),
      { answer, permissions },
    );
    await task.frame.locator('crowd-button').click();
    expect((await task.waitFor('invalid'))['message']).toBe('Read aloud: Record or choose something first.');
    await task.frame.getByRole('button', { name: 'Record', exact: true }).click();
    await task.page.getByText(/Recording: 0\.[4-9] s|Recording: [1-9]/).waitFor();
    await task.page.getByRole('button', { name: 'Stop' }).click();
    await task.frame.locator('audio').waitFor();
    await task.shot('audio-recording-1280');
    await task.accessible();
    const { speech } = (await task.submit()) as { speech: { duration: number; size: number } };
    expect(speech).toEqual({
      media: 'stored-audio',
      type: 'audio/webm',
      size: expect.any(Number) as number,
      duration: expect.any(Number) as number,
    });
    expect(speech.duration).toBeGreaterThan(0.3);
    expect(speech.size).toBeGreaterThan(100);
  });

  test('crowd-video-recording ends at max-duration', async () => {
    const task = await openTask(
      form(`<crowd-video-recording name="clip" header="Wave" max-duration="0.6" no-upload></crowd-video-recording>`),
      { answer, permissions },
    );
    expect(await task.frame.getByText('Choose a video file').count()).toBe(0);
    await task.frame.getByRole('button', { name: 'Record a video' }).click();
    await task.frame.locator('video').waitFor();
    const { clip } = (await task.submit()) as { clip: { duration: number } };
    expect(clip).toMatchObject({ media: 'stored-video', type: 'video/webm' });
    expect(clip.duration).toBeGreaterThan(0.5);
    expect(clip.duration).toBeLessThan(15);
  });

  test('a cancelled recording is said', async () => {
    const task = await openTask(form(`<crowd-video-recording name="clip" header="Wave"></crowd-video-recording>`), {
      answer,
      permissions,
    });
    await task.frame.getByRole('button', { name: 'Record a video' }).click();
    await task.page.getByRole('button', { name: 'Cancel' }).click();
    await task.frame.getByText('cancelled').waitFor();
    expect(await task.submit()).toEqual({});
  });

  test('a recording that is too short is not taken', async () => {
    const task = await openTask(
      form(`<crowd-audio-recording name="a" header="Speak" min-duration="60"></crowd-audio-recording>`),
      {
        answer,
        permissions,
      },
    );
    await task.frame.getByRole('button', { name: 'Record', exact: true }).click();
    await task.page.getByText(/Recording: 0\.[3-9] s|Recording: [1-9]/).waitFor();
    await task.page.getByRole('button', { name: 'Stop' }).click();
    await task.frame.getByText('The recording has to last at least 60 seconds.').waitFor();
    expect(await task.submit()).toEqual({});
  });

  test('crowd-photo takes a picture where the page itself may', async () => {
    const task = await openTask(form(`<crowd-photo name="shop" header="The shop"></crowd-photo>`), {
      alone: true,
      permissions,
    });
    await task.frame.getByRole('button', { name: 'Take a photo' }).click();
    await task.frame.waitForFunction(() => {
      const recorder = document.querySelector('crowd-photo')!.shadowRoot!.querySelector('crowd-recorder');
      return (recorder?.shadowRoot?.querySelector('video')?.videoWidth ?? 0) > 0;
    });
    await task.frame.getByRole('button', { name: 'Take the photo' }).click();
    await task.frame.getByAltText('The photo').waitFor();
    await task.frame.locator('crowd-button').click();
    const output = JSON.parse(await task.frame.locator('.crowd-output pre').innerText()) as object;
    expect(output).toEqual({ shop: { media: null, type: 'image/jpeg', size: expect.any(Number) as number } });
  });

  test('crowd-photo takes a file, refuses another type, shows the reason of the shell, and is removed', async () => {
    const task = await openTask(form(`<crowd-photo name="shop" header="The shop" max-size="1"></crowd-photo>`), {
      answer,
      width: 360,
      height: 700,
    });
    const picker = task.frame.locator('input[type=file]');
    await picker.setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('text') });
    await task.frame.getByText('A file of type text/plain does not fit here.').waitFor();
    await picker.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.alloc(1_000_001) });
    await task.frame.getByText('The file is larger than 1 MB.').waitFor();
    await picker.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.alloc(13) });
    await task.frame.getByText('The file is empty.').waitFor();
    await picker.setInputFiles('tests/files/gradient.png');
    await task.frame.getByAltText('The photo').waitFor();
    await task.shot('photo-360');
    await task.accessible();
    await task.frame.getByRole('button', { name: 'Remove' }).click();
    await picker.setInputFiles('tests/files/gradient.png');
    await task.frame.getByAltText('The photo').waitFor();
    expect(await task.submit()).toMatchObject({ shop: { media: 'stored-photo', type: 'image/png' } });
  });
});

test('segments are put in order and cleaned', () => {
  expect(between(3, 1.00049, 'a', 2.5)).toEqual({ start: 1, end: 2.5, label: 'a' });
  expect(between(1, 1.01, 'a', 9)).toBeNull();
  expect(
    readSegments([
      { start: 1, end: 0 },
      { start: '1', end: 2 },
    ]),
  ).toEqual([{ start: 1, end: 2, label: '' }]);
  expect(clock(83.44)).toBe('1:23.4');
});

describe('crowd-audio-segments', () => {
  const page = (attributes = ''): string =>
    form(
      `<crowd-audio-segments name="talk" header="Who speaks?" src="/files/tone.wav" labels="['Ann', 'Ben']" ${attributes}></crowd-audio-segments>`,
    );
  const loaded = (task: Task): Promise<void> => task.frame.getByText('0:00.0 / 0:04.0').waitFor();

  test('by mouse on the time line, with texts', async () => {
    const task = await openTask(page('transcribe required'));
    await loaded(task);
    const box = (await task.frame.locator('.timeline').boundingBox())!;
    const drag = async (from: number, to: number): Promise<void> => {
      await task.page.mouse.move(box.x + box.width * from, box.y + 20);
      await task.page.mouse.down();
      await task.page.mouse.move(box.x + box.width * to, box.y + 20, { steps: 5 });
      await task.page.mouse.up();
    };
    await drag(0.25, 0.5);
    await task.frame.getByRole('textbox', { name: 'Text of segment 1, Ann' }).fill('Hello');
    await task.frame.getByRole('spinbutton', { name: 'End of segment 1, Ann' }).fill('1.8');
    await task.frame.getByRole('spinbutton', { name: 'End of segment 1, Ann' }).blur();
    await task.shot('audio-segments-1280');
    await task.accessible();
    const { talk } = (await task.submit()) as { talk: { segments: { start: number }[] } };
    expect(talk).toEqual({
      duration: 4,
      segments: [{ start: expect.any(Number) as number, end: 1.8, label: 'Ann', text: 'Hello' }],
    });
    expect(Math.abs(talk.segments[0]!.start - 1)).toBeLessThan(0.02);
    await expect.poll(() => task.frame.locator('.wave > div').count()).toBe(1);
  });

  test('by keyboard', async () => {
    const task = await openTask(page());
    await loaded(task);
    await task.frame.getByRole('group', { name: 'Who speaks?' }).focus();
    await keys(
      task,
      's',
      'ArrowRight',
      'e',
      '2',
      's',
      'Shift+ArrowLeft',
      'Shift+ArrowLeft',
      'e',
      'ArrowRight',
      's',
      'ArrowLeft',
      'e',
      'Delete',
    );
    const { talk } = (await task.submit()) as { talk: object };
    expect(talk).toEqual({
      duration: 4,
      segments: [
        { start: 0, end: 2, label: 'Ben' },
        { start: 1.8, end: 2, label: 'Ben' },
      ],
    });
  });

  test('plays, and says whether an initial value was changed', async () => {
    const initial = `initial-value="[{start: 1, end: 2, label: 'Ben'},]"`;
    const same = await openTask(page(initial));
    await loaded(same);
    await same.frame.getByRole('button', { name: /^Play/ }).click();
    await same.frame.getByText(/0:00\.[2-9] \/ 0:04/).waitFor();
    expect(await same.submit()).toEqual({
      talk: { duration: 4, segments: [{ start: 1, end: 2, label: 'Ben' }], initialValueModified: false },
    });
    const other = await openTask(page(initial));
    await loaded(other);
    await other.frame.getByRole('button', { name: /^Remove segment 1/ }).click();
    expect(await other.submit()).toEqual({ talk: { duration: 4, segments: [], initialValueModified: true } });
  });

  test('a sound that is not there is named', async () => {
    const task = await openTask(page().replace('tone', 'missing'));
    await task.frame.getByText('The file could not be played: /files/missing.wav').waitFor();
  });
});

test('crowd-video-segments', async () => {
  // The element does not mind what its video element plays; a sound spares the repository a film.
  const task = await openTask(
    form(
      `<crowd-video-segments name="acts" header="What happens?" src="/files/tone.wav" labels="['run', 'rest']" required></crowd-video-segments>`,
    ),
    { width: 360, height: 780 },
  );
  await task.frame.getByText('0:00.0 / 0:04.0').waitFor();
  await task.frame.locator('crowd-button').click();
  expect((await task.waitFor('invalid'))['message']).toBe('What happens?: Mark at least one segment.');
  await task.frame.getByRole('button', { name: 'Start here (S)' }).tap();
  await task.frame.getByRole('button', { name: /^On 2/ }).tap();
  await task.frame.getByRole('button', { name: 'End here (E)' }).tap();
  await task.frame.getByRole('button', { name: 'rest' }).first().tap();
  await task.shot('video-segments-360');
  await task.accessible();
  expect(await task.submit()).toEqual({ acts: { duration: 4, segments: [{ start: 0, end: 2, label: 'rest' }] } });
});

describe('crowd-pdf', () => {
  const page = form(
    `<crowd-pdf name="pages" header="What is each page?" src="/files/three-pages.pdf" labels="['letter', 'invoice']" required></crowd-pdf>`,
  );

  test('a key labels a page and turns it', async () => {
    const task = await openTask(page);
    await task.frame.getByRole('status').getByText('Page 1 of 3').waitFor();
    await expect.poll(() => task.frame.locator('canvas').textContent()).toBe('Page number 1');
    await task.shot('pdf-1280');
    await task.accessible();
    await task.frame.getByRole('document', { name: 'Page 1 of 3' }).focus();
    await keys(task, '2', '1', 'PageUp');
    await task.frame.getByRole('status').getByText('Page 2 of 3').waitFor();
    await task.frame.locator('crowd-button').click();
    expect((await task.waitFor('invalid'))['message']).toBe('What is each page?: One page has no label.');
    await task.frame.getByRole('button', { name: 'Next page' }).click();
    await task.frame.getByRole('button', { name: 'letter' }).click();
    expect(await task.submit()).toEqual({
      pages: {
        pageCount: 3,
        pages: [
          { page: 1, label: 'invoice' },
          { page: 2, label: 'letter' },
          { page: 3, label: 'letter' },
        ],
      },
    });
  });

  test('without labels it only shows, and keys and the page are those of the question', async () => {
    const task = await openTask(`
      <crowd-form submit-on-choice><crowd-classifier name="kind" header="?" categories="['letter', 'bill']">
        <classification-target><crowd-pdf src="/files/three-pages.pdf" style="width: 100%; height: 300px"></crowd-pdf></classification-target>
      </crowd-classifier></crowd-form>`);
    await task.frame.getByRole('status').getByText('Page 1 of 3').waitFor();
    await task.shot('pdf-inside-1280');
    await task.frame.getByRole('document', { name: 'Page 1 of 3' }).focus();
    await keys(task, '2');
    expect(await task.submitted()).toEqual({ kind: { label: 'bill' } });
  });

  test('a document that cannot be read is said', async () => {
    const task = await openTask(page.replace('three-pages.pdf', 'gradient.png'));
    await task.frame.getByText(/^The document could not be opened: /).waitFor();
  });
});

describe('places', () => {
  test('crowd-map: by mouse, by keyboard, by numbers', async () => {
    const task = await openTask(
      form(
        `<crowd-map name="place" header="Where was this?" required latitude="50" longitude="10" zoom="5"></crowd-map>`,
      ),
    );
    await task.frame.locator('crowd-button').click();
    await task.waitFor('invalid');
    const map = task.frame.getByRole('application');
    await map.focus();
    await keys(task, 'Enter');
    await expect.poll(async () => Number(await task.frame.getByLabel('Latitude').inputValue())).toBeCloseTo(50, 1);
    const box = (await map.boundingBox())!;
    await task.page.mouse.click(box.x + box.width / 2 + 100, box.y + box.height / 2);
    expect(Number(await task.frame.getByLabel('Longitude').inputValue())).toBeCloseTo(
      10 + (100 / 256 / 2 ** 5) * 360,
      1,
    );
    await task.shot('map-1280');
    await task.accessible();
    await task.frame.getByLabel('Longitude').fill('-3.5');
    await task.frame.getByLabel('Longitude').blur();
    expect(await task.submit()).toEqual({ place: { latitude: expect.closeTo(50, 1) as number, longitude: -3.5 } });
  });

  test('crowd-location: the position with its accuracy', async () => {
    const geolocation = { latitude: 52.5, longitude: 13.4, accuracy: 120 };
    const page = (most: number): string =>
      form(`<crowd-location name="me" header="Are you there?" required max-accuracy="${most}"></crowd-location>`);
    const task = await openTask(page(150), { geolocation, permissions: ['geolocation'], width: 360, height: 640 });
    await task.frame.getByRole('button', { name: 'I am here' }).tap();
    await task.frame.getByText('52.50000, 13.40000, exact to 120 m').waitFor();
    await task.shot('location-360');
    await task.accessible();
    expect(await task.submit()).toEqual({ me: { ...geolocation, at: expect.stringMatching(/^20.*Z$/) as string } });
    const vague = await openTask(page(50), { geolocation, permissions: ['geolocation'] });
    await vague.frame.getByRole('button', { name: 'I am here' }).click();
    await vague.frame.getByText(/only exact to 120 m; at most 50 m are wanted/).waitFor();
    await vague.frame.locator('crowd-button').click();
    expect((await vague.waitFor('invalid'))['message']).toContain('only exact to 120 m');
  });

  test('crowd-places: a place is chosen by its mark, and the worker moves the map', async () => {
    const { page } = await openTask(form('<p>Beside</p>'));
    await page.setViewportSize({ width: 600, height: 400 });
    await page.addScriptTag({ url: '/dist/places.js', type: 'module' });
    await page.evaluate(async () => {
      await customElements.whenDefined('crowd-places');
      const map = document.createElement('crowd-places');
      document.body.replaceChildren(map);
      const heard: unknown[] = [];
      for (const type of ['chosen', 'moved']) {
        map.addEventListener(type, (event) => heard.push([type, (event as CustomEvent<unknown>).detail]));
      }
      const places = [
        { id: 'west', latitude: 0, longitude: -10, label: 'West' },
        { id: 'east', latitude: 0, longitude: 10 },
      ];
      Object.assign(map, { places, here: { latitude: 0, longitude: 0, accuracy: 50_000 } });
      Object.assign(window, { heard });
    });
    const heard = (): Promise<unknown> => page.evaluate(() => (window as unknown as { heard: unknown }).heard);
    const marks = page.locator('path[fill="#a8271d"]');
    await expect.poll(() => marks.count()).toBe(2);
    await page.waitForTimeout(400);
    expect(await heard()).toEqual([]);
    await marks.first().click();
    expect(await heard()).toEqual([['chosen', 'west']]);
    await page.evaluate(() => Object.assign(document.querySelector('crowd-places')!, { chosen: 'west' }));
    await expect.poll(() => marks.count()).toBe(1);
    await page.locator('.map').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(heard).toEqual([
      ['chosen', 'west'],
      ['moved', { latitude: expect.closeTo(0, 1) as number, longitude: expect.any(Number) as number }],
    ]);
  });
});
