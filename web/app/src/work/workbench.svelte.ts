import { addMoney } from '../lib/format';
import { isRefusal, Problem, sentence, Unreachable } from '../lib/http';
import { t } from '../lib/strings/en';
import type { Assignment, Feedback, QuizOutcome, Standing, Submitted, Task, Value, WorkDetail } from '../lib/types';
import { checkAll } from './answers';
import { Watch, type Behavior } from './behavior';
import type { Drafts, Outgoing } from './drafts';
import { holdsParcels } from './parcels';
import { emptySheet, isDone, judgmentOf, type PageOutput, type Sheet, type Skip } from './sheet';
import type { Order } from './shuffle';

/**
 * `places`: the worker chooses where to go. `quiz`: a quiz waits to be begun. `told`: the worker reads how checked answers were judged. `stopped`: there is no more
 * for this worker here, and `standing` says why.
 */
export type Stage =
  'loading' | 'working' | 'places' | 'quiz' | 'told' | 'nothing' | 'over' | 'stopped' | 'offline' | 'failed';
export type Sending = 'idle' | 'held' | 'sending' | 'waiting';

/** What the worker is to be told before going on. */
export interface Told {
  missed: Feedback[];
  /** How many other checked answers were right. */
  right: number;
  quiz: QuizOutcome | null;
}

/** The calls of the API that work needs; the tests give their own. */
export interface WorkApi {
  getWork(batch: string): Promise<WorkDetail>;
  claim(batch: string, task?: string): Promise<Assignment | undefined>;
  submit(assignment: string, body: string, keepalive?: boolean): Promise<Submitted>;
  giveBack(assignment: string): Promise<unknown>;
}

/** How long a finished suite can be taken back before it is sent. */
const graceMs = 2000;
/** With so many tasks still to answer the next suite is claimed. Its time runs from then on, so not earlier. */
const nearEnd = 2;
const longestWaitMs = 30_000;
/** How long a word about right answers stays. */
const praiseMs = 5000;

/**
 * One worker at one batch: the suite in hand, the one fetched ahead, and the finished ones on their way to the server.
 *
 * A finished suite is kept on this device until the server has acknowledged it; the worker goes on meanwhile.
 */
export class Workbench {
  work = $state<WorkDetail | null>(null);
  stage = $state<Stage>('loading');
  current = $state.raw<Assignment | null>(null);
  position = $state(0);
  /** What has been left at each task. */
  sheets = $state.raw<Record<string, Sheet>>({});
  complaints = $state<Record<string, string>>({});
  sending = $state<Sending>('idle');
  earned = $state('0');
  notice = $state<string | null>(null);
  standing = $state.raw<Standing | null>(null);
  told = $state.raw<Told | null>(null);
  /** Checked answers just found right. */
  praise = $state(0);

  /** The suite fetched ahead. */
  next = $state.raw<Assignment | null>(null);
  /** Records how the worker works on the task in hand, where the project wants it. */
  readonly watch: Watch;

  /** The revision of the question that `work` holds, as far as assignments tell. */
  private revision: number | null = null;
  private fetching: Promise<void> | null = null;
  private queue: Outgoing[] = [];
  private running: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private praiseTimer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private closed = false;

  constructor(
    readonly batch: string,
    private readonly api: WorkApi,
    private readonly drafts: Drafts,
    private readonly now: () => number,
    private readonly preload: (assignment: Assignment, work: WorkDetail) => void = () => {},
    /** Stores what a submission names and the server does not have yet; gives the submission that can be sent. */
    private readonly deliver: (out: Outgoing) => Promise<Outgoing> = (out) => Promise.resolve(out),
  ) {
    this.watch = new Watch(() => performance.now());
  }

  get task() {
    return this.current?.tasks[this.position] ?? null;
  }

  get sheet(): Sheet {
    return (this.task && this.sheets[this.task.id]) ?? emptySheet;
  }

