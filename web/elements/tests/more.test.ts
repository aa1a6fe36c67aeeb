import { describe, expect, test } from 'vitest';
import { fold, readTree, searchTree } from '../src/more/taxonomy-tree.js';
import { openTask, type Task } from './support/task.js';

const form = (inside: string): string => `<crowd-form>${inside}</crowd-form>`;
const keys = async (task: Task, ...names: string[]): Promise<void> => {
  for (const name of names) await task.page.keyboard.press(name);
};

describe('crowd-rating', () => {
  const page = form(
    `<crowd-rating name="stars" header="How good?" required labels="['bad','poor','fair','good','great']"></crowd-rating>`,
  );

  test('by mouse', async () => {
    const task = await openTask(page);
    await task.frame.locator('crowd-button').click();
    await task.waitFor('invalid');
    await task.frame.getByTitle('good').click();
    await task.shot('rating-1280');
    await task.accessible();
    expect(await task.submit()).toEqual({ stars: 4 });
  });

  test('by keyboard', async () => {
    const task = await openTask(page);
    await task.page.locator('iframe').focus();
    await keys(task, '9', '3', 'Enter');
    expect(await task.submitted()).toEqual({ stars: 3 });
  });
});

describe('crowd-ranking', () => {
  const page = form(
    `<crowd-ranking name="order" header="Best first" required items="['a', 'b', 'c']"></crowd-ranking>`,
  );

  test('by keyboard', async () => {
    const task = await openTask(page);
    await task.frame.locator('crowd-button').click();
    expect((await task.waitFor('invalid'))['message']).toContain('Put the entries in order');
    await task.frame.getByRole('listitem', { name: 'c, place 3 of 3' }).focus();
    await keys(task, 'ArrowUp', 'ArrowUp');
    await task.accessible();
    expect(await task.submit()).toEqual({ order: { ranking: ['c', 'a', 'b'] } });
  });

  test('by dragging, by buttons, or as it is', async () => {
    const task = await openTask(page);
    const from = (await task.frame.getByRole('listitem', { name: /^a/ }).boundingBox())!;
    const to = (await task.frame.getByRole('listitem', { name: /^c/ }).boundingBox())!;
    await task.page.mouse.move(from.x + 60, from.y + 20);
    await task.page.mouse.down();
    await task.page.mouse.move(to.x + 60, to.y + 40, { steps: 6 });
    await task.shot('ranking-1280');
    await task.page.mouse.up();
    await task.frame.getByRole('button', { name: 'Move c up' }).click();
    expect(await task.submit()).toEqual({ order: { ranking: ['c', 'b', 'a'] } });
    const asItIs = await openTask(page);
    await asItIs.frame.getByText('This order is right').click();
    expect(await asItIs.submit()).toEqual({ order: { ranking: ['a', 'b', 'c'] } });
  });
});

describe('crowd-comparison', () => {
  const page = (attributes = ''): string =>
    form(`<crowd-comparison name="better" header="Which answer is better?" ${attributes}><p>What is 2 + 2?</p>
      <first-option>It is 4.</first-option><second-option>It is 5, and a rather long text about why.</second-option></crowd-comparison>`);

  test('by mouse, with a tie', async () => {
    const task = await openTask(page());
    await task.frame.getByText('Both are equally good').click();
    await task.shot('comparison-1280');
    await task.accessible();
    expect(await task.submit()).toEqual({ better: { choice: 'tie' } });
  });

  test('by keyboard, without ties', async () => {
    const task = await openTask(page('no-tie'), { width: 360, height: 700 });
    await task.page.locator('iframe').focus();
    await keys(task, '2', '3');
    await task.shot('comparison-360');
    await keys(task, 'Enter');
    expect(await task.submitted()).toEqual({ better: { choice: 'second' } });
  });
});

test('crowd-consent', async () => {
  const task = await openTask(
    form(`<crowd-consent name="consent" header="Your data" version="3"><p>We keep nothing.</p></crowd-consent>`),
  );
  await task.frame.locator('crowd-button').click();
  expect((await task.waitFor('invalid'))['message']).toBe('Your data: To go on you have to agree.');
  await task.frame.getByRole('checkbox').press('Space');
  await task.accessible();
  const { consent } = (await task.submit()) as { consent: { at: string } };
  expect(consent).toEqual({ agreed: true, version: '3', at: expect.any(String) as string });
  expect(Math.abs(Date.now() - Date.parse(consent.at))).toBeLessThan(60_000);
  const old = await openTask(form(`<crowd-consent name="consent" header="Your data" version="4"></crowd-consent>`), {
    onReady: { crowdsmith: 'restore', output: { consent } },
  });
  await old.frame.locator('crowd-button').click();
  await old.waitFor('invalid');
});

