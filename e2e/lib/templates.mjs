// Templates in the manner of Ground Truth, Augmented AI and Mechanical Turk (e2e/templates), each with the data of one
// task, what a worker does on the page, and the documented output that has to be stored.

import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';

const PICTURE = { taskObject: 'street.png' };
const size = { width: 640, height: 400 };
const stage = (frame) => frame.locator('.stage[aria-busy="false"]');
/** Presses the shell's button: it takes the place of a Submit button that the template did not ask for. */
const submit = (hand) => hand.page.locator('footer .main').click();
const label = (hand, frame, text) => frame.getByText(text, { exact: true }).first().click();
const here = { latitude: 52.52, longitude: 13.4, accuracy: 12 };

/** Presses keys on a drawing, whose cursor begins in the middle (320, 200), and submits. */
const draw = (...keys) => async (hand, frame) => {
  await stage(frame).focus();
  // The first arrow only shows the cursor.
  await hand.press('ArrowUp', ...keys, 'Control+Enter');
};

/** Checks that base64 is a PNG of the picture's size with something on it. */
function painted(base64) {
  const png = Buffer.from(base64, 'base64');
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [size.width, size.height]);
  const chunks = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') chunks.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  assert.ok(inflateSync(Buffer.concat(chunks)).some((byte, index) => index % (4 * size.width + 1) > 0 && byte !== 0), 'nothing is painted');
}

const recently = (value) => assert.ok(Math.abs(Date.now() - Date.parse(value)) < 120_000, `${value} is not now`);
const BLOCKS = [
  { blockType: 'WORD', id: 'w1', text: 'Total' },
  { blockType: 'WORD', id: 'w2', text: '12.O0' },
  { blockType: 'KEY_VALUE_SET', id: 'k', entityTypes: ['KEY'], relationships: [{ type: 'VALUE', ids: ['v'] }, { type: 'CHILD', ids: ['w1'] }] },
  { blockType: 'KEY_VALUE_SET', id: 'v', entityTypes: ['VALUE'], relationships: [{ type: 'CHILD', ids: ['w2'] }] },
];

/**
 * @typedef {object} Case
 * @property {string} name its file
 * @property {object} input the task's data; names of files in MEDIA stand for these files
 * @property {(hand: import('./hand.mjs').Hand, frame: import('playwright-core').FrameLocator) => Promise<void>} work
 * @property {object} [page] what `[page]` says
 * @property {object} output functions in it check a value that no two runs share
 */

/** Files that tasks name, and where they lie in the checkout. */
export const MEDIA = {
  'street.png': 'examples/street-boxes/pictures/s01.png',
  'voice.ogg': 'examples/voice-notes/sounds/v1.ogg',
  'clip.webm': 'examples/road-safety-clip/clips/crossing.webm',
  'paper.pdf': 'web/elements/tests/files/three-pages.pdf',
};

