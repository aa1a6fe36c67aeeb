import { expect, test } from 'vitest';
import { openTask } from './support/task.js';

const page = `<crowd-form>
  <crowd-alert type="error">Wrong</crowd-alert><crowd-alert type="success">Right</crowd-alert>
  <crowd-entity-annotation name="t" header="Names" text="Ada went to London." labels="['person', 'place', 'date']"
    initial-value="[{label: 'person', startOffset: 0, endOffset: 3}, {label: 'place', startOffset: 12, endOffset: 18}]">
    <short-instructions>Mark names.</short-instructions></crowd-entity-annotation>
  <crowd-likert name="l" header="Scale" statements="['One', 'Two']" scale="['no', 'yes']"></crowd-likert>
  <crowd-rating name="r" header="Stars"></crowd-rating>
  <crowd-ranking name="k" header="Order" items="['a', 'b']"></crowd-ranking>
  <crowd-comparison name="c" header="Better"><first-option>A</first-option><second-option>B</second-option></crowd-comparison>
  <crowd-taxonomy name="x" header="Tree" nodes="['A > B', 'C']"></crowd-taxonomy>
  <crowd-input name="i" label="Input" placeholder="Example"></crowd-input>
  <crowd-slider name="s" pin label="Slider" value="30"></crowd-slider>
  <crowd-toggle-button name="b" checked>Toggle</crowd-toggle-button>
  <crowd-audio-segments name="f" header="Sound" src="/files/tone.wav" labels="['Ann', 'Ben']"
    initial-value="[{start: 1, end: 2, label: 'Ann'}]"></crowd-audio-segments>
</crowd-form>`;

test.each([
  [1280, true],
  [360, true],
  [360, false],
])('many elements at once: %i pixels wide, dark: %s', async (width, dark) => {
  const task = await openTask(page, { width, dark, height: 3000 });
  await task.frame.getByText('0:00.0 / 0:04.0').waitFor();
  await task.shot(`many-${width}-${dark ? 'dark' : 'light'}`);
  expect(await task.frame.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  await task.accessible();
});
