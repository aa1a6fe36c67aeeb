import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sandboxOf, type Listener } from '../src/work/frame/frame';
import { Height } from '../src/work/frame/height';
import { Budget, readMessage } from '../src/work/frame/messages';
import { FramePool, type Wanted } from '../src/work/frame/pool';

describe('readMessage', () => {
  it('takes what pages say', () => {
    expect(readMessage({ crowdsmith: 'ready' })).toEqual({ kind: 'ready' });
    expect(readMessage({ crowdsmith: 'submit', output: { mood: 'good' }, order: { mood: ['bad', 'good'] } })).toEqual({
      kind: 'submit',
      output: { mood: 'good' },
      order: { mood: ['bad', 'good'] },
    });
    const file = new Blob(['…']);
    expect(readMessage({ crowdsmith: 'upload', id: 'u1', name: 'clip', kind: 'audio', file })).toEqual({
      kind: 'upload',
      id: 'u1',
      name: 'clip',
      media: 'audio',
      file,
    });
    expect(readMessage({ crowdsmith: 'activity', keys: 2, clicks: -1, scrolls: 'many', pastes: 1e9 })).toEqual({
      kind: 'activity',
      counts: { keys: 2, clicks: 0, scrolls: 0, pastes: 10_000 },
    });
  });

  it.each([
    ['nothing', null],
    ['a word', 'ready'],
    ['an unknown kind', { crowdsmith: 'alert' }],
    ['a kind of the prototype', { crowdsmith: 'constructor' }],
    ['an output that is a list', { crowdsmith: 'change', output: [1] }],
    ['an output that is not JSON', { crowdsmith: 'change', output: { n: 1n } }],
    ['an output of 8 MiB and more', { crowdsmith: 'change', output: { mask: 'x'.repeat(8 * 1024 * 1024) } }],
    ['a height that is no number', { crowdsmith: 'height', height: 'tall' }],
    ['a height that is not a number', { crowdsmith: 'height', height: NaN }],
    ['a long key', { crowdsmith: 'key', key: 'secret typed text here' }],
    ['a file that is none', { crowdsmith: 'upload', id: 'u', name: 'f', kind: 'photo', file: 'data' }],
    ['a capture of a file', { crowdsmith: 'capture', id: 'u', name: 'f', kind: 'file' }],
    ['a wish for another file', { crowdsmith: 'module', file: '../api/v1/me' }],
    ['a wish for a file of another folder', { crowdsmith: 'module', file: 'chunks/../../media/a.js' }],
    ['an upload without a field', { crowdsmith: 'upload', id: 'u', kind: 'photo', file: new Blob([]) }],
  ])('does not hear %s', (_, data) => {
    expect(readMessage(data)).toBeNull();
  });

  it('knows of an answer that it cannot take', () => {
    for (const output of [undefined, [1], { n: 1n }, { mask: 'x'.repeat(8 * 1024 * 1024) }]) {
      expect(readMessage({ crowdsmith: 'submit', output })).toEqual({ kind: 'unusable' });
    }
  });

  it('copies the output, so that nothing but JSON gets in', () => {
    const heard = readMessage({ crowdsmith: 'change', output: { at: new Date(0), file: new Map([[1, 2]]) } });
    expect(heard).toEqual({ kind: 'change', output: { at: '1970-01-01T00:00:00.000Z', file: {} } });
  });
});

describe('Budget', () => {
  it('lets a burst through, and then so many a second', () => {
    let now = 0;
    const budget = new Budget(() => now, 3, 10);
    expect([budget.take(), budget.take(), budget.take(), budget.take()]).toEqual([true, true, true, false]);
    now = 100;
    expect([budget.take(), budget.take()]).toEqual([true, false]);
    expect(budget.refused).toBe(2);
  });
});

describe('Height', () => {
  const follow = (height: Height, ...contents: number[]) => contents.map((each) => (height.follow(each), height.value));

  it('follows the content', () => {
    expect(follow(new Height(() => 0, 600), 300, 900, 450.2)).toEqual([300, 900, 451]);
  });

  it('has an end, and never hides the page', () => {
    expect(follow(new Height(() => 0, 600), 1e9, 0)).toEqual([20_000, 120]);
  });

  it('does not run after a page that wants to be taller than its frame', () => {
    let now = 0;
    const height = new Height(() => now, 600);
    for (let turn = 0; turn < 50; turn++, now += 16) height.follow(height.value + 16);
    expect(height.value).toBe(600);
  });

  it('lets a list grow row by row', () => {
    let now = 0;
    const height = new Height(() => now, 200);
    for (let row = 1; row <= 20; row++, now += 1500) height.follow(200 + row * 40);
    expect(height.value).toBe(1000);
  });
});

