import { describe, expect, test } from 'vitest';
import { openTask } from './support/task.js';

const form = (inside: string): string => `<crowd-form>${inside}</crowd-form>`;

describe('crowd-checkbox', () => {
  test('boxes of one name join in one object', async () => {
    const task = await openTask(
      form(`<div><crowd-checkbox name="image_attributes" value="blurry"> Blurry </crowd-checkbox></div>
        <div><crowd-checkbox name="image_attributes" value="dim"> Too Dim </crowd-checkbox></div>
        <div><crowd-checkbox name="image_attributes" value="exposed"> Too Bright </crowd-checkbox></div>`),
    );
    await task.frame.getByText('Blurry').click();
    await task.frame.getByRole('checkbox', { name: 'Too Dim' }).focus();
    await task.page.keyboard.press('Space');
    await task.accessible();
    expect(await task.submit()).toEqual({ image_attributes: { blurry: true, dim: true, exposed: false } });
  });

  test('checked, disabled, the value "on", properties for scripts', async () => {
    const task = await openTask(
      form(`<crowd-checkbox name="a" checked>A</crowd-checkbox> <crowd-checkbox name="b" value="v" disabled>B</crowd-checkbox>
        <crowd-checkbox name="c" checked="false">C</crowd-checkbox>`),
    );
    await task.frame.getByText('B', { exact: true }).click({ force: true });
    const checked = await task.frame.evaluate(() =>
      [...document.querySelectorAll('crowd-checkbox')].map((box) => (box as unknown as { checked: boolean }).checked),
    );
    expect(checked).toEqual([true, false, false]);
    expect(await task.submit()).toEqual({ a: { on: true }, b: { v: false }, c: { on: false } });
  });
});

describe('crowd-radio-group', () => {
  test('its buttons change places when the shell shuffles, and the order is told', async () => {
    const buttons = ['a', 'b', 'c', 'd', 'e', 'f'].map(
      (value) => `<crowd-radio-button name="q" value="${value}">${value}</crowd-radio-button>`,
    );
    const task = await openTask(form(`<crowd-radio-group>${buttons.join('\n')}</crowd-radio-group>`), {
      onReady: { crowdsmith: 'options', shuffle: 'worker/task' },
    });
    await expect.poll(() => task.frame.locator('crowd-radio-button').allInnerTexts()).not.toEqual([...'abcdef']);
    const shown = await task.frame.locator('crowd-radio-button').allInnerTexts();
    await task.frame.getByRole('radio', { name: 'b' }).check();
    expect(await task.submit()).toMatchObject({ q: { a: false, b: true } });
    expect((await task.waitFor('submit'))['order']).toEqual({ q: shown });
  });

  const group = `<crowd-radio-group><crowd-radio-button name="btn1" value="yes">Yes</crowd-radio-button>
    <crowd-radio-button name="btn2" value="no">No</crowd-radio-button></crowd-radio-group>`;

  test('one of them, by mouse and by arrow keys', async () => {
    const task = await openTask(form(group));
    await task.frame.getByText('No').click();
    await task.frame.getByText('Yes').click();
    expect(await task.submit()).toEqual({ btn1: { yes: true }, btn2: { no: false } });
    const keys = await openTask(form(group));
    await keys.frame.getByRole('radio', { name: 'Yes' }).focus();
    await keys.page.keyboard.press('ArrowDown');
    await keys.page.keyboard.press('ArrowDown');
    await keys.page.keyboard.press('ArrowUp');
    await keys.accessible();
    expect(await keys.submit()).toEqual({ btn1: { yes: false }, btn2: { no: true } });
  });

  test('Tab reaches one button of a group only', async () => {
    const task = await openTask(form(group));
    await task.page.locator('iframe').focus();
    const reached = async (): Promise<string> => {
      await task.page.keyboard.press('Tab');
      return task.frame.evaluate(() => document.activeElement!.localName);
    };
    expect([await reached(), await reached()]).toEqual(['crowd-radio-button', 'crowd-button']);
  });

  test('may be required; buttons without a group are independent', async () => {
    const task = await openTask(
      form(`${group.replace('<crowd-radio-group', '<crowd-radio-group required')}
        <crowd-radio-button name="q" value="a">Alpha</crowd-radio-button><crowd-radio-button name="q" value="b">Beta</crowd-radio-button>`),
    );
    await task.frame.locator('crowd-button').click();
    await task.waitFor('invalid');
    await task.frame.getByText('This question needs an answer.').waitFor();
    for (const name of ['Yes', 'Alpha', 'Beta']) await task.frame.getByRole('radio', { name }).check();
    expect(await task.submit()).toEqual({ btn1: { yes: true }, btn2: { no: false }, q: { a: true, b: true } });
  });
});

