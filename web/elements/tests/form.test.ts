import { describe, expect, test } from 'vitest';
import { openTask, publish } from './support/task.js';

describe('crowd-form', () => {
  test('joins native controls and elements as Amazon does', async () => {
    const task = await openTask(`
      <crowd-form>
        <p><input name="line" type="text"> <textarea name="area"></textarea> <input type="hidden" name="secret" value="7"></p>
        <select name="pick"><option value="a">A</option><option value="b">B</option></select>
        <select name="many" multiple><option>x</option><option>y</option><option>z</option></select>
        <label><input type="radio" name="animal" value="cat"> cat</label>
        <label><input type="radio" name="animal" value="dog"> dog</label>
        <label><input type="checkbox" name="seen" value="sun"> sun</label>
        <label><input type="checkbox" name="seen" value="rain"> rain</label>
        <crowd-input name="tag1" label="One"></crowd-input>
        <crowd-input name="tag2" label="Two"></crowd-input>
        <input name="off" value="no" disabled>
      </crowd-form>`);
    const { frame } = task;
    await frame.fill('[name=line]', 'hello');
    await frame.fill('[name=area]', 'two\nlines');
    await frame.selectOption('[name=pick]', 'b');
    await frame.selectOption('[name=many]', ['x', 'z']);
    await frame.getByLabel('dog').check();
    await frame.getByLabel('sun').check();
    await frame.getByLabel('One').fill('blue');
    expect(await task.submit()).toEqual({
      line: 'hello',
      area: 'two\nlines',
      secret: '7',
      pick: 'b',
      many: ['x', 'z'],
      animal: { cat: false, dog: true },
      seen: { sun: true, rain: false },
      tag1: 'blue',
    });
  });

  test('adds a submit button only when there is none', async () => {
    const without = await openTask(`<crowd-form><p>Hello</p></crowd-form>`);
    expect(await without.frame.locator('crowd-button').count()).toBe(1);
    const having = await openTask(`<crowd-form><crowd-button form-action="submit">Go</crowd-button></crowd-form>`);
    expect(await having.frame.locator('crowd-button').allInnerTexts()).toEqual(['Go']);
    expect(await having.submit()).toEqual({});
  });

  test('flatten-objects gives each leaf a key', async () => {
    const task = await openTask(`
      <crowd-form answer-format="flatten-objects">
        <crowd-classifier name="sentiment" categories="['good', 'bad']" header="?"></crowd-classifier>
        <crowd-classifier-multi-select name="kinds" categories="['a', 'b']" header="?"></crowd-classifier-multi-select>
        <crowd-checkbox name="is" value="old">old</crowd-checkbox>
        <crowd-input name="why" label="Why"></crowd-input>
      </crowd-form>`);
    await task.frame.getByLabel('good').check();
    await task.frame.getByRole('checkbox', { name: 'b', exact: true }).check();
    await task.frame.getByLabel('Why').fill('so');
    expect(await task.submit()).toEqual({
      'sentiment.label': 'good',
      'kinds.labels': ['b'],
      'is.old': false,
      why: 'so',
    });
  });

  test('onsubmit may refuse with false, listeners with preventDefault, and scripts may fill hidden fields', async () => {
    const task = await openTask(`
      <crowd-form><input type="hidden" name="answer" id="answer"><crowd-input name="note" label="Note"></crowd-input></crowd-form>
      <script>
        let refusals = 0;
        const form = document.querySelector('crowd-form');
        form.onsubmit = () => { document.getElementById('answer').value = 'made'; return ++refusals !== 1; };
        form.addEventListener('submit', (event) => { if (refusals === 2) event.preventDefault(); });
      </script>`);
    const button = task.frame.locator('crowd-button');
    await button.click();
    expect(await task.waitFor('invalid')).toMatchObject({ message: 'The page did not accept the answer.' });
    await button.click();
    await task.waitFor('invalid', 2);
    expect(await task.messages('submit')).toEqual([]);
    await button.click();
    expect(await task.submitted()).toEqual({ answer: 'made' });
  });

  test('has form, submit() and a real form element, and submits once', async () => {
    const task = await openTask(`<crowd-form><crowd-input name="a" value="1" label="A"></crowd-input></crowd-form>`);
    await task.frame.evaluate(() => {
      const form = document.querySelector('crowd-form') as unknown as { form: HTMLFormElement; submit(): void };
      if (form.form !== document.querySelector('crowd-form form')) throw new Error('another form');
      const extra = document.createElement('input');
      extra.name = 'extra';
      extra.value = '2';
      form.form.appendChild(extra);
      form.submit();
      form.submit();
    });
    expect(await task.submitted()).toEqual({ a: '1', extra: '2' });
    await task.page.waitForTimeout(100);
    expect(await task.messages('submit')).toHaveLength(1);
  });

  test('a native submit button and Enter in the only text field submit too', async () => {
    const native = await openTask(
      `<crowd-form><input name="a" aria-label="A"><button type="submit">Send</button></crowd-form>`,
    );
    await native.frame.getByText('Send').click();
    expect(await native.submitted()).toEqual({ a: '' });
    const enter = await openTask(`<crowd-form><input name="a" aria-label="A"></crowd-form>`);
    await enter.frame.getByLabel('A').fill('x');
    await enter.frame.getByLabel('A').press('Enter');
    expect(await enter.submitted()).toEqual({ a: 'x' });
  });

  test('a required answer is asked for by name and focused', async () => {
    const task = await openTask(`
      <crowd-form>
        <crowd-input name="first" label="First name" value="Ada"></crowd-input>
        <crowd-input name="last" label="Last name" required></crowd-input>
        <crowd-checkbox name="agree" required>I agree</crowd-checkbox>
      </crowd-form>`);
    await task.frame.locator('crowd-button').click();
    expect(await task.waitFor('invalid')).toMatchObject({ message: 'Last name: This question needs an answer.' });
    await expect.poll(() => task.frame.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('last');
    expect(await task.frame.getByRole('alert').allInnerTexts()).toEqual([
      'This question needs an answer.',
      'This has to be checked.',
    ]);
    await task.frame.getByLabel('Last name').fill('L');
    await task.frame.getByRole('checkbox', { name: 'I agree' }).check();
    expect(await task.submit()).toEqual({ first: 'Ada', last: 'L', agree: { on: true } });
  });

  test('native required, in a form that Amazon leaves to the browser', async () => {
    const task = await openTask(
      `<crowd-form><label>Age <input name="age" type="number" required></label></crowd-form>`,
    );
    await task.frame.locator('crowd-button').click();
    expect((await task.waitFor('invalid'))['message']).toMatch(/^Age: /);
    await task.frame.getByLabel('Age').fill('3');
    expect(await task.submit()).toEqual({ age: '3' });
  });

  test('names that repeat lose nothing', async () => {
    const task = await openTask(
      `<crowd-form><input name="n" value="1"><input name="n" value="2"><crowd-input name="n" value="3" label="n"></crowd-input></crowd-form>`,
    );
    expect(await task.submit()).toEqual({ n: ['1', '2', '3'] });
  });

  test('what is named _ is thrown away but for the last, as templates expect', async () => {
    const task = await openTask(
      `<crowd-form><crowd-classifier name="_" categories="['a']" header="?"></crowd-classifier><select name="_"><option>x</option></select>
       <input type="hidden" name="_" value="_"><input type="hidden" name="kept" value="1"></crowd-form>`,
    );
    await task.frame.getByText('a', { exact: true }).click();
    expect(await task.submit()).toEqual({ _: '_', kept: '1' });
  });

  test("the shell's button and Ctrl+Enter press the template's own", async () => {
    const template = (button: string): string => `
      <crowd-form><input type="hidden" name="marks" id="marks"><button>Add a mark</button>
      <button id="submit" ${button}>Submit</button></crowd-form>
      <script>document.getElementById('submit').onclick = () => { marks.value = '[1, 2]'; };</script>`;
    const task = await openTask(template(''));
    await task.send({ crowdsmith: 'submit' });
    expect(await task.submitted()).toEqual({ marks: '[1, 2]' });
    const byKey = await openTask(template(''));
    await byKey.frame.getByRole('button', { name: 'Add a mark' }).focus();
    await byKey.page.keyboard.press('Control+Enter');
    expect(await byKey.submitted()).toEqual({ marks: '[1, 2]' });
    const closed = await openTask(template('disabled'));
    await closed.send({ crowdsmith: 'submit' });
    expect((await closed.waitFor('invalid'))['message']).toBe('The page did not accept the answer.');
    const several = await openTask(
      `<crowd-form><input name="a" value="1"><button>Yes</button><button>No</button></crowd-form>`,
    );
    await several.send({ crowdsmith: 'submit' });
    expect(await several.submitted()).toEqual({ a: '1' });
  });

  test('radio buttons without a name go by that of their group', async () => {
    const task = await openTask(`
      <crowd-form><crowd-radio-group name="which"><crowd-radio-button value="a">A</crowd-radio-button>
      <crowd-radio-button value="b">B</crowd-radio-button></crowd-radio-group></crowd-form>`);
    await task.frame.getByText('B', { exact: true }).click();
    expect(await task.submit()).toEqual({ which: { a: false, b: true } });
  });

  test('a form in the form submits the whole, unless the template prevents it', async () => {
    const template = (script: string): string => `
      <crowd-form><p><input name="a" value="1"></p><div><form action="/nowhere"><label>B <input name="b"></label>
      <button type="submit">Save</button></form></div></crowd-form><script>${script}</script>`;
    const task = await openTask(template(''));
    await task.frame.getByLabel('B').fill('2');
    await task.frame.getByRole('button', { name: 'Save' }).click();
    expect(await task.submitted()).toEqual({ a: '1', b: '2' });
    const kept = await openTask(template(`document.querySelector('form').onsubmit = () => false;`));
    await kept.frame.getByRole('button', { name: 'Save' }).click();
    await kept.frame.getByLabel('B').fill('3');
    await kept.send({ crowdsmith: 'submit' });
    expect(await kept.submitted()).toEqual({ a: '1', b: '3' });
  });

  test('a height for a desk does not squeeze a picture on a phone', async () => {
    const fit = async (width: number): Promise<string> => {
      const task = await openTask(`<crowd-form><img alt="" style="height: 70vh" src="data:,"></crowd-form>`, { width });
      return task.frame.locator('img').evaluate((image) => getComputedStyle(image).objectFit);
    };
    expect([await fit(360), await fit(1280)]).toEqual(['contain', 'fill']);
  });

  test('a link does not take the place of the page', async () => {
    const elsewhere = publish('/elsewhere', '<title>Elsewhere</title>');
    const task = await openTask(`
      <crowd-form><a href="${elsewhere}">there</a> <a href="#b">here</a> <label>B <input id="b" name="b"></label></crowd-form>`);
    await task.frame.getByLabel('B').fill('1');
    // The shell of this test lets no window open.
    await task.frame.getByText('there').click();
    await task.frame.getByText('here', { exact: true }).click();
    expect(new URL(task.frame.url()).hash).toBe('#b');
    expect(await task.submit()).toEqual({ b: '1' });
  });

  test('a script may make a disabled button work again when it is pressed', async () => {
    const task = await openTask(`
      <crowd-form><crowd-button id="dog">Dog</crowd-button></crowd-form>
      <script>dog.onmouseup = () => { dog.disabled = !dog.disabled; };</script>`);
    const dog = task.frame.locator('#dog');
    await dog.click();
    expect(await dog.getAttribute('disabled')).not.toBeNull();
    await dog.click({ force: true });
    expect(await dog.getAttribute('disabled')).toBeNull();
  });

  test('a script that has a variable called parent does not cut the page off', async () => {
    const task = await openTask(`
      <crowd-form><input name="a" value="1"></crowd-form>
      <script>var parent; parent = document.createElement('div'); thisFails();</script>`);
    expect(await task.submit()).toEqual({ a: '1' });
    expect((await task.waitFor('problem'))['message']).toContain('thisFails is not defined');
  });

  test("the functions of Mechanical Turk's own script are there and do no harm", async () => {
    const task = await openTask(`
      <form id="mturk_form"><input type="hidden" name="assignmentId" id="assignmentId"><input name="a" value="1">
      <input type="submit" id="submitButton"></form>
      <script>
        turkSetAssignmentID();
        document.querySelector('[name=a]').value = turkGetParam('workerId', 'nobody') + turkGetSubmitToHost();
      </script>`);
    await task.frame.locator('#submitButton').click();
    expect(await task.submitted()).toEqual({ a: 'nobody' });
    expect(await task.messages('problem')).toEqual([]);
  });

  test('controls with the names of form properties, a button that submits twice, and a field emptied with null', async () => {
    const task = await openTask(
      `<crowd-form><input name="method" value="m"><input name="submit" value="s"><input name="reset" value="r">
       <crowd-input name="c" value="x" label="C" id="c"></crowd-input><button id="go">Go</button></crowd-form>
       <script>document.getElementById('go').addEventListener('click', () => {
         document.getElementById('c').value = null;
         document.querySelector('crowd-form').submit();
       });</script>`,
    );
    await task.frame.getByText('Go').click();
    expect(await task.submitted()).toEqual({ method: 'm', submit: 's', reset: 'r' });
    await task.page.waitForTimeout(100);
    expect(await task.messages('submit')).toHaveLength(1);
  });

  test('a required choice among native radio buttons goes by its legend', async () => {
    const task = await openTask(
      `<crowd-form><fieldset><legend>Rating</legend><label><input type="radio" name="r" value="1" required> good</label></fieldset></crowd-form>`,
    );
    await task.frame.locator('crowd-button').click();
    expect((await task.waitFor('invalid'))['message']).toMatch(/^Rating: /);
  });

  test('reset goes back to what the page came with', async () => {
    const task = await openTask(`
      <crowd-form>
        <crowd-input name="a" value="start" label="A"></crowd-input>
        <crowd-checkbox name="b" checked>B</crowd-checkbox>
        <crowd-slider name="c" value="5" label="C"></crowd-slider>
        <crowd-button form-action="reset">Again</crowd-button>
      </crowd-form>`);
    await task.frame.getByLabel('A').fill('other');
    await task.frame.getByRole('checkbox', { name: 'B' }).uncheck();
    await task.frame.getByLabel('C').fill('50');
    await task.frame.getByText('Again').click();
    expect(await task.submit()).toEqual({ a: 'start', b: { on: true }, c: 5 });
  });
});

test('a plain form of an older page is submitted as a browser would', async () => {
  const page = `<form name="mturk_form" method="post" id="mturk_form" action="https://example.org/mturk/externalSubmit">
      <input type="hidden" name="assignmentId" value="X">
      <label><input type="radio" name="colour" value="red" required> red</label>
      <label><input type="radio" name="colour" value="blue"> blue</label>
      <label><input type="checkbox" name="kinds" value="a"> kind a</label>
      <label><input type="checkbox" name="kinds" value="b"> kind b</label>
      <textarea name="why" aria-label="Why"></textarea>
      <input type="submit" name="how" value="Send it"></form>
    <script>document.getElementById('mturk_form').addEventListener('submit', (event) => {
      if (document.querySelector('[name=why]').value === '') event.preventDefault();
    });</script>`;
  const task = await openTask(page);
  await task.frame.getByText('Send it').click();
  await task.waitFor('invalid');
  await task.frame.getByLabel('blue').check();
  await task.frame.getByLabel('kind a').check();
  await task.frame.getByLabel('kind b').check();
  await task.frame.getByText('Send it').click();
  expect(await task.waitFor('invalid', 2)).toMatchObject({ message: 'The page did not accept the answer.' });
  await task.frame.getByLabel('Why').fill('so');
  await task.frame.getByText('Send it').click();
  const output = { colour: 'blue', kinds: 'a|b', why: 'so', how: 'Send it' };
  expect(await task.submitted()).toEqual(output);
  const again = await openTask(page, { onReady: { crowdsmith: 'restore', output } });
  await expect.poll(() => again.frame.getByLabel('kind b').isChecked()).toBe(true);
  expect(await again.frame.getByLabel('red').isChecked()).toBe(false);
});

describe('the talk with the shell', () => {
  const page = `
    <crowd-form>
      <crowd-classifier name="c" categories="['x','y']" header="Which?"></crowd-classifier>
      <crowd-checkbox name="k" value="v">k</crowd-checkbox>
      <crowd-input name="t" label="T"></crowd-input>
      <textarea name="n" aria-label="N"></textarea>
    </crowd-form>`;
  const output = { c: { label: 'y' }, k: { v: true }, t: 'text', n: 'native' };

  test('a draft goes out and comes back, flattened or not', async () => {
    for (const [attributes, draft] of [
      ['', output],
      ['answer-format="flatten-objects"', { 'c.label': 'y', 'k.v': true, t: 'text', n: 'native' }],
    ] as const) {
      const html = page.replace('<crowd-form>', `<crowd-form ${attributes}>`);
      const task = await openTask(html, { onReady: { crowdsmith: 'restore', output: draft } });
      expect(await task.submit()).toEqual(draft);
    }
    const task = await openTask(page);
    await task.frame.getByLabel('T').fill('typing');
    expect((await task.waitFor('change'))['output']).toEqual({ k: { v: false }, t: 'typing', n: '' });
  });

  test('the shell may ask to submit, and refuse with errors at their fields', async () => {
    const task = await openTask(page);
    await task.send({ crowdsmith: 'submit' });
    expect(await task.waitFor('invalid')).toMatchObject({ message: 'Which?: Choose a category.' });
    await task.frame.getByRole('radio', { name: 'x' }).check();
    await task.send({ crowdsmith: 'submit' });
    await task.submitted();
    await task.send({ crowdsmith: 'errors', errors: { t: 'A name is wanted here.' } });
    await task.frame.getByText('A name is wanted here.').waitFor();
    await task.frame.getByLabel('T').fill('Ada');
    await task.frame.locator('crowd-button').click();
    expect(await task.waitFor('submit', 2)).toMatchObject({ output: { t: 'Ada' } });
  });

  test('messages of anyone but the parent are not believed', async () => {
    const task = await openTask(page);
    await task.frame.evaluate(() => window.postMessage({ crowdsmith: 'restore', output: { t: 'forged' } }, '*'));
    await task.page.waitForTimeout(100);
    expect(await task.frame.getByLabel('T').inputValue()).toBe('');
  });

  test('keys nobody wants and the height reach the shell, typed text does not', async () => {
    const task = await openTask(page);
    await task.frame.getByLabel('T').fill('');
    await task.frame.getByLabel('T').press('q');
    await task.frame.getByRole('radio').first().focus();
    await task.page.keyboard.press('?');
    expect(await task.waitFor('key')).toEqual({ crowdsmith: 'key', key: '?' });
    expect(await task.messages('key')).toHaveLength(1);
    const first = (await task.waitFor('height'))['height'] as number;
    await task.frame.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<div style="height: 900px"></div>'));
    await expect.poll(async () => (await task.waitFor('height'))['height'] as number).toBeGreaterThan(first + 890);
  });

  test('what the worker does is counted only when the shell asks for it, and all of it before the submission', async () => {
    const line = '<crowd-form><crowd-input name="t" label="T"></crowd-input></crowd-form>';
    const silent = await openTask(line);
    await silent.frame.getByLabel('T').pressSequentially('ab');
    expect(await silent.submit()).toBeTruthy();
    expect(await silent.messages('activity')).toEqual([]);

    const task = await openTask(line, { onReady: { crowdsmith: 'options', activity: true } });
    await task.frame.getByLabel('T').click();
    await task.page.keyboard.type('abc');
    await task.submit();
    const reports = await task.messages('activity');
    const sum = (what: string): number => reports.reduce((total, report) => total + (report[what] as number), 0);
    // The click on Submit counts too.
    expect([sum('keys'), sum('clicks'), sum('scrolls'), sum('pastes')]).toEqual([3, 2, 0, 0]);
    expect(Object.keys(reports[0]!).sort()).toEqual(['clicks', 'crowdsmith', 'keys', 'pastes', 'scrolls']);
  });

  test('a Submit button that nobody asked for goes when the shell has one', async () => {
    const options = { onReady: { crowdsmith: 'options', hasButton: true } };
    const task = await openTask('<crowd-form><crowd-input name="a" label="A"></crowd-input></crowd-form>', options);
    await task.frame.getByRole('button').waitFor({ state: 'hidden' });
    const own = await openTask(
      '<crowd-form><crowd-button form-action="submit">Go</crowd-button></crowd-form>',
      options,
    );
    await own.page.waitForTimeout(100);
    expect(await own.frame.getByRole('button').count()).toBe(1);
  });

  test('a failing script of the template is reported with its line', async () => {
    const task = await openTask(`<crowd-form></crowd-form><script>\nundefinedFunction();</script>`);
    expect((await task.waitFor('problem'))['message']).toMatch(/undefinedFunction is not defined \(page-\d+, line \d+/);
  });

  test('alone, the page shows what it would submit', async () => {
    const task = await openTask(`<crowd-form><crowd-input name="a" value="1" label="A"></crowd-input></crowd-form>`, {
      alone: true,
    });
    await task.frame.locator('crowd-button').click();
    expect(JSON.parse(await task.frame.locator('.crowd-output pre').innerText())).toEqual({ a: '1' });
  });
});

describe('the loader', () => {
  test('dispatches all-crowd-elements-ready when lazy elements are there too', async () => {
    const task = await openTask(`
      <crowd-form><crowd-tabs><crowd-tab header="One">1</crowd-tab></crowd-tabs></crowd-form>
      <script>
        document.addEventListener('all-crowd-elements-ready', () => {
          window.tabs = document.querySelector('crowd-tabs').shadowRoot.querySelectorAll('[role=tab]').length;
        });
      </script>`);
    expect(await task.frame.evaluate(() => (window as unknown as { tabs: number }).tabs)).toBe(1);
  });

  test('loads in few requests and under its second name', async () => {
    const task = await openTask(
      `<crowd-form><crowd-classifier name="a" header="?" categories="[1]"></crowd-classifier></crowd-form>`,
      {
        script: 'crowd-html-elements-v2.js',
      },
    );
    const files = await task.frame.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
    expect(files.length).toBeLessThanOrEqual(4);
  });

  test('names an element that nobody knows, and takes the note back when a script defines it late', async () => {
    const task = await openTask(
      `<crowd-form><crowd-telepathy></crowd-telepathy><crowd-slider-label>5</crowd-slider-label></crowd-form>`,
    );
    const note = task.frame.getByText('This page uses <crowd-telepathy>, which is not an element known here.');
    await note.waitFor();
    expect((await task.waitFor('problem'))['message']).toContain('crowd-telepathy');
    expect(await task.messages('problem')).toHaveLength(1);
    await task.frame.evaluate(() => customElements.define('crowd-telepathy', class extends HTMLElement {}));
    await note.waitFor({ state: 'detached' });
  });

  test('loads what a script adds later', async () => {
    const task = await openTask(`<crowd-form></crowd-form>`);
    await task.frame.evaluate(() => {
      document
        .querySelector('crowd-form')!
        .insertAdjacentHTML('beforeend', '<crowd-card heading="Late">x</crowd-card>');
    });
    await task.frame.getByRole('article', { name: 'Late' }).waitFor();
  });

  test('an attribute that cannot be read names element, attribute and place', async () => {
    const task = await openTask(
      `<crowd-form><crowd-classifier name="a" header="?" categories="['x"></crowd-classifier></crowd-form>`,
    );
    const message = `<crowd-classifier>, attribute categories: a quote is never closed at “'x” (line 1, column 2)`;
    await task.frame.getByText(message).waitFor();
    expect(await task.waitFor('problem')).toMatchObject({ message });
  });

  test('says so when its module is not there', async () => {
    const lonely = publish(
      '/lonely/crowd-html-elements.js',
      await (await fetch(publish('/none', '').replace('/none', '/dist/crowd-html-elements.js'))).text(),
    );
    const task = await openTask(`<p>text</p>`);
    await task.frame.evaluate((src) => {
      delete (window as unknown as Record<string, unknown>)['crowdHtmlElements'];
      const script = document.createElement('script');
      script.src = src;
      document.body.append(script);
    }, lonely);
    await task.frame.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor();
  });
});