  /** The task in hand and those that may be wanted next, each with its assignment. */
  get around(): { assignment: Assignment; task: Task }[] {
    const { current, next, position } = this;
    const near = current ? current.tasks.slice(Math.max(0, position - 1), position + 2) : [];
    const ahead = next && (!current || position + 1 >= current.tasks.length) ? next.tasks.slice(0, 1) : [];
    return [
      ...near.map((task) => ({ assignment: current!, task })),
      ...ahead.map((task) => ({ assignment: next!, task })),
    ];
  }

  /** What the options of a task are shuffled by: the same for a worker whenever the task comes back. */
  seedOf(task: Task): string {
    return `${this.drafts.worker}/${task.id}`;
  }

  /** The tasks are at places, among which workers choose. */
  get isFieldWork(): boolean {
    return Object.values(this.work?.input ?? {}).some((field) => field.type === 'place');
  }

  get canGoBack(): boolean {
    return this.position > 0 || this.sending === 'held';
  }

  /** Loads the batch and takes up what was left: unsent submissions, then live assignments, then a new claim. */
  async open(): Promise<void> {
    try {
      this.queue = this.drafts.outgoing(this.batch);
      // First, so that what the server says has been earned includes it.
      if (this.queue.length) await this.flush();
      const work = await this.api.getWork(this.batch);
      this.know(work);
      this.failures = 0;
      this.earned = work.earned;
      const taken = (id: string) => id === this.current?.id || this.queue.some((out) => out.assignment.id === id);
      const left = work.assignments.filter((each) => !taken(each.id));
      // The server did not take some of its answers: it lies open already.
      if (this.current) {
        this.next = left[0] ?? null;
        return;
      }
      left.sort((a, b) => Number(!!this.drafts.load(b.id)) - Number(!!this.drafts.load(a.id)));
      const first = left.shift();
      this.next = left[0] ?? null;
      if (first) this.take(first);
      else if (!this.pause()) await this.takeNext();
    } catch (error) {
      this.fail(error);
    }
  }

  set(field: string, value: Value | undefined): void {
    if (!this.task || !this.current) return;
    const entry = { ...this.sheet.entry };
    if (value === undefined) delete entry[field];
    else entry[field] = value;
    delete this.complaints[field];
    this.write(this.task.id, { entry, skip: undefined });
  }

  /** The page of a task says what the answer is so far. */
  pageChanged(task: string, output: PageOutput): void {
    this.write(task, { output, complete: undefined, ...(task === this.task?.id ? { skip: undefined } : {}) });
  }

  /** The page of a task has submitted a valid answer. */
  async pageSubmitted(task: string, output: PageOutput, order: Order | undefined): Promise<void> {
    this.write(task, { output, order, complete: true, ...(task === this.task?.id ? { skip: undefined } : {}) });
    if (task === this.task?.id) await this.forward();
  }

  /** Leaves the task in hand unanswered, with a reason, and goes on. */
  async skip(skip: Skip): Promise<void> {
    if (!this.task) return;
    this.write(this.task.id, { skip });
    await this.forward();
  }

  unskip(): void {
    if (this.task) this.write(this.task.id, { skip: undefined });
  }

  private write(task: string, change: { [Part in keyof Sheet]?: Sheet[Part] | undefined }): void {
    const { current } = this;
    if (!current?.tasks.some((each) => each.id === task)) return;
    const changed = Object.entries({ ...(this.sheets[task] ?? emptySheet), ...change });
    const sheet = Object.fromEntries(changed.filter(([, part]) => part !== undefined)) as unknown as Sheet;
    this.sheets = { ...this.sheets, [task]: sheet };
    this.save(this.watch.read());
  }

  /** Keeps the draft, with what was recorded of the task in hand. */
  private save(behavior: Behavior | null): void {
    const { current, task, work } = this;
    if (!current || !task) return;
    if (behavior && work?.page.behavior) this.sheets = { ...this.sheets, [task.id]: { ...this.sheet, behavior } };
    this.drafts.save(current, this.position, this.sheets);
  }

