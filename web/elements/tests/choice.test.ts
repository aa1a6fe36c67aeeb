import { describe, expect, test } from 'vitest';
import { openTask } from './support/task.js';

const classifier = `
  <crowd-classifier name="sentiment" header="What is the mood?" categories="['good', 'bad', 'not clear',]">
    <classification-target><p>It rained, and we danced.</p></classification-target>
    <short-instructions><p>Read all of it.</p></short-instructions>
    <full-instructions header="Moods"><p>Good is good.</p></full-instructions>
  </crowd-classifier>`;

describe('crowd-classifier', () => {
  test('by mouse: {name: {label}}', async () => {
    const task = await openTask(`<crowd-form>${classifier}</crowd-form>`);
    await task.frame.getByText('not clear').click();
    await task.frame.getByText('bad', { exact: true }).click();
    await task.shot('classifier-1280');
    await task.accessible();
    expect(await task.submit()).toEqual({ sentiment: { label: 'bad' } });
  });

  test('by keyboard: a number chooses, Enter submits', async () => {
    const task = await openTask(`<crowd-form>${classifier}</crowd-form>`);
    await task.frame.locator('crowd-classifier').waitFor();
    await task.page.locator('iframe').focus();
    await task.page.keyboard.press('3');
    await task.page.keyboard.press('Enter');
    expect(await task.submitted()).toEqual({ sentiment: { label: 'not clear' } });
    expect(await task.messages('key')).toEqual([]);
  });

  test('one key press is a whole answer when form or shell say so', async () => {
    const byForm = await openTask(`<crowd-form submit-on-choice>${classifier}</crowd-form>`);
    await byForm.page.locator('iframe').focus();
    await byForm.page.keyboard.press('1');
    expect(await byForm.submitted()).toEqual({ sentiment: { label: 'good' } });
    const byShell = await openTask(`<crowd-form>${classifier}</crowd-form>`, {
      onReady: { crowdsmith: 'options', submitOnChoice: true },
    });
    await byShell.page.locator('iframe').focus();
    await byShell.page.keyboard.press('2');
    expect(await byShell.submitted()).toEqual({ sentiment: { label: 'bad' } });
  });

  test('a tap is a whole answer too, but a look at the options by arrow keys is not', async () => {
    const task = await openTask(`<crowd-form submit-on-choice>${classifier}</crowd-form>`);
    const option = (name: string) => task.frame.getByRole('radio', { name, exact: true });
    await option('good').focus();
    await task.page.keyboard.press('Space');
    await task.page.keyboard.press('ArrowDown');
    await expect.poll(() => option('bad').isChecked()).toBe(true);
    await task.page.waitForTimeout(300);
    expect(await task.messages('submit')).toEqual([]);
    await task.frame.getByText('not clear', { exact: true }).click();
    expect(await task.submitted()).toEqual({ sentiment: { label: 'not clear' } });
    expect(await task.messages('submit')).toHaveLength(1);
    // Back at it: the same option again means that it is right.
    await task.send({ crowdsmith: 'errors', errors: {} });
    await option('not clear').click();
    await task.waitFor('submit', 2);
  });

  test('of two taps in a row the second counts, once', async () => {
    const task = await openTask(`<crowd-form submit-on-choice>${classifier}</crowd-form>`, { width: 360 });
    await task.frame.evaluate(() => {
      const root = document.querySelector('crowd-classifier')!.shadowRoot!;
      const [first, second] = root.querySelectorAll('label');
      for (const label of [first!, second!]) label.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
    });
    expect(await task.submitted()).toEqual({ sentiment: { label: 'bad' } });
    await task.page.waitForTimeout(300);
    expect(await task.messages('submit')).toHaveLength(1);
  });

  test('a tap does not go on where a comment may be written, nor where more is asked', async () => {
    const commented = `<crowd-image-classifier name="a" header="?" categories="['x', 'y']" src="/files/gradient.png"><worker-comment header="Why?">Say why.</worker-comment></crowd-image-classifier>`;
    const two = classifier.replace('sentiment', 'second').replace('mood', 'reason');
    for (const page of [commented, classifier + two]) {
      const task = await openTask(`<crowd-form submit-on-choice>${page}</crowd-form>`);
      await task.frame.locator('label.option').first().click();
      await task.page.waitForTimeout(400);
      expect(await task.messages('submit')).toEqual([]);
      await task.page.context().close();
    }
  });

  test('options are shuffled by a text, keys follow, and the order is told', async () => {
    const shuffledBy = async (shuffle: string): Promise<{ shown: string[]; submitted: Record<string, unknown> }> => {
      const task = await openTask(`<crowd-form>${classifier}</crowd-form>`, {
        onReady: { crowdsmith: 'options', shuffle, submitOnChoice: true },
      });
      await expect.poll(() => task.frame.locator('.option span').first().isVisible()).toBe(true);
      await task.page.waitForTimeout(100);
      const shown = (await task.frame.locator('.option span').allInnerTexts()).map((text) => text.trim());
      await task.page.locator('iframe').focus();
      await task.page.keyboard.press('1');
      const submitted = await task.waitFor('submit');
      expect(submitted['order']).toEqual({ sentiment: shown });
      expect(submitted['output']).toEqual({ sentiment: { label: shown[0] } });
      return { shown, submitted };
    };
    const orders = [];
    for (const seed of ['a/1', 'a/1', 'a/2', 'b/1', 'b/2', 'c/1']) orders.push((await shuffledBy(seed)).shown.join());
    expect(orders[0]).toBe(orders[1]);
    expect(new Set(orders).size).toBeGreaterThan(2);
  });

  test('with two questions a key submits nothing and goes to the first without an answer', async () => {
    const two = classifier.replace('sentiment', 'second').replace('mood', 'reason');
    const task = await openTask(`<crowd-form submit-on-choice>${classifier}${two}</crowd-form>`);
    await task.page.locator('iframe').focus();
    await task.page.keyboard.press('1');
    await task.page.keyboard.press('2');
    expect(await task.messages('submit')).toEqual([]);
    await task.page.keyboard.press('Enter');
    expect(await task.submitted()).toEqual({ sentiment: { label: 'good' }, second: { label: 'bad' } });
  });

  test('without a choice there is no submission', async () => {
    const task = await openTask(`<crowd-form>${classifier}</crowd-form>`);
    await task.frame.locator('crowd-button').click();
    expect((await task.waitFor('invalid'))['message']).toBe('What is the mood?: Choose a category.');
    await task.frame.getByRole('alert').getByText('Choose a category.').waitFor();
  });

  test('full instructions open in a dialog and close again', async () => {
    const task = await openTask(`<crowd-form>${classifier}</crowd-form>`);
    const text = task.frame.getByText('Good is good.');
    expect(await text.isVisible()).toBe(false);
    await task.frame.getByRole('button', { name: 'Full instructions' }).click();
    await task.frame.getByRole('dialog', { name: 'Moods' }).waitFor();
    expect(await text.isVisible()).toBe(true);
    await task.frame.getByRole('button', { name: 'Close' }).click();
    expect(await text.isVisible()).toBe(false);
  });

  test('on a phone, in the dark', async () => {
    const task = await openTask(`<crowd-form>${classifier}</crowd-form>`, { width: 360, height: 720, dark: true });
    await task.frame.getByText('good', { exact: true }).tap();
    await task.shot('classifier-360-dark');
    const wide = await task.frame.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wide).toBe(false);
    await task.accessible();
    expect(await task.submit()).toEqual({ sentiment: { label: 'good' } });
  });

  test('a change event carries the category, and scripts find the places they know', async () => {
    const task = await openTask(`<crowd-form>${classifier}<p id="seen"></p></crowd-form>
      <script>document.addEventListener('all-crowd-elements-ready', () => {
        const element = document.querySelector('crowd-classifier');
        element.addEventListener('change', (event) => { document.getElementById('seen').textContent += event.target.value + ';'; });
        const card = document.createElement('crowd-card');
        card.textContent = 'More questions';
        element.shadowRoot.querySelector('.annotation-area .category-picker-wrapper').insertAdjacentElement('afterend', card);
        element.shadowRoot.querySelector('.awsui-app-layout__navigation').style.width = '400px';
        element.shadowRoot.querySelector('.awsui-modal-dialog').style.maxWidth = '90%';
      });</script>`);
    await task.frame.getByText('More questions').waitFor();
    await task.frame.getByText('bad', { exact: true }).click();
    await task.frame.getByText('good', { exact: true }).click();
    expect(await task.frame.locator('#seen').innerText()).toBe('bad;good;');
    expect(await task.messages('problem')).toEqual([]);
  });

  test('scripts read and set value and categories', async () => {
    const task = await openTask(`<crowd-form>${classifier}</crowd-form>
      <script>document.addEventListener('all-crowd-elements-ready', () => {
        const element = document.querySelector('crowd-classifier');
        element.categories = ['new', 'newer'];
        element.value = { label: 'newer' };
      });</script>`);
    await task.frame.getByText('newer').waitFor();
    expect(await task.submit()).toEqual({ sentiment: { label: 'newer' } });
  });
});

