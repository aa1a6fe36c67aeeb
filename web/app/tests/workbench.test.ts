import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem, Unreachable } from '../src/lib/http';
import type { Assignment, Feedback, PageTerms, QuizOutcome, Standing, Submitted, WorkDetail } from '../src/lib/types';
import { Drafts } from '../src/work/drafts';
import { Workbench, type WorkApi } from '../src/work/workbench.svelte';

const ready: Standing = { state: 'ready', text: '', trust: null, quiz: null };

const terms: PageTerms = {
  ...{ frame: false, behavior: false, shuffle: false, skip: true, submit_on_choice: true },
  ...{ links: false, geolocation: false },
};

const work = {
  id: 'B',
  page: terms,
  title: 'Mood',
  price: '0.02',
  currency: 'USD',
  earned: '0.10',
  judged: 5,
  standing: ready,
  input: { text: { type: 'text' } },
  output: { mood: { type: 'choice', label: 'Mood', options: [{ value: 'good', label: 'Good' }] } },
} as unknown as WorkDetail;

/** A server of one worker and one batch, with as many suites as the test wants. */
class Server implements WorkApi {
  live: Assignment[] = [];
  sent: { id: string; body: string }[] = [];
  returned: string[] = [];
  failures: unknown[] = [];
  standing: Standing = ready;
  /** What the next submissions are told, one after the other. */
  told: Partial<Pick<Submitted, 'feedback' | 'quiz' | 'standing'>>[] = [];
  private serial = 0;

  constructor(
    private suites: number,
    private readonly size: number,
  ) {}

  /** What is said of the batch otherwise than `work` does. */
  detail: () => Partial<WorkDetail> = () => ({});

  getWork = async () => ({ ...work, standing: this.standing, assignments: [...this.live], ...this.detail() });

  claim = async (_batch?: string, _task?: string) => {
    if (this.live.length >= 2) return this.live[0];
    if (this.suites-- <= 0) return undefined;
    const id = `A${++this.serial}`;
    const made: Assignment = {
      id,
      batch: 'B',
      revision: 1,
      claimed_at: new Date().toISOString(),
      deadline: new Date(Date.now() + 600_000).toISOString(),
      quiz: this.standing.state === 'quiz',
      tasks: Array.from({ length: this.size }, (_, i) => ({ id: `${id}t${i}`, input: { text: '…' } })),
    };
    this.live.push(made);
    return made;
  };

  submit = async (id: string, body: string) => {
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.live = this.live.filter((each) => each.id !== id);
    this.sent.push({ id, body });
    const told = this.told.shift() ?? {};
    this.standing = told.standing ?? this.standing;
    return {
      assignment: { id, state: 'submitted' },
      judgments: this.size,
      earned: '0.02',
      currency: 'USD',
      feedback: told.feedback ?? [],
      quiz: told.quiz ?? null,
      standing: told.standing ?? null,
    };
  };

  giveBack = async (id: string) => {
    this.live = this.live.filter((each) => each.id !== id);
    this.returned.push(id);
  };
}

const drafts = () => new Drafts('me', localStorage);
const bench = (server: Server) => new Workbench('B', server, drafts(), () => Date.now());

async function answer(at: Workbench, value = 'good') {
  at.set('mood', value);
  expect(await at.forward()).toBe(true);
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => vi.useRealTimers());

