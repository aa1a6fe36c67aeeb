// What a worker does on the page of each example, by keyboard alone, and the output that has to come of it.

import assert from 'node:assert/strict';

const TAIL = 'Control+Enter';
const radio = (frame, name) => frame.getByRole('radio', { name, exact: true });
const box = (frame, name) => frame.getByRole('checkbox', { name, exact: true });
const field = (frame, name) => frame.getByRole('textbox', { name });

/** Chooses a radio button: Tab leads to the group, arrows from there. */
async function choose(hand, frame, group, name) {
  const buttons = frame.getByRole('radiogroup', { name: group }).getByRole('radio');
  await hand.to(buttons.first());
  await hand.press('Space');
  const wanted = radio(frame, name);
  for (let presses = 0; !(await wanted.evaluate((element) => element.checked ?? element.ariaChecked === 'true')); presses += 1) {
    assert.ok(presses < 20, `arrow keys do not reach ${name}`);
    await hand.press('ArrowDown');
  }
}

/**
 * @typedef {object} Example
 * @property {string} name its folder
 * @property {'text' | 'drawing' | 'media'} weight which limit its first load has
 * @property {(hand: import('./hand.mjs').Hand) => Promise<void>} [arrive] what comes before the page
 * @property {(hand: import('./hand.mjs').Hand, frame: import('playwright-core').FrameLocator, input: object) => Promise<void>} work
 * @property {(input: object) => object} output functions in it check a value that no two runs share
 */

const anything = { string: (value) => assert.equal(typeof value, 'string'), positive: (value) => assert.ok(value > 0, `${value}`) };
const recently = (value) => assert.ok(Math.abs(Date.now() - Date.parse(value)) < 120_000, `${value} is not now`);