  /** Goes on to the next task, or sends the suite after the last. False when something is missing here. */
  async forward(): Promise<boolean> {
    if (!this.work || !this.current || this.stage !== 'working') return false;
    const { task, sheet, work } = this;
    if (!task) return false;
    this.complaints = sheet.skip || task.page !== undefined ? {} : checkAll(work.output, sheet.entry);
    if (!isDone(task, sheet, work)) return false;
    this.notice = null;
    // Going on is the sign that the suite before was meant as it is.
    if (this.sending === 'held') void this.flush();
    if (this.position + 1 < this.current.tasks.length) {
      this.goTo(this.position + 1);
      this.prefetch();
      if (this.told) this.tell();
    } else {
      await this.finish();
    }
    return true;
  }

  /** The worker has read what was told. */
  async goOn(): Promise<void> {
    const failed = this.told?.quiz?.passed === false;
    this.told = null;
    if (this.current) this.begin();
    else if (!this.pause()) await this.takeNext();
    // Going on after a quiz that was not passed means to try again.
    else if (failed && this.stage === 'quiz') await this.takeNext();
  }

  back(): void {
    if (this.position > 0) this.goTo(this.position - 1);
    else if (this.sending === 'held') this.takeBack();
  }

  /** Gives the suite in hand back unanswered, and with it the one fetched ahead. */
  async giveBack(): Promise<void> {
    const given = this.current;
    if (!given) return;
    await this.api.giveBack(given.id);
    this.drafts.drop(given.id);
    this.current = null;
  }

  /** The time of the suite in hand is over: the server has given its tasks to others. */
  expire(): void {
    if (!this.current || this.stage !== 'working') return;
    this.drafts.drop(this.current.id);
    this.current = null;
    this.stage = 'over';
  }

  /** Looks for more work: takes the suite fetched ahead, or claims one. */
  async takeNext(): Promise<void> {
    this.notice = null;
    if (this.fetching) {
      this.stage = 'loading';
      await this.fetching;
    }
    const ahead = this.next;
    this.next = null;
    if (ahead && Date.parse(ahead.deadline) > this.now()) return this.take(ahead);
    const asked = this.stage;
    if (asked !== 'nothing') this.stage = 'loading';
    try {
      // While a finished suite is still ours on the server, a claim would answer with it.
      await this.flush();
      if (this.queue.length) throw new Unreachable('a finished suite is not sent yet');
      // The server did not take some of its answers: it lies open again.
      if (this.current) return;
      // The quiz begins when the worker says so, for its clock runs from the claim.
      if (asked !== 'quiz' && this.pause()) return;
      if (asked !== 'quiz' && this.isFieldWork) return void (this.stage = 'places');
      const claimed = await this.api.claim(this.batch);
      if (claimed) return this.take(claimed);
      // Somebody may have been excluded meanwhile; then there is more to say than that nothing is here.
      this.know(await this.api.getWork(this.batch));
      if (this.standing?.state === 'quiz' || !this.pause()) this.stage = 'nothing';
    } catch (error) {
      this.fail(error);
    }
  }

  /** Takes the task at a place. False when somebody else was faster. */
  async reserve(task: string): Promise<boolean> {
    try {
      const claimed = await this.api.claim(this.batch, task);
      if (claimed) this.take(claimed);
      return claimed !== undefined;
    } catch (error) {
      if (error instanceof Problem && error.status === 409) return false;
      throw error;
    }
  }

  /** Sends what is finished. Never throws: what cannot be sent now is tried again. */
  flush(keepalive = false): Promise<void> {
    clearTimeout(this.timer);
    if (this.running && !keepalive) return this.running;
    const running = this.sendAll(keepalive).finally(() => {
      if (this.running === running) this.running = null;
    });
    return (this.running = running);
  }

  /** Leaving the page: finished work is sent, work not begun is free for others. */
  close(): void {
    this.closed = true;
    if (this.queue.length) void this.flush(true);
    if (this.next) void this.api.giveBack(this.next.id).catch(() => {});
    this.next = null;
    clearTimeout(this.timer);
    clearTimeout(this.praiseTimer);
  }

  private know(work: WorkDetail): void {
    this.work = work;
    this.standing = work.standing;
  }