test('crowd-toggle-button', async () => {
  const task = await openTask(
    form(`<crowd-toggle-button name="theToggler">Light</crowd-toggle-button>
      <crowd-toggle-button name="other" value="power" checked invalid>Power</crowd-toggle-button>`),
  );
  await task.frame.getByRole('switch', { name: 'Light' }).click();
  await task.frame.getByRole('switch', { name: 'Power' }).press('Space');
  await task.shot('toggle-1280');
  await task.accessible();
  expect(await task.submit()).toEqual({ theToggler: { on: true }, other: { power: false } });
});

describe('crowd-input', () => {
  test('gives its text, nothing when empty', async () => {
    const task = await openTask(
      form(`<crowd-input name="tag1" label="Word/phrase 1"></crowd-input>
        <crowd-input name="tag2" label="Word/phrase 2" value="red" max-length="5"></crowd-input>
        <crowd-input name="tag3" placeholder="Word 3"></crowd-input>
        <crowd-input name="when" type="date" label="Day"></crowd-input>`),
    );
    await task.frame.getByLabel('Word/phrase 2').fill('');
    await task.frame.getByLabel('Word/phrase 2').pressSequentially('orange');
    await task.frame.getByLabel('Day').fill('2026-02-03');
    await task.accessible();
    expect(await task.submit()).toEqual({ tag2: 'orang', when: '2026-02-03' });
  });

  test('auto-validate ignores other characters and says why', async () => {
    const task = await openTask(
      form(
        `<crowd-input name="n" label="Digits" allowed-pattern="[0-9]" auto-validate error-message="Only digits" min-length="3"></crowd-input>`,
      ),
    );
    await task.frame.getByLabel('Digits').pressSequentially('1a');
    await task.frame.getByText('Only digits').waitFor();
    await task.frame.getByLabel('Digits').pressSequentially('2');
    await task.frame.locator('crowd-button').click();
    expect((await task.waitFor('invalid'))['message']).toBe('Digits: Only digits');
    await task.frame.getByLabel('Digits').pressSequentially('3');
    expect(await task.submit()).toEqual({ n: '123' });
  });

  test('auto-focus, disabled, and a wrong address', async () => {
    const task = await openTask(
      form(`<crowd-input name="off" value="kept" disabled label="Off"></crowd-input>
        <crowd-input name="mail" type="email" label="Mail" auto-focus></crowd-input>`),
    );
    expect(await task.frame.evaluate(() => document.activeElement!.getAttribute('name'))).toBe('mail');
    await task.page.keyboard.type('nobody');
    await task.frame.locator('crowd-button').click();
    expect((await task.waitFor('invalid'))['message']).toMatch(/^Mail: .*@/);
    await task.frame.getByLabel('Mail').fill('a@b.org');
    expect(await task.submit()).toEqual({ off: 'kept', mail: 'a@b.org' });
  });

  test('a file goes to the shell, its stored name into the output', async () => {
    const answer = `const { crowdsmith, id, kind, file } = event.data;
      if (crowdsmith === 'upload') event.source.postMessage(file.size > 5 ? { crowdsmith: 'uploaded', id, error: 'Too large.' }
        : { crowdsmith: 'uploaded', id, media: kind + '-' + file.size }, '*');`;
    const task = await openTask(form(`<crowd-input name="f" type="file" label="File" required></crowd-input>`), {
      answer,
    });
    await task.frame.locator('crowd-button').click();
    await task.waitFor('invalid');
    const file = (text: string): object => ({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await task.frame.getByLabel('File').setInputFiles(file('too long') as never);
    await task.frame.getByText('Too large.').waitFor();
    await task.frame.getByLabel('File').setInputFiles(file('four') as never);
    await task.frame.getByText('Too large.').waitFor({ state: 'detached' });
    expect(await task.submit()).toEqual({ f: 'file-4' });
  });

  test('a tag closed in the XML way does not swallow what follows', async () => {
    const task = await openTask(
      form(`<crowd-input name="one" label="One"/><crowd-input name="two" label="Two"/><p>After</p>`),
    );
    await task.frame.getByText('After').waitFor();
    await task.frame.getByLabel('One').fill('1');
    await task.frame.getByLabel('Two').fill('2');
    await task.frame.locator('crowd-button').last().click();
    expect(await task.submitted()).toEqual({ one: '1', two: '2' });
  });
});

test('crowd-text-area', async () => {
  const task = await openTask(
    form(
      `<crowd-text-area name="textInput1" label="Say it" rows="2" max-rows="4" char-counter max-length="80"></crowd-text-area>`,
    ),
  );
  const area = task.frame.getByLabel('Say it');
  await area.fill('one');
  const low = (await area.boundingBox())!.height;
  await area.fill('one\n2\n3\n4\n5\n6\n7');
  expect((await area.boundingBox())!.height).toBeGreaterThan(low);
  expect((await area.boundingBox())!.height).toBeLessThan(140);
  await area.fill('This is the text; the text that\nmakes the crowd go wild.');
  await task.frame.getByText('56 / 80').waitFor();
  await area.press('Enter');
  expect(await task.messages('submit')).toEqual([]);
  await task.accessible();
  await area.press('Backspace');
  await area.press('Control+Enter');
  expect(await task.submitted()).toEqual({ textInput1: 'This is the text; the text that\nmakes the crowd go wild.' });
});

test('change and input events reach the elements, for scripts of templates', async () => {
  const task = await openTask(
    form(`<crowd-input name="a" label="A"></crowd-input><crowd-checkbox name="b">B</crowd-checkbox><p id="log"></p>
      <script>for (const type of ['input', 'change']) document.querySelector('crowd-form').addEventListener(type,
        (event) => { document.getElementById('log').textContent += type + ' ' + event.target.getAttribute('name') + ';'; });</script>`),
  );
  await task.frame.getByLabel('A').fill('x');
  await task.frame.getByLabel('A').blur();
  await task.frame.getByRole('checkbox', { name: 'B' }).click();
  expect(await task.frame.locator('#log').innerText()).toBe('input a;change a;input b;change b;');
});

describe('crowd-slider', () => {
  test('gives a number, by keyboard and by its field', async () => {
    const task = await openTask(
      form(`<crowd-slider name="howMuch" min="1" max="10" step="0.5" value="2" pin label="How much"></crowd-slider>
        <crowd-slider name="second" max="5" editable label="Second" secondary-progress="4"></crowd-slider>
        <crowd-slider name="untouched" min="-1"></crowd-slider>`),
    );
    await task.frame.getByRole('slider', { name: 'How much' }).press('ArrowRight');
    await task.frame.getByRole('slider', { name: 'How much' }).press('ArrowRight');
    await task.frame.getByRole('spinbutton', { name: 'Second' }).fill('4');
    await task.frame.getByRole('spinbutton', { name: 'Second' }).blur();
    await task.shot('slider-1280');
    await task.accessible();
    expect(await task.submit()).toEqual({ howMuch: 3, second: 4, untouched: -1 });
  });

  test('labels stand below the bar', async () => {
    const labels = [1, 2, 3].map((at) => `<crowd-slider-label position="${at}">L${at}</crowd-slider-label>`).join('');
    const task = await openTask(form(`<crowd-slider name="s" min="1" max="3">${labels}</crowd-slider>`));
    const tops = await Promise.all(
      [1, 2, 3].map(async (at) => (await task.frame.getByText(`L${at}`).boundingBox())!.y),
    );
    expect(new Set(tops).size).toBe(1);
  });

  test('required wants the knob to be moved', async () => {
    const task = await openTask(form(`<crowd-slider name="s" required></crowd-slider>`));
    await task.frame.locator('crowd-button').click();
    expect((await task.waitFor('invalid'))['message']).toBe('s: Move the slider to your answer.');
    await task.frame.getByRole('slider').press('End');
    expect(await task.submit()).toEqual({ s: 100 });
  });
});

test('crowd-button: links, loading, disabled, icons, scripts', async () => {
  const task = await openTask(
    form(`<crowd-button id="plain" icon="search" icon-align="right">Find</crowd-button>
      <crowd-button href="/files/gradient.png" target="_blank" variant="link">Picture</crowd-button>
      <crowd-button loading id="busy">Busy</crowd-button>
      <crowd-button disabled form-action="submit" variant="primary">Send</crowd-button>
      <script>window.presses = 0; for (const id of ['plain', 'busy'])
        document.getElementById(id).addEventListener('click', () => window.presses++);</script>`),
  );
  expect(await task.frame.getByRole('link', { name: 'Picture' }).getAttribute('target')).toBe('_blank');
  await task.frame.locator('#plain svg').waitFor();
  await task.frame.getByRole('button', { name: 'Find' }).click();
  expect(await task.frame.getByRole('button', { name: 'Busy' }).isDisabled()).toBe(true);
  expect(await task.frame.evaluate(() => (window as unknown as { presses: number }).presses)).toBe(1);
  await task.accessible();
  await task.frame.evaluate(() => {
    const button = document.querySelector('[form-action]') as HTMLButtonElement;
    button.click();
    button.disabled = false;
    button.click();
  });
  expect(await task.submitted()).toEqual({});
});
