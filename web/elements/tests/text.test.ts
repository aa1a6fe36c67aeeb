import { describe, expect, test } from 'vitest';
import { Offsets, piecesOf, trimmed } from '../src/text/spans.js';
import { openTask, type Task } from './support/task.js';

describe('offsets and pieces', () => {
  test('count code points, not UTF-16 units', () => {
    const offsets = new Offsets('a😀b');
    expect([0, 1, 3, 4].map((unit) => offsets.toPoints(unit))).toEqual([0, 1, 2, 3]);
    expect([0, 1, 2, 3, 99, -1].map((point) => offsets.toUnits(point))).toEqual([0, 1, 3, 4, 4, 0]);
  });

  test('pieces of overlapping spans put the shortest last', () => {
    const [outer, inner] = [
      { start: 0, end: 6, label: 'outer' },
      { start: 4, end: 8, label: 'inner' },
    ];
    expect(piecesOf(10, [inner, outer])).toEqual([
      { start: 0, end: 4, spans: [outer] },
      { start: 4, end: 6, spans: [outer, inner] },
      { start: 6, end: 8, spans: [inner] },
      { start: 8, end: 10, spans: [] },
    ]);
  });

  test('white space at the ends is left out', () => {
    expect(trimmed(' ab ', 0, 4)).toEqual({ start: 1, end: 3 });
    expect(trimmed('   ', 0, 3)).toBeNull();
  });
});

const text = 'In 😀 1815 Ada Lovelace was born in London.';
const labels = `[{'label': 'person', shortDisplayName: 'per', fullDisplayName: 'Person'}, {label: 'place'}, 'date',]`;
const entity = (attributes = '', inside = ''): string =>
  `<crowd-entity-annotation name="found" header="Who and where?" labels="${labels}" text="${text}" ${attributes}>
   <short-instructions>Mark names.</short-instructions>${inside}</crowd-entity-annotation>`;

/** Drags over the given words with the mouse. */
async function selectText(task: Task, words: string): Promise<void> {
  const box = await task.frame.evaluate((wanted) => {
    const pieces = [...document.querySelector('[text]')!.shadowRoot!.querySelectorAll('[data-start]')];
    const piece = pieces.find((element) => element.textContent!.includes(wanted))!;
    const range = document.createRange();
    const start = piece.textContent!.indexOf(wanted);
    const node = [...piece.childNodes].find((child) => child.nodeType === Node.TEXT_NODE)!;
    range.setStart(node, start);
    range.setEnd(node, start + wanted.length);
    const { left, right, top, height } = range.getBoundingClientRect();
    return { left, right, y: top + height / 2 };
  }, words);
  await task.page.mouse.move(box.left + 1, box.y);
  await task.page.mouse.down();
  await task.page.mouse.move(box.right - 1, box.y, { steps: 4 });
  await task.page.mouse.up();
}

const sorted = [
  { startOffset: 10, endOffset: 22, label: 'person' },
  { startOffset: 35, endOffset: 41, label: 'place' },
];