  /** Comes to rest where the worker must read or decide something before more tasks are taken. */
  private pause(): boolean {
    const state = this.standing?.state ?? 'ready';
    if (state === 'excluded') this.stage = 'stopped';
    else if (this.told) this.stage = 'told';
    else if (state === 'quiz') this.stage = 'quiz';
    else if (state !== 'ready') this.stage = 'stopped';
    else return false;
    return true;
  }

  private async sendAll(keepalive: boolean): Promise<void> {
    for (let out = this.queue[0]; out; out = this.queue[0]) {
      this.sending = 'sending';
      if (await this.send(out, keepalive)) continue;
      this.sending = 'waiting';
      return this.retryLater();
    }
    this.sending = 'idle';
    this.prefetch();
  }

  private retryLater(): void {
    clearTimeout(this.timer);
    if (this.closed) return;
    const wait = Math.min(longestWaitMs, 1000 * 2 ** ++this.failures);
    this.timer = setTimeout(() => void this.retry(), wait);
  }

  /** Tries again what the network refused: the sending, and then the claim that waited for it. */
  async retry(): Promise<void> {
    await this.flush();
    if (this.stage !== 'offline' || this.queue.length) return;
    await (this.work ? this.takeNext() : this.open());
  }

  private take(assignment: Assignment): void {
    if (this.revision !== null && this.revision !== assignment.revision) return void this.reread(assignment);
    this.revision = assignment.revision;
    const draft = this.drafts.load(assignment.id);
    this.current = assignment;
    this.sheets = draft?.sheets ?? {};
    this.complaints = {};
    this.position = Math.min(draft?.position ?? 0, assignment.tasks.length - 1);
    if (this.told) this.stage = 'told';
    else this.begin();
    this.prefetch();
  }

  /** The task in hand is shown now. */
  private begin(): void {
    this.stage = 'working';
    this.watch.begin(this.sheet.behavior);
  }

  /** What was told comes between two tasks; the next one's time does not run meanwhile. */
  private tell(): void {
    this.watch.end();
    this.stage = 'told';
  }

  /** The requester has changed the question meanwhile: these tasks are answered under the new one. */
  private async reread(assignment: Assignment): Promise<void> {
    this.current = null;
    this.stage = 'loading';
    try {
      this.know(await this.api.getWork(this.batch));
      this.revision = null;
      this.take(assignment);
    } catch (error) {
      this.next = assignment;
      this.fail(error);
    }
  }

  private goTo(position: number): void {
    if (!this.current) return;
    this.save(this.watch.end());
    this.position = position;
    this.complaints = {};
    this.save(null);
    if (this.stage === 'working') this.watch.begin(this.sheet.behavior);
  }

  private async finish(): Promise<void> {
    const { work, current } = this;
    if (!work || !current) return;
    const sheetOf = (task: Task) => this.sheets[task.id] ?? emptySheet;
    const open = current.tasks.findIndex((task) => !isDone(task, sheetOf(task), work));
    if (open >= 0) return this.goTo(open);
    this.save(this.watch.end());
    const judgments = current.tasks.map((task) => judgmentOf(task, sheetOf(task), work, this.seedOf(task)));
    this.queue.push(this.drafts.post(current, JSON.stringify({ judgments })));
    if (this.sending === 'idle') {
      this.sending = 'held';
      this.timer = setTimeout(() => void this.flush(), graceMs);
    }
    this.current = null;
    await this.takeNext();
  }

  private takeBack(): void {
    const out = this.queue.pop();
    if (!out) return;
    clearTimeout(this.timer);
    this.sending = 'idle';
    this.drafts.posted(out.assignment.id);
    this.reopen(out.assignment);
  }

  private reopen(assignment: Assignment): void {
    if (this.current && !this.next) {
      this.save(this.watch.end());
      this.next = this.current;
    }
    this.take(assignment);
    this.goTo(assignment.tasks.length - 1);
  }

  private prefetch(): void {
    const { current, work } = this;
    if (!current || !work || this.closed || this.next || this.fetching || this.queue.length) return;
    // What comes after a quiz depends on it.
    if (current.quiz || this.isFieldWork) return;
    if (current.tasks.length - this.position > nearEnd) return;
    this.fetching = this.api
      .claim(this.batch)
      .then((claimed) => {
        if (!claimed || claimed.id === this.current?.id) return;
        if (this.closed) return void this.api.giveBack(claimed.id);
        this.next = claimed;
        this.preload(claimed, work);
      })
      // It is only ahead of time; the claim at the end of the suite will tell what is wrong.
      .catch(() => {})
      .finally(() => (this.fetching = null));
  }