describe('Workbench', () => {
  it('goes through a suite, sends it, and has the next one at once', async () => {
    const server = new Server(2, 2);
    const at = bench(server);
    await at.open();
    expect(at.task?.id).toBe('A1t0');
    await answer(at);
    expect(at.task?.id).toBe('A1t1');
    await answer(at);
    expect(at.task?.id).toBe('A2t0');
    expect(at.sending).toBe('held');
    await vi.advanceTimersByTimeAsync(2500);
    expect(server.sent.map((each) => each.id)).toEqual(['A1']);
    expect(JSON.parse(server.sent[0]!.body)).toEqual({
      judgments: [
        { task: 'A1t0', output: { mood: 'good' } },
        { task: 'A1t1', output: { mood: 'good' } },
      ],
    });
    expect(at.earned).toBe('0.12');
    await answer(at);
    await answer(at);
    expect(at.stage).toBe('nothing');
    expect(server.sent.map((each) => each.id)).toEqual(['A1', 'A2']);
    expect(localStorage.length).toBe(0);
  });

  it('does not go on without an answer', async () => {
    const at = bench(new Server(1, 1));
    await at.open();
    expect(await at.forward()).toBe(false);
    expect(at.complaints['mood']).toBeTruthy();
    expect(at.position).toBe(0);
  });

  it('takes a finished suite back for a moment, and not later', async () => {
    const server = new Server(3, 1);
    const at = bench(server);
    await at.open();
    await vi.advanceTimersByTimeAsync(0);
    await answer(at);
    expect(at.task?.id).toBe('A2t0');
    expect(at.canGoBack).toBe(true);
    at.back();
    expect(at.task?.id).toBe('A1t0');
    expect(at.sheet.entry).toEqual({ mood: 'good' });
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.sent).toEqual([]);
    await answer(at);
    await vi.advanceTimersByTimeAsync(2500);
    expect(server.sent.map((each) => each.id)).toEqual(['A1']);
    expect(at.canGoBack).toBe(false);
    expect(at.task?.id).toBe('A2t0');
  });

  it('keeps the answers while the network is away and sends the same body', async () => {
    const server = new Server(2, 1);
    const at = bench(server);
    await at.open();
    await vi.advanceTimersByTimeAsync(0);
    server.failures = [new Unreachable(), new Unreachable(), new Problem(500, 'oops', '')];
    await answer(at);
    await vi.advanceTimersByTimeAsync(2500);
    expect(at.sending).toBe('waiting');
    expect(at.stage).toBe('working');
    const kept = drafts().outgoing('B')[0]!.body;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(server.sent).toEqual([{ id: 'A1', body: kept }]);
    expect(at.sending).toBe('idle');
  });

  it('goes on by itself when the network is back after the last fetched suite', async () => {
    const server = new Server(2, 1);
    const at = bench(server);
    await at.open();
    await vi.advanceTimersByTimeAsync(0);
    server.failures = Array.from({ length: 4 }, () => new Unreachable());
    await answer(at);
    await answer(at);
    expect(at.stage).toBe('offline');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.sent.map((each) => each.id)).toEqual(['A1', 'A2']);
    expect(at.stage).toBe('nothing');
  });

  it('sends what a closed page left behind, and restores the draft', async () => {
    const server = new Server(3, 2);
    const first = bench(server);
    await first.open();
    await answer(first);
    server.failures = [new Unreachable()];
    await answer(first);
    await answer(first);
    await vi.advanceTimersByTimeAsync(0);
    expect(server.sent).toEqual([]);

    // The server counts it at once and answers late: it must not be counted twice.
    const submit = server.submit;
    server.submit = async (...given) => {
      const answer = await submit(...given);
      await new Promise((done) => setTimeout(done, 50));
      return answer;
    };
    server.detail = () => ({ earned: server.sent.length ? '0.12' : '0.10' });

    const second = bench(server);
    void second.open();
    await vi.advanceTimersByTimeAsync(100);
    expect(server.sent.map((each) => each.id)).toEqual(['A1']);
    expect(second.earned).toBe('0.12');
    expect(second.task?.id).toBe('A2t1');
    expect(second.sheets['A2t0']?.entry).toEqual({ mood: 'good' });
  });

  it('brings a suite back whose answers the server refuses', async () => {
    const server = new Server(2, 2);
    const at = bench(server);
    await at.open();
    await answer(at);
    server.failures = [
      new Problem(422, 'Invalid', '', [{ field: 'judgments[0].output.mood', message: 'not an option' }]),
    ];
    await answer(at);
    await vi.advanceTimersByTimeAsync(2500);
    expect(at.task?.id).toBe('A1t0');
    expect(at.complaints).toEqual({ mood: 'Not an option' });
    expect(at.notice).toBeTruthy();
    await answer(at);
    await answer(at);
    expect(at.task?.id).toBe('A2t0');
    await vi.advanceTimersByTimeAsync(2500);
    expect(server.sent.map((each) => each.id)).toEqual(['A1']);
  });

  it('says why a suite was refused for good, and goes on', async () => {
    const server = new Server(2, 1);
    const at = bench(server);
    await at.open();
    await vi.advanceTimersByTimeAsync(0);
    server.failures = [new Problem(409, 'Conflict', 'Its time was over.')];
    await answer(at);
    await vi.advanceTimersByTimeAsync(2500);
    expect(at.notice).toContain('Its time was over.');
    expect(at.task?.id).toBe('A2t0');
    expect(drafts().outgoing('B')).toEqual([]);
  });

  it('offers new tasks when the time of a suite is over', async () => {
    const server = new Server(2, 5);
    const at = bench(server);
    await at.open();
    at.set('mood', 'good');
    at.expire();
    expect(at.stage).toBe('over');
    expect(drafts().load('A1')).toBeNull();
    await at.takeNext();
    expect(at.task?.id).toBe('A2t0');
  });

  it('gives back the suite fetched ahead when the page is left', async () => {
    const server = new Server(3, 1);
    const at = bench(server);
    await at.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.live.map((each) => each.id)).toEqual(['A1', 'A2']);
    at.close();
    expect(server.returned).toEqual(['A2']);
  });

  it('asks for the question again when the requester has changed it', async () => {
    const server = new Server(2, 1);
    const at = bench(server);
    await at.open();
    await vi.advanceTimersByTimeAsync(0);
    server.live[1]!.revision = 2;
    server.detail = () => ({ title: 'Mood, better put' });
    await answer(at);
    await vi.advanceTimersByTimeAsync(0);
    expect(at.work?.title).toBe('Mood, better put');
    expect(at.task?.id).toBe('A2t0');
  });

  it('says what is wrong when the batch cannot be opened', async () => {
    const server = new Server(1, 1);
    server.getWork = async () => {
      throw new Problem(404, 'Not found', 'There is no such batch.');
    };
    const at = bench(server);
    await at.open();
    expect(at.stage).toBe('failed');
    expect(at.notice).toBe('There is no such batch.');
  });
});