describe('crowd-entity-annotation', () => {
  test('by mouse: a label, then text; its own submit button; code points', async () => {
    const task = await openTask(entity());
    await task.frame.getByRole('button', { name: 'place' }).click();
    await selectText(task, 'London');
    await task.frame.getByRole('button', { name: 'Person', exact: true }).click();
    await selectText(task, 'Ada Lovelace');
    await task.shot('entity-1280');
    await task.accessible();
    expect(await task.submit()).toEqual({ found: { entities: sorted } });
  });

  test('by keyboard: arrows, Shift, a number, Delete, undo', async () => {
    const task = await openTask(entity());
    const box = task.frame.getByRole('group', { name: 'Text to annotate' });
    await box.focus();
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await task.page.keyboard.press(key);
    };
    // In, 1815, Ada, + Lovelace
    await press('ArrowRight', 'ArrowRight', 'ArrowRight', 'Shift+ArrowRight', '1');
    await press('End', '2');
    await press('Home', '3', 'Home', 'Delete');
    await press('End', 'Delete', 'Control+z');
    await task.page.keyboard.press('Control+Enter');
    expect(await task.submitted()).toEqual({ found: { entities: sorted } });
  });

  test('initial values, overlapping ones, removal and relabelling', async () => {
    const initial = `[{label: 'person', startOffset: 10, endOffset: 22}, {label: 'date', startOffset: 5, endOffset: 13}]`;
    const task = await openTask(entity(`initial-value="${initial}"`));
    await task.frame.getByRole('button', { name: 'Remove date: 1815 Ada' }).waitFor();
    await task.frame.getByRole('button', { name: 'per Ada Lovelace' }).click();
    await task.frame.getByRole('button', { name: 'place', exact: true }).click();
    await task.frame.getByRole('button', { name: 'Remove date: 1815 Ada' }).click();
    expect(await task.submit()).toEqual({ found: { entities: [{ startOffset: 10, endOffset: 22, label: 'place' }] } });
  });

  test('additional questions join the output, moved by a script as in the documentation or left in place', async () => {
    const questions = `<div id="additionalQuestions"><h3>Subject?</h3><crowd-radio-group>
      <crowd-radio-button name="tech" value="yes">Technology</crowd-radio-button>
      <crowd-radio-button name="life" value="yes">Life</crowd-radio-button></crowd-radio-group></div>`;
    const script = `<script>document.addEventListener('all-crowd-elements-ready', () => {
      document.querySelector('crowd-entity-annotation').shadowRoot.querySelector('crowd-form').form
        .appendChild(additionalQuestions); });</script>`;
    for (const page of [entity('', questions), entity('', questions) + script]) {
      const task = await openTask(page);
      await task.frame.getByText('Life').click();
      expect(await task.submit()).toEqual({ found: { entities: [] }, tech: { yes: false }, life: { yes: true } });
    }
  });

  test('drafts go out and come back', async () => {
    const output = { found: { entities: sorted } };
    const task = await openTask(entity(), { onReady: { crowdsmith: 'restore', output } });
    await task.frame.getByRole('button', { name: 'Remove place: London' }).waitFor();
    expect(await task.submit()).toEqual(output);
  });

  test('on a phone: select, then press the label', async () => {
    const task = await openTask(entity(), { width: 360, height: 740 });
    await task.frame.evaluate(() => {
      const pieces = document.querySelector('crowd-entity-annotation')!.shadowRoot!.querySelector('[data-start]')!;
      const node = [...pieces.childNodes].find((child) => child.nodeType === Node.TEXT_NODE)!;
      const start = pieces.textContent!.indexOf('London');
      getSelection()!.setBaseAndExtent(node, start, node, start + 6);
    });
    await task.frame.getByRole('button', { name: 'place' }).tap();
    await task.shot('entity-360');
    expect(await task.submit()).toEqual({ found: { entities: [sorted[1]] } });
  });
});

test('crowd-relation-annotation', async () => {
  const initial = `[{label: 'person', startOffset: 10, endOffset: 22}, {label: 'place', startOffset: 35, endOffset: 41}]`;
  const task = await openTask(`<crowd-form><crowd-relation-annotation name="graph" text="${text}" labels="${labels}"
    header="Who was born where?" relations="['born in', 'lived in']" initial-value="${initial}"></crowd-relation-annotation></crowd-form>`);
  await task.frame.getByLabel('Relations').last().selectOption('born in');
  await task.frame.getByText('Add relation').click();
  await task.frame.getByText('Ada Lovelace — born in → London').waitFor();
  await task.shot('relation-1280');
  await task.accessible();
  const output = { graph: { entities: sorted, relations: [{ label: 'born in', from: 0, to: 1 }] } };
  expect(await task.submit()).toEqual(output);
  const again = await openTask(
    `<crowd-form><crowd-relation-annotation name="graph" text="${text}" labels="${labels}" relations="['born in']"></crowd-relation-annotation></crowd-form>`,
    { onReady: { crowdsmith: 'restore', output } },
  );
  await again.frame.getByText('Ada Lovelace — born in → London').waitFor();
  await again.frame.getByRole('button', { name: 'Remove place: London' }).click();
  expect(await again.submit()).toEqual({ graph: { entities: [sorted[0]], relations: [] } });
});