/** @type {Case[]} */
export const TEMPLATES = [
  {
    name: 'gt-text-classification',
    input: { taskObject: `Rain & "wind" <today>, it's said`, labels: ['Weather', "People's news", 'Other'] },
    async work(hand, frame) {
      await frame.getByText(`Rain & "wind" <today>, it's said`).waitFor();
      // A tap answers the only question, and goes on.
      await label(hand, frame, "People's news");
    },
    output: { category: { label: "People's news" } },
  },
  {
    name: 'gt-text-multi-select',
    input: { taskObject: 'The mayor opened the pool.', labels: ['sport', 'politics', 'weather'] },
    async work(hand, frame) {
      await hand.press('1', '2');
      await submit(hand);
    },
    output: { topics: { labels: ['sport', 'politics'] } },
  },
  {
    name: 'gt-image-classification',
    input: { ...PICTURE, labels: ['empty', 'some', 'busy'] },
    async work(hand, frame) {
      await label(hand, frame, 'some');
    },
    output: { busy: { label: 'some' } },
  },
  {
    name: 'gt-image-multi-select',
    input: PICTURE,
    async work(hand, frame) {
      await label(hand, frame, 'Nothing of it');
      await submit(hand);
    },
    output: { seen: { labels: [] } },
  },
  {
    name: 'gt-bounding-box',
    input: { ...PICTURE, labels: ['car', 'lorry'] },
    work: draw('2', 'Enter', 'Shift+ArrowRight*4', 'Shift+ArrowDown*3', 'Enter'),
    output: { annotatedResult: { boundingBoxes: [{ label: 'lorry', left: 320, top: 200, width: 40, height: 30 }], inputImageProperties: size } },
  },
  {
    name: 'gt-bounding-box-adjust',
    input: {
      ...PICTURE,
      labels: ['car', 'person'],
      manifestLine: {
        earlier: { annotations: [{ class_id: 0, left: 210, top: 330, width: 120, height: 60 }, { class_id: 1, left: 174, top: 170, width: 40, height: 84 }] },
        'earlier-metadata': { 'class-map': { 0: 'car', 1: 'person' } },
      },
    },
    work: async (hand, frame) => {
      await stage(frame).focus();
      await hand.press('J', 'ArrowRight*3', 'Control+Enter');
    },
    output: {
      boundingBox: {
        boundingBoxes: [
          { label: 'car', left: 213, top: 330, width: 120, height: 60 },
          { label: 'person', left: 174, top: 170, width: 40, height: 84 },
        ],
        initialValueModified: true,
        inputImageProperties: size,
      },
    },
  },
  {
    name: 'gt-polygon',
    input: PICTURE,
    work: draw('1', 'Enter', 'Shift+ArrowRight*4', 'Enter', 'Shift+ArrowDown*4', 'Enter', 'Enter'),
    output: { annotatedResult: { polygons: [{ label: 'roof', vertices: [{ x: 320, y: 200 }, { x: 360, y: 200 }, { x: 360, y: 240 }] }], inputImageProperties: size } },
  },
  {
    name: 'gt-polyline',
    input: PICTURE,
    work: (hand) => submit(hand),
    output: {
      crowdPolyline: {
        polylines: [{ label: 'kerb', vertices: [{ x: 10, y: 270 }, { x: 320, y: 272 }, { x: 630, y: 270 }] }],
        initialValueModified: false,
        inputImageProperties: size,
      },
    },
  },
  {
    name: 'gt-line',
    input: PICTURE,
    work: draw('Enter', 'Shift+ArrowRight*9', 'Enter'),
    output: { crowdLine: { lines: [{ label: 'horizon', vertices: [{ x: 320, y: 200 }, { x: 410, y: 200 }] }], inputImageProperties: size } },
  },
  {
    name: 'gt-keypoint',
    input: PICTURE,
    async work(hand, frame) {
      await draw('Enter')(hand, frame);
      await frame.getByText('Please mark exactly 2 points.').waitFor();
      await stage(frame).focus();
      await hand.press('Escape', '2', 'Shift+ArrowRight*2', 'Enter', 'Control+Enter');
    },
    output: { keypoints: { keypoints: [{ label: 'front wheel', x: 320, y: 200 }, { label: 'rear wheel', x: 340, y: 200 }], inputImageProperties: size } },
  },
  {
    name: 'gt-semantic-segmentation',
    input: PICTURE,
    work: draw('1', 'Enter', 'Shift+ArrowRight*5', 'Enter'),
    output: {
      annotatedResult: { labelMappings: { road: { color: '#1f77b4' }, sky: { color: '#ff7f0e' } }, labeledImage: { pngImageData: painted }, inputImageProperties: size },
    },
  },
  {
    name: 'gt-instance-segmentation',
    input: { ...PICTURE, labels: ['house'] },
    work: draw('Enter', 'Shift+ArrowRight*3', 'Enter', 'N', 'Shift+ArrowDown*5', 'Enter', 'Shift+ArrowRight*3', 'Enter'),
    output: {
      annotatedResult: {
        instances: [{ color: '#1f77b4', label: 'house' }, { color: '#ff7f0e', label: 'house' }],
        labeledImage: { pngImageData: painted },
        inputImageProperties: size,
      },
    },
  },
  {
    name: 'gt-entity-with-questions',
    input: { taskObject: '😀 Ada comes on Friday' },
    async work(hand, frame) {
      await frame.getByRole('group', { name: 'Text to annotate' }).focus();
      await hand.press('End', '2');
      await label(hand, frame, 'Yes');
      await submit(hand);
    },
    output: { 'crowd-entity-annotation': { entities: [{ label: 'day', startOffset: 15, endOffset: 21 }] }, invitation: { yes: true, no: false } },
  },
  {
    name: 'gt-verify-boxes',
    input: PICTURE,
    async work(hand, frame) {
      await label(hand, frame, 'bad');
      await label(hand, frame, 'Add a reason');
      await frame.getByRole('textbox', { name: 'Explain' }).fill('the left person');
      await frame.getByRole('dialog').getByRole('button').last().click();
      await submit(hand);
    },
    output: { boundingBoxVerification: { label: 'bad', workerComment: 'the left person' } },
  },
  {
    name: 'gt-form-fields',
    input: { title: 'A photo' },
    async work(hand, frame) {
      await frame.getByRole('heading', { name: 'A PHOTO' }).waitFor();
      await label(hand, frame, 'Blurry');
      await label(hand, frame, 'Outdoors');
      await frame.getByText('Urgent').click();
      await frame.getByRole('slider').focus();
      await hand.press('ArrowRight*3');
      await frame.getByRole('textbox', { name: 'Caption' }).fill('Two boats');
      await frame.getByRole('textbox', { name: 'Note' }).fill('one\ntwo');
      await submit(hand);
    },
    output: {
      image_attributes: { blurry: true, dim: false },
      checked: { on: true },
      indoors: { yes: false },
      outdoors: { yes: true },
      urgent: { on: true },
      brightness: 1.5,
      caption: 'Two boats',
      note: 'one\ntwo',
    },
  },
  {
    name: 'a2i-moderation',
    input: { picture: 'street.png', selectedAiServiceResponse: { moderationLabels: [{ name: 'Traffic', parentName: '' }, { name: 'Speeding', parentName: 'Traffic' }] } },
    async work(hand, frame) {
      await frame.getByText('Speeding').click();
      await submit(hand);
    },
    output: { 'AWS/Rekognition/DetectModerationLabels/Image/V3': { ModerationLabels: [{ name: 'Speeding', parentName: 'Traffic' }] } },
  },
  {
    name: 'a2i-textract',
    input: { picture: 'street.png', selectedAiServiceResponse: { blocks: BLOCKS }, humanLoopContext: { importantKeys: [{ importantFormKey: 'Date' }] } },
    async work(hand, frame) {
      await frame.getByLabel('Value of Total').fill('12.00');
      await label(hand, frame, 'Add Date');
      await frame.getByLabel('Value of Date').fill('3 May');
      await submit(hand);
    },
    output: {
      'AWS/Textract/AnalyzeDocument/Forms/V1': {
        blocks: [
          ...BLOCKS.slice(0, 3),
          { ...BLOCKS[3], text: '12.00' },
          { blockType: 'KEY_VALUE_SET', id: 'added-1', entityTypes: ['KEY'], relationships: [{ type: 'VALUE', ids: ['added-1-value'] }], text: 'Date' },
          { blockType: 'KEY_VALUE_SET', id: 'added-1-value', entityTypes: ['VALUE'], text: '3 May' },
        ],
      },
    },
  },
  {
    name: 'mturk-flatten',
    input: { remark: 'What a day!', who: 'a gardener' },
    async work(hand, frame) {
      await frame.getByText('(a gardener)').waitFor();
      await hand.press('2');
      await frame.getByRole('textbox', { name: 'Why?' }).fill('It was long.');
      await submit(hand);
    },
    output: { 'tone.label': 'tired', 'flags.ironic': false, why: 'It was long.' },
  },
  {
    name: 'mturk-plain-form',
    input: { title: 'Look & tell' },
    async work(hand, frame) {
      await frame.getByRole('heading', { name: 'Look & tell' }).waitFor();
      await frame.getByLabel('blue').check();
      await frame.getByLabel('a house').check();
      await frame.getByLabel('a dog').check();
      await frame.getByLabel('How many people?').fill('3');
      await frame.getByRole('button', { name: 'Submit' }).click();
    },
    output: { colour: 'blue', kinds: 'house|dog', people: '3', remarks: '' },
  },
  {
    name: 'mturk-plain-script',
    input: { text: 'Guten Tag allerseits' },
    async work(hand, frame) {
      await frame.getByText('3 words').waitFor();
      await frame.getByRole('button', { name: 'Send' }).click();
      await frame.getByText('Please choose a language.').waitFor();
      await frame.getByLabel('Language').selectOption('other');
      await frame.getByLabel('Which one?').fill('German');
      await frame.getByRole('button', { name: 'Send' }).click();
    },
    output: { language: 'other', which: 'German' },
  },
  {
    name: 'mturk-flatten-buttons',
    input: { source: 'It hails.' },
    async work(hand, frame) {
      await label(hand, frame, 'A little');
      await submit(hand);
    },
    output: { 'q1_0.0': false, 'q1_1.1': true, 'q1_2.2': false },
  },
  {
    name: 'mturk-api-question',
    input: { title: 'Emma' },
    async work(hand, frame) {
      await frame.getByRole('heading', { name: 'Who wrote “Emma”?' }).waitFor();
      assert.equal(await frame.getByRole('heading').getAttribute('title'), 'nobody');
      assert.equal((await frame.locator('body').innerText()).includes('450'), false);
      await frame.getByLabel('Author').fill('Jane Austen');
      await frame.getByRole('button', { name: 'Submit' }).click();
    },
    output: { author: 'Jane Austen' },
  },
  {
    name: 'mturk-written-fields',
    input: { words: `["pear", "plum", "it's"]` },
    async work(hand, frame) {
      await frame.getByLabel("it's").check();
      await frame.getByRole('button', { name: 'Send' }).click();
    },
    output: { stranger: '2' },
  },
  {
    name: 'gt-document',
    input: { source: 'paper.pdf', labels: ['letter', 'bill'] },
    async work(hand, frame) {
      await frame.getByRole('button', { name: 'Next page' }).click();
      await frame.getByRole('status').getByText('Page 2 of 3').waitFor();
      await hand.press('2');
    },
    output: { kind: { label: 'bill' } },
  },
  {
    name: 'outside-library',
    input: { text: 'rain' },
    page: { allow: ['https://library.example.org'], links: true },
    async work(hand, frame) {
      await frame.getByText('RAIN!').waitFor();
      assert.equal(await frame.locator('#said').evaluate((said) => getComputedStyle(said).color), 'rgb(1, 2, 3)');
      await frame.frameLocator('iframe').getByText('The film /film/rain').waitFor();
      const opened = hand.page.context().waitForEvent('page');
      await frame.getByText('More about it').click();
      await (await opened).close();
      await frame.getByRole('textbox', { name: 'What is said?' }).fill('rain');
      await submit(hand);
    },
    output: { answer: 'rain' },
  },
  {
    name: 'v2-text-ranking',
    input: { prompt: 'Why is grass green?', responses: ['Chlorophyll.', 'Because it "is".'] },
    async work(hand, frame) {
      for (const [scale, response, place] of [['Clarity', 1, 1], ['Clarity', 2, 1], ['Truth', 1, 1], ['Truth', 2, 2]]) {
        await frame.getByRole('group', { name: `${scale}, Response ${response}` }).getByRole('radio').nth(place - 1).check();
      }
      await submit(hand);
    },
    output: { ranks: { Clarity: [1, 1], Truth: [1, 2] } },
  },
  {
    name: 'v2-question-answer',
    input: { passage: 'The mill was built in 1871.' },
    async work(hand, frame) {
      await frame.getByLabel('Question 1', { exact: true }).fill('When was it built?');
      await frame.getByLabel('Answer 1', { exact: true }).fill('In 1871');
      await frame.getByRole('button', { name: 'Fact' }).click();
      await submit(hand);
    },
    output: { pairs: { questions: [{ question: 'When was it built?', answer: 'In 1871', tags: ['Fact'] }] } },
  },
  {
    name: 'layout-elements',
    input: { text: 'Inside of the card' },
    async work(hand, frame) {
      await frame.getByText('Inside of the card').waitFor();
      await frame.getByText('Open a small window').click();
      await frame.getByText('A few more words.').waitFor();
      await hand.press('Escape');
      await frame.getByRole('textbox', { name: 'First' }).fill('one');
      // What is missing stands on the tab behind, which comes forward.
      await label(hand, frame, 'Send it');
      await frame.getByRole('textbox', { name: 'Second' }).fill('two');
      await label(hand, frame, 'Send it');
    },
    output: { first: 'one', second: 'two' },
  },
  {
    name: 'script-elements-ready',
    input: { text: 'Is <b>that</b> a "question"?' },
    async work(hand, frame) {
      await frame.getByText('Is <b>that</b> a "question"?').waitFor();
      await label(hand, frame, 'question');
      await submit(hand);
    },
    output: { kind: { label: 'question' }, words: '4', longest: '<b>that</b>' },
  },
  {
    name: 'script-dynamic-form',
    input: {},
    async work(hand, frame) {
      await frame.getByRole('textbox', { name: 'Thing 1' }).fill('a cup');
      await label(hand, frame, 'One more');
      await frame.getByRole('textbox', { name: 'Thing 2' }).fill('a spoon');
      await submit(hand);
    },
    output: { thing1: 'a cup', thing2: 'a spoon' },
  },
  {
    name: 'liquid-logic',
    input: {
      people: [{ name: 'Zoe', age: 30 }, { name: 'Ben', age: 7 }, { name: 'Ida', hidden: true }, { name: 'Ann' }],
      kind: 'c',
      title: "Have you read 'James & the Giant Peach'?",
      markup: '<strong>bold</strong>',
    },
    async work(hand, frame) {
      const read = (id) => frame.locator(id).innerText();
      assert.equal(await read('#greeting'), 'Hello Ann and Ben and Ida and Zoe');
      assert.deepEqual((await read('#people')).split('\n').map((line) => line.trim()).filter(Boolean), ['1: Zoe, grown up', '2: Ben, 7', '4 (last): Ann, unknown']);
      assert.equal(await read('#kind'), 'later');
      assert.equal(await read('#escaped'), "Have you read 'James & the Giant Peach'?");
      assert.equal(await frame.locator('#raw strong').innerText(), 'bold');
      assert.equal(await read('#chain'), 'NOTHING! 4 5 b');
      await label(hand, frame, 'Ben');
      await submit(hand);
    },
    output: { elder: { zoe: false, ben: true } },
  },
  {
    name: 'more-questions',
    input: { first: 'It is four.', second: 'It is five.' },
    async work(hand, frame) {
      await frame.getByRole('checkbox').first().press('Space');
      await frame.getByRole('radio', { name: /3/ }).first().check({ force: true });
      await frame.getByRole('button', { name: 'Move water up' }).click();
      await frame.getByText('The first is better').click();
      await frame.getByRole('radio', { name: 'It is clear.: yes' }).check();
      await frame.getByRole('radio', { name: 'It is short.: partly' }).check();
      await frame.getByLabel('Search the categories').fill('pear');
      await frame.getByLabel('Search the categories').press('Enter');
      await frame.getByRole('textbox', { name: 'As a record' }).fill(`{ id: 7, 'list': [true, ] }`);
      await submit(hand);
    },
    output: {
      consent: { agreed: true, version: '2', at: recently },
      stars: 3,
      order: { ranking: ['tea', 'water', 'coffee'] },
      better: { choice: 'first' },
      survey: { 'It is clear.': 3, 'It is short.': 2 },
      kind: { id: 'Food > Fruit > Pear', path: ['Food', 'Fruit', 'Pear'] },
      data: { id: 7, list: [true] },
    },
  },
  {
    name: 'audio-segments',
    input: { sound: 'voice.ogg' },
    async work(hand, frame) {
      await frame.getByText(/^0:00\.0 \/ 0:0[1-9]/).waitFor();
      await frame.getByRole('group', { name: 'Who speaks when?' }).focus();
      await hand.press('s', 'ArrowRight*2', 'e', '1');
      await frame.getByRole('textbox', { name: /^Text of segment 1/ }).fill('Hello, it is Ada');
      await hand.press('Control+Enter');
    },
    output: { talk: { duration: (value) => assert.ok(value > 3 && value < 10, `${value}`), segments: [{ start: 0, end: 4, label: 'voice', text: 'Hello, it is Ada' }] } },
  },
  {
    name: 'video-boxes',
    input: { clip: 'clip.webm' },
    async work(hand, frame) {
      await stage(frame).focus();
      await hand.press('ArrowUp', 'Enter', 'Shift+ArrowRight*3', 'Shift+ArrowDown*2', 'Enter', '.', 's', 'Control+Enter');
    },
    output: {
      tracks: {
        tracks: [
          {
            id: (value) => assert.ok(value !== undefined),
            label: 'car',
            frames: [
              { time: 0, left: 240, top: 135, width: 30, height: 20, key: true },
              { time: 0.5, left: 240, top: 135, width: 30, height: 20, key: true },
            ],
          },
        ],
        inputImageProperties: { width: 480, height: 270 },
      },
    },
  },
  {
    name: 'relations',
    input: { text: 'Ada mends clocks at Quay' },
    async work(hand, frame) {
      await frame.getByLabel('Relations').last().selectOption('works at');
      await label(hand, frame, 'Add relation');
      await frame.getByText('Ada — works at → Quay').waitFor();
      await submit(hand);
    },
    output: {
      facts: {
        entities: [{ label: 'person', startOffset: 0, endOffset: 3 }, { label: 'place', startOffset: 20, endOffset: 24 }],
        relations: [{ label: 'works at', from: 0, to: 1 }],
      },
    },
  },
  {
    name: 'places',
    input: { name: 'the mill' },
    async work(hand, frame) {
      await frame.getByLabel('Latitude').fill('52.5');
      await frame.getByLabel('Latitude').blur();
      await frame.locator('crowd-map').evaluate((map) => map.updateComplete);
      await frame.getByLabel('Longitude').fill('-3.5');
      await label(hand, frame, 'I am here');
      await frame.getByText('52.52000, 13.40000, exact to 12 m').waitFor();
      await submit(hand);
    },
    output: { spot: { latitude: 52.5, longitude: -3.5 }, here: { ...here, at: recently } },
  },
  {
    name: 'pdf-pages',
    input: { paper: 'paper.pdf' },
    async work(hand, frame) {
      await frame.getByRole('status').getByText('Page 1 of 3').waitFor();
      await frame.getByRole('document', { name: 'Page 1 of 3' }).focus();
      await hand.press('1', '2', '1', 'Control+Enter');
    },
    output: { sides: { pageCount: 3, pages: [{ page: 1, label: 'yes' }, { page: 2, label: 'no' }, { page: 3, label: 'yes' }] } },
  },
  {
    name: 'video-classification',
    input: { taskObject: 'clip.webm' },
    async work(hand, frame) {
      await frame.locator('video').evaluate((video) => (video.readyState >= 1 ? null : new Promise((resolve) => video.addEventListener('loadedmetadata', resolve, { once: true }))));
      // One key answers the only question, and goes on.
      await hand.press('1');
    },
    output: { scene: { label: 'street' } },
  },
];

/** What a host elsewhere serves. Its script makes a function of a text, as libraries for templates do. */
export const LIBRARY = {
  'look.css': { contentType: 'text/css', body: '#said { color: rgb(1, 2, 3); }' },
  'shout.js': { contentType: 'text/javascript', body: `window.shout = new Function('text', 'return text.toUpperCase() + "!"')` },
};

/** How a browser that works on these pages has to be set up. */
export const CONTEXT = { geolocation: here, permissions: ['geolocation'] };