  /** True when the server has decided about it, for good or ill. */
  private async send(out: Outgoing, keepalive: boolean): Promise<boolean> {
    try {
      // A page that is being closed has no time for files.
      const ready = keepalive ? out : await this.deliver(out);
      if (holdsParcels(ready.body)) return false;
      const answer = await this.api.submit(out.assignment.id, ready.body, keepalive);
      this.earned = addMoney(this.earned, answer.earned);
      this.failures = 0;
      this.settle(out);
      this.drafts.drop(out.assignment.id);
      this.hear(out, answer);
      return true;
    } catch (error) {
      if (!isRefusal(error)) return false;
      this.settle(out);
      if (error.status === 422) this.correct(out, error);
      else {
        this.drafts.drop(out.assignment.id);
        this.notice = t.task.refused(error.detail || error.title);
      }
      return true;
    }
  }

  /** Takes in what the server says of checked answers; it is shown when the worker comes to the end of a task. */
  private hear(out: Outgoing, answer: Submitted): void {
    this.standing = answer.standing ?? this.standing;
    // The task as the worker saw it, with links that still hold.
    const seen = new Map(out.assignment.tasks.map((task) => [task.id, task.input]));
    const feedback = answer.feedback.map((each) => ({ ...each, input: seen.get(each.task) ?? each.input }));
    const missed = feedback.filter((each) => !each.right && !each.forgiven);
    const right = feedback.filter((each) => each.right).length;
    if (answer.quiz || missed.length) {
      const before = this.told;
      this.told = {
        missed: [...(before?.missed ?? []), ...missed],
        right: (before?.right ?? 0) + right,
        quiz: answer.quiz ?? before?.quiz ?? null,
      };
    } else if (right) {
      this.cheer(right);
    }
    // The leases of an excluded worker have ended.
    if (this.standing?.state === 'excluded') this.stop();
    else if (this.told && !this.current && this.stage !== 'loading') this.stage = 'told';
  }

  private cheer(right: number): void {
    this.praise = right;
    clearTimeout(this.praiseTimer);
    this.praiseTimer = setTimeout(() => (this.praise = 0), praiseMs);
  }

  private stop(): void {
    for (const held of [this.current, this.next]) if (held) this.drafts.drop(held.id);
    this.current = null;
    this.next = null;
    this.pause();
  }

  private settle(out: Outgoing): void {
    this.queue = this.queue.filter((each) => each !== out);
    this.drafts.posted(out.assignment.id);
  }

  /** The server refuses some answers: the suite comes back at the first of them, with the server's words beside it. */
  private correct(out: Outgoing, problem: Problem): void {
    this.reopen(out.assignment);
    const places = problem.errors.map(({ field, message }) => ({
      message: sentence(message),
      at: /^judgments\[(\d+)\](?:\.output\.(.+))?/.exec(field),
    }));
    const indices = places.flatMap(({ at }) => (at ? [Number(at[1])] : []));
    for (const index of indices) {
      const task = out.assignment.tasks[index];
      if (task) this.write(task.id, { complete: undefined });
    }
    const index = indices[0] ?? 0;
    this.goTo(Math.min(index, out.assignment.tasks.length - 1));
    const elsewhere: string[] = [];
    for (const { at, message } of places) {
      if (!at?.[2]) elsewhere.push(message);
      else if (Number(at[1]) === index) this.complaints[at[2]] = message;
    }
    this.notice = [t.task.corrected, ...elsewhere].join(' ');
  }

  private fail(error: unknown): void {
    if (error instanceof Unreachable) {
      this.stage = 'offline';
      if (this.sending !== 'waiting') this.retryLater();
      return;
    }
    this.stage = 'failed';
    if (!(error instanceof Problem)) throw error;
    this.notice = error.detail || error.title;
  }
}