describe('crowd-classifier-multi-select', () => {
  const page = `<crowd-form><crowd-classifier-multi-select name="topics" header="Topics"
    categories='["sport", "art", "law"]' exclusion-category="{ text: 'None of the above' }">
    <classification-target>A text</classification-target></crowd-classifier-multi-select></crowd-form>`;

  test('gives the labels in the order of the categories', async () => {
    const task = await openTask(page);
    await task.frame.getByText('law').click();
    await task.frame.getByText('sport').click();
    expect(await task.submit()).toEqual({ topics: { labels: ['sport', 'law'] } });
  });

  test('the exclusion category clears the others and gives an empty list', async () => {
    const task = await openTask(page);
    await task.page.locator('iframe').focus();
    await task.page.keyboard.press('2');
    await task.page.keyboard.press('4');
    expect(await task.frame.getByRole('checkbox', { name: 'art' }).isChecked()).toBe(false);
    await task.page.keyboard.press('Enter');
    expect(await task.submitted()).toEqual({ topics: { labels: [] } });
  });

  test('nothing chosen is no answer; a draft of the exclusion category comes back', async () => {
    const task = await openTask(page);
    await task.frame.locator('crowd-button').click();
    await task.waitFor('invalid');
    await task.send({ crowdsmith: 'restore', output: { topics: { labels: [] } } });
    await expect.poll(() => task.frame.getByRole('checkbox', { name: 'None of the above' }).isChecked()).toBe(true);
  });
});