describe('Workbench with pages', () => {
  /** Every task is a page of its own. */
  class PageServer extends Server {
    constructor(suites: number, size: number) {
      super(suites, size);
      const { claim } = this;
      this.detail = () => ({ page: { ...terms, frame: true, behavior: true } });
      this.claim = async () => {
        const made = await claim();
        for (const task of made?.tasks ?? []) task.page = `/page/${made!.id}/${task.id}`;
        return made;
      };
    }
  }

  it('goes on when the page has submitted, and sends what it gave', async () => {
    const server = new PageServer(2, 2);
    const at = bench(server);
    await at.open();
    expect(at.around.map(({ task }) => task.id)).toEqual(['A1t0', 'A1t1']);
    expect(await at.forward()).toBe(false);
    await at.pageSubmitted('A1t0', { mood: { label: 'good' } }, { mood: ['good'] });
    expect(at.task?.id).toBe('A1t1');
    await vi.advanceTimersByTimeAsync(1200);
    expect(at.around.map(({ task }) => task.id)).toEqual(['A1t0', 'A1t1', 'A2t0']);
    await at.pageSubmitted('A1t1', { mood: { label: 'bad' } }, undefined);
    await vi.advanceTimersByTimeAsync(2500);
    const [first, second] = JSON.parse(server.sent[0]!.body).judgments;
    expect(first).toMatchObject({
      task: 'A1t0',
      output: { mood: { label: 'good' } },
      order: { mood: ['good'] },
    });
    expect(second).toMatchObject({ output: { mood: { label: 'bad' } }, behavior: { total_ms: 1200, keys: 0 } });
    expect(second).not.toHaveProperty('order');
  });

  it('keeps what the page last said, and what was recorded, for a page that is opened anew', async () => {
    const server = new PageServer(2, 2);
    const first = bench(server);
    await first.open();
    await vi.advanceTimersByTimeAsync(300);
    first.watch.act({ keys: 3 });
    first.pageChanged('A1t0', { mood: { label: 'good' } });
    const second = bench(server);
    await second.open();
    expect(second.sheet).toMatchObject({ output: { mood: { label: 'good' } }, behavior: { keys: 3 } });
    await vi.advanceTimersByTimeAsync(200);
    second.watch.act({ keys: 1 });
    expect(second.watch.read()).toMatchObject({ keys: 4, total_ms: 500, first_action_ms: 300 });
  });

  it('does not take an answer that changed after it was submitted for a valid one', async () => {
    const at = bench(new PageServer(2, 3));
    await at.open();
    await at.pageSubmitted('A1t0', { a: 1 }, undefined);
    at.back();
    at.pageChanged('A1t0', { a: 2 });
    expect(await at.forward()).toBe(false);
    await at.pageSubmitted('A1t0', { a: 2 }, undefined);
    expect(at.task?.id).toBe('A1t1');
  });

  it('listens to no page of another suite', async () => {
    const at = bench(new PageServer(2, 1));
    await at.open();
    await vi.advanceTimersByTimeAsync(0);
    await at.pageSubmitted('A2t0', { a: 1 }, undefined);
    at.pageChanged('elsewhere', { a: 1 });
    expect(at.sheets).toEqual({});
    expect(at.task?.id).toBe('A1t0');
  });

  it('sends skipped and answered tasks of one suite together', async () => {
    const server = new PageServer(2, 2);
    const at = bench(server);
    await at.open();
    await at.skip({ kind: 'skip', reason: 'unclear' });
    expect(at.task?.id).toBe('A1t1');
    at.back();
    expect(at.sheet.skip?.reason).toBe('unclear');
    at.unskip();
    expect(await at.forward()).toBe(false);
    await at.skip({ kind: 'problem', reason: 'broken_page', comment: 'It stays grey.' });
    await at.pageSubmitted('A1t1', { mood: 'good' }, undefined);
    await vi.advanceTimersByTimeAsync(2500);
    const [first, second] = JSON.parse(server.sent[0]!.body).judgments;
    expect(first).toEqual({
      task: 'A1t0',
      skip: { kind: 'problem', reason: 'broken_page', comment: 'It stays grey.' },
    });
    expect(second.output).toEqual({ mood: 'good' });
  });

  it('sends a submission when its files are sent, and never with a file that is not', async () => {
    const server = new PageServer(3, 1);
    const name = `unsent:${crypto.randomUUID()}`;
    const deliveries: (() => Promise<string>)[] = [
      () => Promise.reject(new Unreachable()),
      () => Promise.resolve('M1'),
    ];
    const at = new Workbench('B', server, drafts(), Date.now, undefined, async (out) => {
      const media = await deliveries.shift()!();
      return { ...out, body: out.body.replace(name, media) };
    });
    await at.open();
    await at.pageSubmitted('A1t0', { shop: { media: name } }, undefined);
    await vi.advanceTimersByTimeAsync(2100);
    expect(at.sending).toBe('waiting');
    // A page that is being closed sends what it can.
    await at.flush(true);
    expect(server.sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(JSON.parse(server.sent[0]!.body).judgments[0].output).toEqual({ shop: { media: 'M1' } });
  });

  it('brings a task back whose file the server does not take', async () => {
    const server = new PageServer(3, 1);
    const refused = [{ field: 'judgments[0].output.shop', message: 'this is no picture' }];
    const deliver = () => Promise.reject(new Problem(422, 'Invalid', '', refused));
    const at = new Workbench('B', server, drafts(), Date.now, undefined, deliver);
    await at.open();
    await at.pageSubmitted('A1t0', { shop: {} }, undefined);
    await vi.advanceTimersByTimeAsync(2100);
    expect(at.task?.id).toBe('A1t0');
    expect(at.complaints).toEqual({ shop: 'This is no picture' });
    expect(server.sent).toEqual([]);
  });

  it('lets an answer take the place of a skip', async () => {
    const at = bench(new PageServer(1, 2));
    await at.open();
    await at.skip({ kind: 'skip', reason: 'other' });
    at.back();
    at.pageChanged('A1t0', { a: 1 });
    expect(at.sheet.skip).toBeUndefined();
  });

  it('shows what the server refuses at the page, and what belongs to no field above it', async () => {
    const server = new PageServer(3, 2);
    const at = bench(server);
    await at.open();
    await at.pageSubmitted('A1t0', { mood: 'x' }, undefined);
    server.failures = [
      new Problem(422, 'Invalid', '', [
        { field: 'judgments[1].output.mood', message: 'not an option' },
        { field: 'judgments[1].behavior', message: 'must not be negative' },
      ]),
    ];
    await at.pageSubmitted('A1t1', { mood: 'x' }, undefined);
    await vi.advanceTimersByTimeAsync(2500);
    expect(at.task?.id).toBe('A1t1');
    expect(at.complaints).toEqual({ mood: 'Not an option' });
    expect(at.notice).toContain('Must not be negative');
    expect(at.sheets['A1t0']?.complete).toBe(true);
    expect(await at.forward()).toBe(false);
  });
});

describe('Workbench in the field', () => {
  class FieldServer extends Server {
    taken = new Set<string>();
    constructor() {
      super(9, 1);
      const { claim } = this;
      this.detail = () => ({ input: { spot: { type: 'place' } } });
      this.claim = async (_?: string, task?: string) => {
        if (task !== undefined && this.taken.has(task)) throw new Problem(409, 'Conflict', 'not open to you');
        if (task !== undefined) this.taken.add(task);
        return claim();
      };
    }
  }

  it('claims nothing by itself, and the place that the worker reserves', async () => {
    const server = new FieldServer();
    const at = bench(server);
    await at.open();
    expect(at.stage).toBe('places');
    expect(server.live).toEqual([]);
    expect(await at.reserve('P1')).toBe(true);
    expect(at.stage).toBe('working');
    await vi.advanceTimersByTimeAsync(0);
    expect(server.live.length).toBe(1);
    await answer(at);
    expect(at.stage).toBe('places');
    expect(server.sent.map((each) => each.id)).toEqual(['A1']);
  });

  it('brings back what the server does not take from there', async () => {
    const server = new FieldServer();
    const at = bench(server);
    await at.open();
    await at.reserve('P1');
    server.failures = [
      new Problem(422, 'Invalid', '', [{ field: 'judgments[0].output.mood', message: 'is 3 km away' }]),
    ];
    await answer(at);
    expect(at.stage).toBe('working');
    expect(at.complaints).toEqual({ mood: 'Is 3 km away' });
    await answer(at);
    expect(at.stage).toBe('places');
    expect(server.sent.map((each) => each.id)).toEqual(['A1']);
  });

  it('says when somebody else was faster', async () => {
    const server = new FieldServer();
    server.taken.add('P1');
    const at = bench(server);
    await at.open();
    expect(await at.reserve('P1')).toBe(false);
    expect(at.stage).toBe('places');
  });
});

const checked = (task: string, right: boolean): Feedback => ({
  task,
  input: {},
  output: { mood: right ? 'good' : 'bad' },
  right,
  forgiven: false,
  answers: { mood: ['good'] },
  explanation: '',
  at: new Date().toISOString(),
  contest: null,
  may_contest: !right,
});

describe('Workbench with gold', () => {
  it('tells of a missed answer at the end of a task, never in the middle of one', async () => {
    const server = new Server(2, 2);
    server.told = [{ feedback: [checked('A1t0', false), checked('A1t1', true)] }];
    const at = bench(server);
    await at.open();
    await answer(at);
    await answer(at);
    expect(at.task?.id).toBe('A2t0');
    at.set('mood', 'good');
    await vi.advanceTimersByTimeAsync(2500);
    expect(at.stage).toBe('working');
    expect(at.sheet.entry).toEqual({ mood: 'good' });
    await at.forward();
    expect(at.stage).toBe('told');
    expect(at.told?.missed.map((each) => each.task)).toEqual(['A1t0']);
    expect(at.told?.right).toBe(1);
    // With the links of the assignment, which still hold.
    expect(at.told?.missed[0]?.input).toEqual({ text: '…' });
    await at.goOn();
    expect(at.stage).toBe('working');
    expect(at.task?.id).toBe('A2t1');
  });

  it('tells at once when there is no task at hand', async () => {
    const server = new Server(1, 1);
    server.told = [{ feedback: [checked('A1t0', false)] }];
    const at = bench(server);
    await at.open();
    await answer(at);
    expect(at.stage).toBe('told');
    await at.goOn();
    expect(at.stage).toBe('nothing');
  });

  it('says a word about right answers that takes nobody from the work', async () => {
    const server = new Server(2, 1);
    server.told = [{ feedback: [checked('A1t0', true)] }];
    const at = bench(server);
    await at.open();
    await vi.advanceTimersByTimeAsync(0);
    await answer(at);
    await vi.advanceTimersByTimeAsync(2100);
    expect(at.stage).toBe('working');
    expect(at.praise).toBe(1);
    await vi.advanceTimersByTimeAsync(6000);
    expect(at.praise).toBe(0);
  });

  const quiz = (tries_left: number) => ({ length: 1, pass: 0.8, tries_left, paid: false });
  const outcome = (passed: boolean, tries_left: number): QuizOutcome => ({
    right: Number(passed),
    of: 1,
    needed: 1,
    passed,
    tries_left,
  });
  const waiting = (tries: number): Standing => ({ ...ready, state: 'quiz', quiz: quiz(tries) });

  it('begins a quiz only when the worker says so, and claims nothing beside it', async () => {
    const server = new Server(5, 1);
    server.standing = waiting(2);
    server.told = [
      { quiz: outcome(false, 1), standing: waiting(1) },
      { quiz: outcome(true, 0), standing: ready },
    ];
    const at = bench(server);
    await at.open();
    expect(at.stage).toBe('quiz');
    expect(server.live).toEqual([]);
    await at.takeNext();
    await vi.advanceTimersByTimeAsync(0);
    expect(at.current?.quiz).toBe(true);
    expect(server.live.length).toBe(1);

    await answer(at, 'bad');
    expect(at.stage).toBe('told');
    expect(at.told?.quiz?.passed).toBe(false);
    await at.goOn();
    expect(at.current?.quiz).toBe(true);

    await answer(at);
    expect(at.told?.quiz?.passed).toBe(true);
    await at.goOn();
    expect(at.stage).toBe('working');
    expect(at.current?.quiz).toBe(false);
  });

  it('comes to an end after the last try', async () => {
    const server = new Server(5, 1);
    server.standing = waiting(1);
    server.told = [{ quiz: outcome(false, 0), standing: { ...ready, state: 'failed', text: 'Not this time.' } }];
    const at = bench(server);
    await at.open();
    await at.takeNext();
    await answer(at, 'bad');
    expect(at.stage).toBe('told');
    await at.goOn();
    expect(at.stage).toBe('stopped');
  });

  it('stops at once when the worker is excluded, and keeps no draft of what is not theirs any more', async () => {
    const server = new Server(3, 2);
    const excluded: Standing = { ...ready, state: 'excluded', text: 'You cannot go on.' };
    server.told = [{ feedback: [checked('A1t0', false)], standing: excluded }];
    const at = bench(server);
    await at.open();
    await answer(at);
    await answer(at);
    at.set('mood', 'good');
    expect(drafts().load('A2')).not.toBeNull();
    await vi.advanceTimersByTimeAsync(2500);
    expect(at.stage).toBe('stopped');
    expect(at.standing?.text).toBe('You cannot go on.');
    expect(at.told?.missed.length).toBe(1);
    expect(drafts().load('A2')).toBeNull();
  });

  it('finds out that it was excluded meanwhile when nothing more comes', async () => {
    const server = new Server(1, 1);
    const at = bench(server);
    await at.open();
    server.standing = { ...ready, state: 'excluded', text: 'You cannot go on.' };
    server.failures = [new Problem(409, 'Conflict', 'taken back')];
    await answer(at);
    expect(at.stage).toBe('stopped');
  });
});