/** @type {Example[]} */
export const EXAMPLES = [
  {
    name: 'museum-visits',
    weight: 'text',
    async work(hand, frame) {
      await hand.to(frame.getByRole('tab', { name: 'Your visit' }));
      await hand.press('ArrowRight');
      await hand.to(frame.getByRole('combobox'));
      await hand.type('Mon');
      await hand.to(field(frame, /^Price/));
      // Only what the field allows is taken.
      await hand.type('7.5x0');
      await hand.to(field(frame, /^Email/));
      await hand.type('parties@clockmakers.example');
      await hand.press(TAIL);
    },
    output: () => ({ closed: 'Monday', price: '7.50', email: 'parties@clockmakers.example' }),
  },
  {
    name: 'claim-check',
    weight: 'text',
    work: (hand) => hand.press('2'),
    output: () => ({ verdict: { label: 'Contradicted' } }),
  },
  {
    name: 'reply-ranking',
    weight: 'text',
    async work(hand, frame) {
      await hand.to(frame.getByRole('listitem').nth(2));
      await hand.press('ArrowUp*2');
      await choose(hand, frame, /Would you send/, 'After a small change');
      await hand.press(TAIL);
    },
    output: ({ replies: [first, second, third] }) => ({ order: { ranking: [third, first, second] }, send: { yes: false, changed: true, no: false } }),
  },
  {
    name: 'alt-texts',
    weight: 'text',
    async work(hand, frame) {
      await hand.to(field(frame, /^Text in place/));
      await hand.type('A red mug with white dots and a round handle');
      await hand.press(TAIL);
    },
    output: () => ({ alternative: 'A red mug with white dots and a round handle' }),
  },
  {
    name: 'commuter-survey',
    weight: 'text',
    async work(hand, frame) {
      await hand.to(box(frame, /I have read this/));
      await hand.press('Space');
      await choose(hand, frame, /How do you go/, 'By bus or tram');
      await hand.to(frame.getByRole('slider'));
      await hand.press('ArrowRight*6');
      await hand.to(radio(frame, 'I arrived when I had planned to.: not at all'));
      await hand.press('4');
      await hand.to(radio(frame, 'I felt safe on the way.: not at all'));
      await hand.press('5');
      await hand.to(radio(frame, 'I liked being on the way.: not at all'));
      await hand.press('2');
      await hand.to(radio(frame, /very bad/));
      await hand.press('4');
      await hand.to(field(frame, /^Anything/));
      await hand.type('The 14 is always full.');
      await hand.press(TAIL);
    },
    output: () => ({
      consent: { agreed: true, version: '1', at: recently },
      means: { walk: false, bicycle: false, bus: true, car: false, none: false },
      minutes: 30,
      way: { on_time: 4, safe: 5, enjoyed: 2 },
      plan: 4,
      remark: 'The 14 is always full.',
    }),
  },
  {
    name: 'road-safety-clip',
    weight: 'media',
    async work(hand, frame, { answers: [, , last] }) {
      const video = frame.locator('video');
      await hand.to(video);
      // The clip, not the worker, goes faster than it would for people.
      await video.evaluate((element) => (element.playbackRate = 8));
      await hand.press('Space');
      await frame.locator('[name=watched][value=yes]').waitFor({ state: 'attached' });
      await choose(hand, frame, /\?$/, last);
      await hand.to(radio(frame, /not at all/));
      await hand.press('3', TAIL);
    },
    output: ({ answers: [first, second, third] }) => ({ watched: 'yes', answer: { [first]: false, [second]: false, [third]: true }, clear: 3 }),
  },
  {
    name: 'box-review',
    weight: 'drawing',
    work: (hand) => hand.press('3'),
    output: () => ({ verdict: { label: 'Box misplaced' } }),
  },
  {
    name: 'street-boxes',
    weight: 'drawing',
    async work(hand, frame) {
      await hand.to(frame.locator('crowd-bounding-box .stage'));
      // The first press shows the cursor, in the middle, at 320, 200.
      await hand.press('3', 'Shift+ArrowLeft*10', 'ArrowUp*5', 'Enter', 'Shift+ArrowRight*4', 'Shift+ArrowDown*6', 'Enter');
      await hand.press('Escape', '1', 'Shift+ArrowDown*7', 'Enter', 'Shift+ArrowRight*9', 'Shift+ArrowDown*5', 'ArrowDown*2', 'Enter');
      await hand.press('ArrowRight*3', 'Alt+ArrowUp*2', TAIL);
    },
    output: () => ({
      boxes: {
        boundingBoxes: [
          { label: 'Person', left: 230, top: 195, width: 40, height: 60 },
          { label: 'Car', left: 273, top: 325, width: 90, height: 50 },
        ],
        inputImageProperties: { width: 640, height: 400 },
      },
    }),
  },
  {
    name: 'order-mails',
    weight: 'text',
    async work(hand, frame) {
      await hand.to(frame.getByRole('group', { name: 'Text to annotate' }));
      // The first word is an amount, the last one a place.
      await hand.press('ArrowRight', '2', 'End', '4', TAIL);
    },
    output: ({ message }) => {
      const first = /^\S*\w/.exec(message)[0];
      const last = /(\S+?)[.!?]?$/.exec(message);
      return {
        order: {
          entities: [
            { label: 'amount', startOffset: 0, endOffset: first.length },
            { label: 'place', startOffset: last.index, endOffset: last.index + last[1].length },
          ],
        },
      };
    },
  },
  {
    name: 'voice-notes',
    weight: 'media',
    async work(hand, frame) {
      await hand.to(field(frame, /^Write down/));
      await hand.press('Alt+p');
      await frame.locator('audio').evaluate((sound) => (sound.currentTime > 0 ? null : new Promise((resolve) => sound.addEventListener('timeupdate', resolve, { once: true }))));
      await hand.press('Alt+p');
      await hand.type('hello it is Ada');
      await choose(hand, frame, /How well/, 'With some noise');
      await hand.press(TAIL);
    },
    output: () => ({ transcript: 'hello it is Ada', sound_quality: { clear: false, noisy: true, 'partly lost': false } }),
  },
  {
    name: 'read-aloud',
    weight: 'media',
    async work(hand, frame) {
      await hand.to(frame.getByRole('button', { name: 'Record', exact: true }));
      await hand.press('Enter');
      await hand.page.getByText(/Recording: 1\.[2-9] s|Recording: [2-9]/).waitFor();
      await hand.to(hand.page.getByRole('button', { name: 'Stop' }));
      await hand.press('Enter');
      await frame.locator('audio').waitFor();
      await choose(hand, frame, /Where are you/, 'In a quiet room');
      await hand.press(TAIL);
    },
    output: () => ({
      recording: { media: anything.string, type: 'audio/webm', size: anything.positive, duration: anything.positive },
      place: { quiet: true, people: false, outside: false },
    }),
  },
  {
    name: 'shop-fronts',
    weight: 'media',
    async arrive(hand) {
      await hand.to(hand.page.getByRole('button', { name: /^Reserve/ }).first());
      await hand.press('Enter');
    },
    async work(hand, frame) {
      await hand.to(frame.getByRole('button', { name: 'Take a photo' }));
      await hand.press('Enter');
      const shutter = hand.page.getByRole('button', { name: 'Take the photo' });
      await shutter.waitFor();
      await hand.page.waitForFunction(() => (document.querySelector('crowd-recorder')?.shadowRoot?.querySelector('video')?.videoWidth ?? 0) > 0);
      await hand.to(shutter);
      await hand.press('Enter');
      await frame.getByAltText('The photo').waitFor();
      await hand.to(frame.locator('crowd-location button'));
      await hand.press('Enter');
      await frame.locator('crowd-location').getByText(/52\.52/).first().waitFor();
      await choose(hand, frame, /Is the shop/, 'Open now');
      await hand.press(TAIL);
    },
    output: ({ shop }) => ({
      front: { media: anything.string, type: 'image/jpeg', size: anything.positive },
      here: { latitude: shop.latitude, longitude: shop.longitude, accuracy: 12, at: recently },
      in_use: { open: true, closed: false, gone: false },
    }),
  },
  {
    name: 'invoice-fields',
    weight: 'drawing',
    async work(hand, frame) {
      await hand.to(frame.locator('input:not([readonly])').first());
      await hand.press('Control+a');
      await hand.type('2025-0417');
      await hand.press(TAIL);
    },
    // The blocks as they came, and at the corrected value its text.
    output: ({ read }) => ({ fields: { blocks: read.map((block) => (block.id === 'v0' ? { ...block, text: '2025-0417' } : block)) } }),
  },
  {
    name: 'answer-duel',
    weight: 'text',
    async work(hand, frame) {
      await hand.press('1');
      await hand.to(box(frame, 'It is right, or less wrong'));
      await hand.press('Space');
      await hand.to(box(frame, 'It is easier to follow'));
      await hand.press('Space', TAIL);
    },
    output: () => ({ better: { choice: 'first' }, because: { correct: true, complete: false, clear: true, safe: false } }),
  },
];