describe('crowd-image-classifier', () => {
  const page = (attributes = '', inside = ''): string => `<crowd-form><crowd-image-classifier name="animal"
    src="/files/gradient.png" header="Which animal?" categories="['cat', 'dog']" ${attributes}>${inside}
    <short-instructions>Look closely.</short-instructions></crowd-image-classifier></crowd-form>`;

  test('gives {label}, the comment only when there is one', async () => {
    const comment = `<worker-comment header="Why?" link-text="Say why" placeholder="because">In short.</worker-comment>`;
    const without = await openTask(page('', comment));
    await without.frame.getByText('dog').click();
    await without.shot('image-classifier-1280');
    expect(await without.submit()).toEqual({ animal: { label: 'dog' } });

    const task = await openTask(page('', comment));
    await task.frame.getByText('cat').click();
    await task.frame.getByText('Say why').click();
    await task.frame.getByText('In short.').waitFor();
    await task.frame.getByRole('textbox', { name: 'Why?' }).fill('It purrs ');
    await task.shot('worker-comment-1280');
    await task.accessible();
    await task.frame.getByRole('button', { name: 'Close' }).click();
    expect(await task.submit()).toEqual({ animal: { label: 'cat', workerComment: 'It purrs' } });
  });

  test('a picture that is not there is named', async () => {
    const task = await openTask(page().replace('gradient', 'missing'));
    await task.frame.getByText(/could not be loaded: .*missing.png/).waitFor();
  });

  test('multi-select', async () => {
    const task = await openTask(
      page('', '').replaceAll('crowd-image-classifier', 'crowd-image-classifier-multi-select'),
      { width: 360, height: 740 },
    );
    await task.frame.getByText('dog').tap();
    await task.frame.getByText('cat').tap();
    await task.shot('image-multi-360');
    expect(await task.submit()).toEqual({ animal: { labels: ['cat', 'dog'] } });
  });
});

