import { expect, test } from 'vitest';
import { openTask } from './support/task.js';

test('crowd-instructions: three tabs in a dialog', async () => {
  const task = await openTask(`<crowd-form><crowd-instructions link-text="View instructions" link-type="button">
    <short-summary>Be quick.</short-summary><detailed-instructions>Be thorough.</detailed-instructions>
    <positive-example>A good one</positive-example><negative-example>A bad one</negative-example>
    </crowd-instructions></crowd-form>`);
  await task.frame.getByRole('button', { name: 'View instructions' }).click();
  await task.frame.getByText('Be quick.').waitFor();
  expect(await task.frame.getByText('A good one').isVisible()).toBe(false);
  await task.frame.getByRole('tab', { name: 'Summary' }).focus();
  await task.page.keyboard.press('ArrowRight');
  await task.frame.getByText('Be thorough.').waitFor();
  await task.page.keyboard.press('End');
  await task.frame.getByText('A bad one').waitFor();
  await task.shot('instructions-1280');
  await task.accessible();
  await task.page.keyboard.press('Escape');
  expect(await task.frame.getByText('A bad one').isVisible()).toBe(false);
});

test('crowd-tabs: arrow keys, and a problem on a hidden tab is shown', async () => {
  const task = await openTask(`<crowd-form><crowd-tabs>
    <crowd-tab header="First"><crowd-input name="a" label="A" required></crowd-input></crowd-tab>
    <crowd-tab header="Second"><p>Other</p></crowd-tab></crowd-tabs></crowd-form>`);
  await task.frame.getByRole('tab', { name: 'First' }).focus();
  await task.page.keyboard.press('ArrowRight');
  await task.frame.getByText('Other').waitFor();
  expect(await task.frame.getByLabel('A', { exact: true }).isVisible()).toBe(false);
  await task.accessible();
  await task.frame.locator('crowd-button').click();
  await task.frame.getByLabel('A', { exact: true }).fill('x');
  expect(await task.submit()).toEqual({ a: 'x' });
});

test('crowd-modal', async () => {
  const task = await openTask(
    `<crowd-modal link-text="More" link-type="button"><p>Inside</p></crowd-modal><crowd-modal>Plain</crowd-modal>`,
  );
  await task.frame.getByText('Click to open modal').waitFor();
  await task.frame.getByRole('button', { name: 'More' }).click();
  await task.frame.getByText('Inside').waitFor();
  await task.accessible();
  await task.frame.getByRole('button', { name: 'Close' }).click();
  expect(await task.frame.getByText('Inside').isVisible()).toBe(false);
});

test('crowd-alert, -card, -badge, -fab, -icon-button, iron-icon', async () => {
  const task = await openTask(`
    <crowd-alert type="success">Saved</crowd-alert>
    <crowd-alert type="error" dismissible>Wrong</crowd-alert>
    <crowd-card heading="A card" image="/files/gradient.png"><p>Text of the card</p></crowd-card>
    <p><button id="target">Target</button><crowd-badge for="target" label="3"></crowd-badge></p>
    <crowd-fab icon="add" title="Add one" id="fab"></crowd-fab> <crowd-fab label="AB" title="Letters"></crowd-fab>
    <crowd-icon-button icon="icons:delete" title="Delete" disabled></crowd-icon-button>
    <iron-icon icon="search"></iron-icon> <iron-icon icon="no-such-icon"></iron-icon>`);
  await task.frame.getByRole('alert').getByText('Wrong').or(task.frame.getByText('Wrong')).first().waitFor();
  await task.frame.getByRole('button', { name: 'Close' }).click();
  expect(await task.frame.getByText('Wrong').isVisible()).toBe(false);
  await task.frame.getByRole('article', { name: 'A card' }).waitFor();
  await task.frame.locator('iron-icon[icon=search] svg').waitFor();
  expect(await task.frame.locator('iron-icon[icon=no-such-icon] svg').count()).toBe(0);
  expect(await task.frame.getByRole('button', { name: 'Letters' }).innerText()).toBe('…');
  expect(await task.frame.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
  const target = (await task.frame.locator('#target').boundingBox())!;
  const badge = (await task.frame.locator('crowd-badge .badge').boundingBox())!;
  expect(Math.abs(badge.x + badge.width / 2 - (target.x + target.width))).toBeLessThan(2);
  expect(Math.abs(badge.y + badge.height / 2 - target.y)).toBeLessThan(2);
  await task.shot('layout-1280');
  await task.accessible();
});

test('a dialog opens where the worker looks, though the frame is taller than the screen', async () => {
  const task = await openTask(
    `<div style="height: 2400px"></div><crowd-modal link-text="More"><p>Inside</p></crowd-modal>`,
  );
  await task.page.evaluate(() => (document.querySelector('iframe')!.style.height = '2500px'));
  await task.frame.getByText('More').scrollIntoViewIfNeeded();
  await task.page.waitForTimeout(300);
  await task.frame.getByText('More').click();
  const { y, height } = (await task.frame.getByRole('dialog').boundingBox())!;
  expect(y).toBeGreaterThanOrEqual(0);
  expect(y + height).toBeLessThanOrEqual(800);
});

test('crowd-toast: one at a time, gone after its duration', async () => {
  const task = await openTask(
    `<crowd-toast text="First" duration="60000"></crowd-toast><crowd-toast text="Second" duration="400"></crowd-toast>`,
  );
  await task.frame.getByText('Second').waitFor();
  expect(await task.frame.getByText('First').count()).toBe(0);
  await task.frame.getByText('Second').waitFor({ state: 'detached' });
});

test('everything fits on a phone', async () => {
  const task = await openTask(
    `<crowd-form><crowd-instructions><short-summary>S</short-summary></crowd-instructions>
      <crowd-alert type="warning" dismissible>A rather long warning that has to wrap on a phone's screen</crowd-alert>
      <crowd-tabs><crowd-tab header="A long first header"><crowd-card heading="Card">Text</crowd-card></crowd-tab>
      <crowd-tab header="A long second header">2</crowd-tab><crowd-tab header="A third">3</crowd-tab></crowd-tabs>
      <crowd-input name="a" label="A label"></crowd-input><crowd-slider name="b" editable pin value="40" label="Much"></crowd-slider>
      <crowd-checkbox name="c">Check this</crowd-checkbox><crowd-toggle-button name="d">Toggle that</crowd-toggle-button></crowd-form>`,
    { width: 360, height: 800 },
  );
  await task.frame.getByText('A long first header').waitFor();
  await task.shot('all-360');
  expect(await task.frame.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await task.accessible();
});