describe('crowd-text-ranking', () => {
  const page = `<crowd-form><crowd-text-ranking name="rank" header="Rank them" text="Why is the sky blue?"
    responses='["Because of scattering.", "It is not."]'
    ordinal-ranking-dimensions='[{"name":"Clarity","allowTie":true},{"name":"Truth","allowTie":false}]'>
    </crowd-text-ranking></crowd-form>`;

  test('gives a place to every response on every scale', async () => {
    const task = await openTask(page, { script: 'crowd-html-elements-v2.js' });
    const choose = (scale: string, response: number, place: number): Promise<void> =>
      task.frame
        .getByRole('group', { name: `${scale}, Response ${response}` })
        .getByRole('radio')
        .nth(place - 1)
        .check();
    await choose('Clarity', 1, 1);
    await choose('Clarity', 2, 1);
    await choose('Truth', 1, 1);
    await choose('Truth', 2, 1);
    await task.frame.locator('crowd-button').click();
    expect((await task.waitFor('invalid'))['message']).toContain('Truth: two responses share a place');
    await choose('Truth', 2, 2);
    await task.shot('text-ranking-1280');
    await task.accessible();
    expect(await task.submit()).toEqual({ rank: { Clarity: [1, 1], Truth: [1, 2] } });
  });
});

test('crowd-question-answer-generation', async () => {
  const task =
    await openTask(`<crowd-form><crowd-question-answer-generation name="qa" header="Ask" text="Paris is in France."
    min-questions="2" max-questions="2" question-min-words="3" answer-max-words="4" question-tags='["where", "who"]'
    allow-custom-question-tags></crowd-question-answer-generation></crowd-form>`);
  const { frame } = task;
  await frame.getByLabel('Question 1', { exact: true }).fill('Where is Paris?');
  await frame.getByLabel('Answer 1', { exact: true }).fill('In France');
  await frame.getByRole('button', { name: 'where' }).click();
  await frame.getByPlaceholder('Another tag').fill('map');
  await frame.getByPlaceholder('Another tag').press('Enter');
  await frame.locator('crowd-button').click();
  expect((await task.waitFor('invalid'))['message']).toBe('Ask: Write at least 2 questions.');
  await frame.getByText('Add a question').click();
  await frame.getByLabel('Question 2', { exact: true }).fill('What else?');
  await frame.getByLabel('Answer 2', { exact: true }).fill('Nothing');
  await frame.locator('crowd-button').click();
  expect((await task.waitFor('invalid', 2))['message']).toBe('Ask: Question 2 needs at least 3 words and has 2.');
  await frame.getByLabel('Question 2', { exact: true }).fill('What else is there?');
  await task.shot('question-answer-1280');
  await task.accessible();
  expect(await task.submit()).toEqual({
    qa: {
      questions: [
        { question: 'Where is Paris?', answer: 'In France', tags: ['where', 'map'] },
        { question: 'What else is there?', answer: 'Nothing', tags: [] },
      ],
    },
  });
});

test('crowd-question-answer-generation beside a hidden form, without a name', async () => {
  const task = await openTask(
    `<crowd-form id="qa" style="display: none"></crowd-form>
     <crowd-question-answer-generation crowd-form-element-id="qa" text="Paris." question-tags='["where"]'
       allow-custom-tags="true" instructions="- Ask one question"></crowd-question-answer-generation>`,
    { script: 'crowd-html-elements-v2.js' },
  );
  await task.frame.getByText('- Ask one question').waitFor();
  await task.frame.getByRole('button', { name: 'Submit' }).click();
  expect((await task.waitFor('invalid'))['message']).toContain('Write at least one question.');
  await task.frame.getByLabel('Question 1', { exact: true }).fill('What?');
  await task.frame.getByLabel('Answer 1', { exact: true }).fill('Paris');
  await task.frame.getByRole('button', { name: 'Submit' }).click();
  expect(await task.submitted()).toEqual({
    'crowd-question-answer-generation': { questions: [{ question: 'What?', answer: 'Paris', tags: [] }] },
  });
});