describe('FramePool', () => {
  const heard: string[] = [];
  const listener: Listener = {
    changed: (task) => heard.push(`changed ${task}`),
    submitted: (task, output) => heard.push(`submitted ${task} ${JSON.stringify(output)}`),
    invalid: () => heard.push('invalid'),
    key: (key) => heard.push(`key ${key}`),
    activity: () => heard.push('activity'),
    file: (_, { kind, name }) => heard.push(`${kind} ${name}`),
    news: ({ trouble, problems, of }) => heard.push(`news ${of.task} ${trouble} ${problems.length}`),
  };
  const wanted = (task: string, draft?: object): Wanted => ({
    ...{ assignment: 'A', task, page: 'about:blank', seed: undefined },
    draft: draft as Wanted['draft'],
  });
  let pool: FramePool;
  let told: [string, unknown][] = [];

  const frame = (task: string) => pool.show(current, task)!;
  const say = (source: Window | null, data: object) =>
    window.dispatchEvent(new MessageEvent('message', { source, data }));
  let current: Wanted[] = [];

  function show(task: string, ...tasks: Wanted[]) {
    current = tasks;
    const shown = pool.show(tasks, task)!;
    vi.spyOn(shown, 'tell').mockImplementation((message) => told.push([shown.of.task, message]));
    return shown;
  }

  beforeEach(() => {
    vi.useFakeTimers();
    document.body.innerHTML = '';
    vi.stubGlobal('fetch', async () => new Response('elements'));
    const options = { submitOnChoice: true, hasButton: true, activity: true };
    pool = new FramePool(
      document.body,
      { options, rights: { links: false, geolocation: false }, title: 'Task' },
      listener,
    );
    heard.length = 0;
    told = [];
  });
  afterEach(() => {
    pool.close();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('sandboxes every page without an origin', () => {
    show('t1', wanted('t1'));
    const { element } = frame('t1');
    expect(element.getAttribute('sandbox')).toBe('allow-scripts allow-forms');
    expect(element.allow ?? '').toBe('');
    expect(sandboxOf({ links: true })).not.toContain('same-origin');
  });

  it('loads the pages that come next when the one in hand is there, and keeps them when they are shown', () => {
    const first = show('t1', wanted('t1'), wanted('t2'));
    expect(document.querySelectorAll('iframe').length).toBe(1);
    first.hear({ crowdsmith: 'ready' });
    pool.show(current, 't1');
    const second = document.querySelectorAll('iframe')[1]!;
    expect(second.inert).toBe(true);
    pool.show(current, 't2');
    expect(frame('t2').element).toBe(second);
    expect(second.inert).toBe(false);
    expect(first.element.inert).toBe(true);
    pool.show([wanted('t2')], 't2');
    expect(first.element.isConnected).toBe(false);
  });

  it('tells a page that is ready its options and its draft', () => {
    show('t1', wanted('t1', { mood: 'good' })).hear({ crowdsmith: 'ready' });
    expect(told).toEqual([
      ['t1', { crowdsmith: 'options', submitOnChoice: true, hasButton: true, activity: true }],
      ['t1', { crowdsmith: 'restore', output: { mood: 'good' } }],
    ]);
  });

  it('fills a page that was loaded ahead when its draft is known only later', () => {
    const first = show('t1', wanted('t1'), wanted('t2'));
    first.hear({ crowdsmith: 'ready' });
    pool.show(current, 't1');
    current = [wanted('t1'), wanted('t2', { mood: 'bad' })];
    const second = pool.show(current, 't2')!;
    second.hide();
    vi.spyOn(second, 'tell').mockImplementation((message) => told.push([second.of.task, message]));
    second.hear({ crowdsmith: 'ready' });
    expect(told.at(-1)).toEqual(['t2', { crowdsmith: 'restore', output: { mood: 'bad' } }]);
    told = [];
    // What the page said itself is not told to it again.
    const own = { mood: 'good' };
    second.hear({ crowdsmith: 'change', output: own });
    pool.show([wanted('t1'), { ...wanted('t2'), draft: second['output'] }], 't2');
    expect(told).toEqual([]);
  });

  it('hands the modules of the elements to the pages that ask, each once, and fetches each once for all', async () => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (address: string) => {
      asked.push(address);
      return address.includes('gone') ? new Response('', { status: 404 }) : new Response(`text of ${address}`);
    });
    const first = show('t1', wanted('t1'), wanted('t2'));
    const ask = (from: typeof first, file: string) => from.hear({ crowdsmith: 'module', file });
    expect(first.element.name).toBe('crowdsmith-elements');
    ask(first, 'chunks/shapes-1.js');
    ask(first, 'chunks/shapes-1.js');
    const second = show('t2', wanted('t2'));
    ask(second, 'chunks/shapes-1.js');
    ask(second, 'chunks/gone-1.js');
    ask(second, '/api/v1/me');
    await vi.advanceTimersByTimeAsync(0);
    const text = 'text of /elements/chunks/shapes-1.js';
    const module = (task: string, file: string, text: string | null) => [task, { crowdsmith: 'module', file, text }];
    expect(told).toHaveLength(4);
    expect(told).toEqual(
      expect.arrayContaining([
        module('t1', 'chunks/shapes-1.js', null),
        module('t1', 'chunks/shapes-1.js', text),
        module('t2', 'chunks/shapes-1.js', text),
        module('t2', 'chunks/gone-1.js', null),
      ]),
    );
    expect(asked).toEqual(['/elements/chunks/shapes-1.js', '/elements/chunks/gone-1.js']);
  });

  it('hears only the windows of its frames', () => {
    const { element } = show('t1', wanted('t1'));
    say(window, { crowdsmith: 'submit', output: {} });
    say(null, { crowdsmith: 'submit', output: {} });
    expect(heard).toEqual([]);
    say(element.contentWindow, { crowdsmith: 'submit', output: { a: 1 } });
    expect(heard).toEqual(['submitted t1 {"a":1}']);
  });

  it('takes no answer, key or file from a page that nobody looks at', () => {
    const first = show('t1', wanted('t1'), wanted('t2'));
    first.hear({ crowdsmith: 'ready' });
    pool.show(current, 't2');
    heard.length = 0;
    first.hear({ crowdsmith: 'submit', output: {} });
    first.hear({ crowdsmith: 'key', key: 's' });
    first.hear({ crowdsmith: 'capture', id: '1', name: 'f', kind: 'audio', maxDuration: null });
    expect(heard).toEqual([]);
  });

  it('opens a page again that was submitted, when it is shown again', () => {
    const first = show('t1', wanted('t1'), wanted('t2'));
    first.hear({ crowdsmith: 'ready' });
    first.hear({ crowdsmith: 'submit', output: {} });
    first.hear({ crowdsmith: 'change', output: { late: true } });
    expect(heard).not.toContain('changed t1');
    pool.show(current, 't2');
    told = [];
    pool.show(current, 't1');
    expect(told).toEqual([['t1', { crowdsmith: 'errors', errors: {} }]]);
    first.hear({ crowdsmith: 'change', output: {} });
    expect(heard).toContain('changed t1');
  });

  it('says so when a page does not start, and takes it back when it does', () => {
    const shown = show('t1', wanted('t1'));
    vi.advanceTimersByTime(7900);
    expect(shown.trouble).toBeNull();
    vi.advanceTimersByTime(200);
    expect(shown.trouble).toBe('late');
    shown.hear({ crowdsmith: 'ready' });
    expect(shown.trouble).toBeNull();
  });

  it('says so when a page does not answer to a submission', () => {
    const shown = show('t1', wanted('t1'));
    shown.hear({ crowdsmith: 'ready' });
    shown.submit();
    vi.advanceTimersByTime(4100);
    expect(shown.trouble).toBe('silent');
    shown.hear({ crowdsmith: 'invalid', message: 'Choose one.' });
    expect(shown.trouble).toBeNull();
  });

  it('loads what did not come up when the connection is back, and nothing else', () => {
    const first = show('t1', wanted('t1'), wanted('t2'));
    first.hear({ crowdsmith: 'ready' });
    pool.show(current, 't1');
    const [one, two] = document.querySelectorAll('iframe');
    pool.retry(current);
    const frames = [...document.querySelectorAll('iframe')];
    expect(frames.length).toBe(2);
    expect(frames.includes(one!)).toBe(true);
    expect(frames.includes(two!)).toBe(false);
    pool.show(current, 't2');
    pool.retry(current);
    expect(frame('t2').shown).toBe(true);
  });

  it('ends a page that talks without end', () => {
    const shown = show('t1', wanted('t1'));
    for (let i = 0; i < 4000; i++) shown.hear({ crowdsmith: 'height', height: i });
    expect(shown.trouble).toBe('flood');
    expect(shown.element.isConnected).toBe(false);
    shown.hear({ crowdsmith: 'submit', output: {} });
    expect(heard.at(-1)).toBe('news t1 flood 0');
  });

  it('shows each complaint of a page once, and not too many', () => {
    const shown = show('t1', wanted('t1'));
    for (const message of ['a', 'a', 'b', 'c', 'd']) shown.hear({ crowdsmith: 'problem', message });
    expect(shown.problems).toEqual(['a', 'b', 'c']);
  });
});