describe('Augmented AI', () => {
  const categories = `[{ name: "Gore", parentName: "Violence", }, { name: "Weapons", parentName: "Violence" },]`;
  const moderation = (list: string): string => `<crowd-form><crowd-rekognition-detect-moderation-labels
    src="/files/gradient.png" header="Which apply?" categories='${list}' exclusion-category="{text: 'None'}">
    </crowd-rekognition-detect-moderation-labels></crowd-form>`;
  const key = 'AWS/Rekognition/DetectModerationLabels/Image/V3';

  test('moderation labels come back as the page gave them', async () => {
    const objects = await openTask(moderation(categories));
    await objects.frame.getByText('Weapons').click();
    await objects.shot('moderation-1280');
    expect(await objects.submit()).toEqual({
      [key]: { ModerationLabels: [{ name: 'Weapons', parentName: 'Violence' }] },
    });
    const texts = await openTask(moderation(`["a", "b"]`));
    await texts.page.locator('iframe').focus();
    await texts.page.keyboard.press('1');
    expect(await texts.submit()).toEqual({ [key]: { ModerationLabels: ['a'] } });
    const none = await openTask(moderation(categories));
    await none.frame.getByText('None').click();
    expect(await none.submit()).toEqual({ [key]: { ModerationLabels: [] } });
  });

  test('keys and values of a document are corrected and added', async () => {
    const word = (id: string, text: string): object => ({ blockType: 'WORD', id, text });
    const side = (id: string, type: string, relationships: object[]): object => ({
      blockType: 'KEY_VALUE_SET',
      id,
      confidence: 91.6,
      entityTypes: [type],
      relationships,
      geometry: {
        polygon: [
          { x: 0.1, y: 0.1 },
          { x: 0.5, y: 0.1 },
          { x: 0.5, y: 0.2 },
          { x: 0.1, y: 0.2 },
        ],
      },
    });
    const blocks = [
      word('w1', 'Full'),
      word('w2', 'name:'),
      word('w3', 'Jame'),
      side('k', 'KEY', [
        { type: 'VALUE', ids: ['v'] },
        { type: 'CHILD', ids: ['w1', 'w2'] },
      ]),
      side('v', 'VALUE', [{ type: 'CHILD', ids: ['w3'] }]),
    ];
    const task = await openTask(`<crowd-form><crowd-textract-analyze-document src="/files/gradient.png"
      header="Correct the values" initialValue='${JSON.stringify(blocks)}' keys="[{importantFormKey: 'City'}]" no-key-edit no-geometry-edit
      block-types='["KEY_VALUE_SET"]'></crowd-textract-analyze-document></crowd-form>`);
    await task.frame.getByLabel('Value of Full name:').fill('Jane');
    await task.frame.getByLabel('Value of Full name:').blur();
    await task.frame.getByText('Add City').click();
    await task.frame.getByLabel('Value of City').fill('Rome');
    await task.shot('textract-1280');
    await task.accessible();
    // The field still has the focus.
    await task.frame.getByLabel('Value of City').press('Control+Enter');
    const output = (await task.submitted()) as Record<string, { blocks: unknown[] }>;
    expect(output['AWS/Textract/AnalyzeDocument/Forms/V1']!.blocks).toEqual([
      ...blocks.slice(0, 4),
      { ...blocks[4], text: 'Jane' },
      {
        blockType: 'KEY_VALUE_SET',
        id: 'added-1',
        entityTypes: ['KEY'],
        relationships: [{ type: 'VALUE', ids: ['added-1-value'] }],
        text: 'City',
      },
      { blockType: 'KEY_VALUE_SET', id: 'added-1-value', entityTypes: ['VALUE'], text: 'Rome' },
    ]);
  });
});