describe('crowd-likert', () => {
  const page = form(`<crowd-likert name="survey" header="How true is this?" required
    statements="[{id: 'easy', text: 'It was easy.'}, 'I would do it again.']"
    scale="['not at all', 'hardly', 'partly', 'mostly', 'fully']"></crowd-likert>`);

  test('by mouse and number keys', async () => {
    const task = await openTask(page);
    await task.frame.getByRole('radio', { name: 'It was easy.: mostly' }).check();
    await task.frame.locator('crowd-button').click();
    expect((await task.waitFor('invalid'))['message']).toContain('One row has no answer.');
    await task.frame.getByRole('radio', { name: 'I would do it again.: fully' }).focus();
    await keys(task, '2');
    await task.shot('likert-1280');
    await task.accessible();
    expect(await task.submit()).toEqual({ survey: { easy: 4, 'I would do it again.': 2 } });
  });

  test('on a phone', async () => {
    const task = await openTask(page, { width: 360, height: 800 });
    await task.frame.locator('td', { hasText: 'partly' }).first().tap();
    await task.frame.getByText('fully').last().tap();
    await task.shot('likert-360');
    expect(await task.frame.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await task.accessible();
    expect(await task.submit()).toEqual({ survey: { easy: 3, 'I would do it again.': 5 } });
  });
});

test('crowd-json', async () => {
  const task = await openTask(form(`<crowd-json name="data" header="The record" keys="['id']" required></crowd-json>`));
  const field = task.frame.getByRole('textbox', { name: 'The record' });
  const refused = async (text: string, count: number): Promise<unknown> => {
    await field.fill(text);
    await task.frame.locator('crowd-button').click();
    return (await task.waitFor('invalid', count))['message'];
  };
  expect(await refused('', 1)).toBe('The record: This question needs an answer.');
  expect(await refused('{"a": [1', 2)).toMatch(/This is not JSON yet: a bracket is never closed .*line 1, column 9/);
  expect(await refused('{"a": 1}', 3)).toBe('The record: Missing: id.');
  await field.fill(`{id: 7, 'list': [true,]}`);
  await field.blur();
  expect(await field.inputValue()).toBe(JSON.stringify({ id: 7, list: [true] }, null, 2));
  await task.accessible();
  expect(await task.submit()).toEqual({ data: { id: 7, list: [true] } });
});

describe('crowd-taxonomy', () => {
  test('trees are read in all their forms and searched without case and accents', () => {
    const nested = readTree([{ name: 'A', id: 1, children: [{ name: 'B' }, 'C'] }]);
    expect(nested.map(({ id, path, parent }) => ({ id, path, parent }))).toEqual([
      { id: '1', path: ['A'], parent: -1 },
      { id: 'A > B', path: ['A', 'B'], parent: 0 },
      { id: 'A > C', path: ['A', 'C'], parent: 0 },
    ]);
    const ids = (tree: unknown): string[] => readTree(tree).map(({ id }) => id);
    expect(ids({ A: { B: {}, C: [] } })).toEqual(['A', 'A > B', 'A > C']);
    expect(ids(['A > B', 'A > C'])).toEqual(['A', 'A > B', 'A > C']);
    expect(fold('Café')).toBe('cafe');
    const drinks = readTree(['Drinks > Café > Espresso', 'Food > Cake']);
    expect(searchTree(drinks, 'CAFE').map((index) => drinks[index]!.name)).toEqual(['Café', 'Espresso']);
    expect(searchTree(drinks, 'drinks esp').map((index) => drinks[index]!.name)).toEqual(['Espresso']);
    expect(() => readTree('text')).toThrow(/a list of categories is wanted/);
  });

  const many = JSON.stringify(
    Array.from({ length: 40 }, (_, group) => ({
      name: `Group ${group}`,
      children: Array.from({ length: 100 }, (_, leaf) => ({ name: `Thing ${group}-${leaf}`, id: `t${group}.${leaf}` })),
    })),
  );
  const page = (attributes = ''): string =>
    form(`<crowd-taxonomy name="kind" header="What is it?" required ${attributes} nodes='${many}'></crowd-taxonomy>`);

  test('by search and keyboard, among 4,040 nodes', async () => {
    const task = await openTask(page());
    await task.frame.getByLabel('Search the categories').fill('thing 17-42');
    await task.frame.getByText('1 category found').waitFor();
    await task.frame.getByLabel('Search the categories').press('Enter');
    await task.shot('taxonomy-1280');
    await task.accessible();
    expect(await task.submit()).toEqual({ kind: { id: 't17.42', path: ['Group 17', 'Thing 17-42'] } });
  });

  test('by opening branches with the arrow keys', async () => {
    const task = await openTask(page('multiple leaves-only'));
    await task.frame.getByRole('treeitem', { name: 'Group 0' }).focus();
    await keys(task, 'ArrowDown', 'ArrowRight', 'ArrowDown', 'Enter', 'ArrowDown', 'Space', 'ArrowLeft', 'ArrowLeft');
    await task.frame.getByRole('treeitem', { name: 'Group 2', exact: true }).click();
    await task.frame.getByText('Thing 2-1', { exact: true }).click();
    await task.frame.getByRole('button', { name: 'Remove Group 1 › Thing 1-1' }).click();
    expect(await task.submit()).toEqual({
      kind: {
        selected: [
          { id: 't1.0', path: ['Group 1', 'Thing 1-0'] },
          { id: 't2.1', path: ['Group 2', 'Thing 2-1'] },
        ],
      },
    });
  });
});
