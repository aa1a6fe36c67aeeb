// How somebody works on a task, in counts and times: never what was typed, where was clicked, what was pasted.

export interface Counts {
  keys: number;
  clicks: number;
  scrolls: number;
  pastes: number;
}

/** As the API takes it. Times are milliseconds while the task was shown, over all visits. */
export interface Behavior extends Counts {
  /** Until the first key or click; absent when there was none. */
  first_action_ms?: number;
  /** Time with an action at most `stillActiveMs` before it. */
  active_ms: number;
  total_ms: number;
  focus_lost: number;
  focus_lost_ms: number;
}

/** Reading is work: so long after an action somebody still counts as active. */
const stillActiveMs = 10_000;

const nothing: Behavior = {
  ...{ keys: 0, clicks: 0, scrolls: 0, pastes: 0 },
  ...{ active_ms: 0, total_ms: 0, focus_lost: 0, focus_lost_ms: 0 },
};

/** Watches one task at a time. */
export class Watch {
  private record: Behavior | null = null;
  /** Up to when the times of the record are counted. */
  private counted = 0;
  private lastAction = 0;
  private away = false;

  /** `now` gives milliseconds of a clock that never goes back. */
  constructor(private readonly now: () => number) {}

  /** A task is shown; `before` is what was recorded at earlier visits. */
  begin(before?: Behavior): void {
    this.record = { ...nothing, ...before };
    this.counted = this.lastAction = this.now();
  }

  /** The worker has done something. */
  act(done: Partial<Counts>): void {
    const { record } = this;
    if (!record) return;
    this.count();
    if ((done.keys || done.clicks) && record.first_action_ms === undefined) record.first_action_ms = record.total_ms;
    for (const [what, times] of Object.entries(done)) record[what as keyof Counts] += times;
    this.lastAction = this.now();
  }

  /** Whether the page has the worker's attention: in front, with the focus. */
  attend(here: boolean): void {
    if (this.away !== here) return;
    this.count();
    this.away = !here;
    if (this.away && this.record) this.record.focus_lost += 1;
  }

  /** What has been recorded of the task that is shown; null when there is none. */
  read(): Behavior | null {
    if (!this.record) return null;
    this.count();
    const whole = Object.entries(this.record).map(([name, value]) => [name, Math.round(value)]);
    return Object.fromEntries(whole) as unknown as Behavior;
  }

  /** The task is not shown any more. */
  end(): Behavior | null {
    const read = this.read();
    this.record = null;
    return read;
  }

  private count(): void {
    const { record } = this;
    if (!record) return;
    const now = this.now();
    record.total_ms += now - this.counted;
    if (this.away) record.focus_lost_ms += now - this.counted;
    else record.active_ms += Math.max(0, Math.min(now, this.lastAction + stillActiveMs) - this.counted);
    this.counted = now;
  }
}

/** Scrolling without a break of this length counts once. */
const scrollBreakMs = 250;
/** The focus moves between this window and its frames without an event that would tell; so it is looked at. */
const lookMs = 500;

/** Lets a watch see what happens in this window; the returned function ends it. */
export function observe(watch: Watch): () => void {
  const ends = new AbortController();
  const on = (type: string, heard: (event: Event) => void) =>
    window.addEventListener(type, heard, { capture: true, passive: true, signal: ends.signal });
  let lastScroll = -Infinity;
  const look = () => watch.attend(document.visibilityState === 'visible' && document.hasFocus());

  on('keydown', (event) => (event as KeyboardEvent).repeat || watch.act({ keys: 1 }));
  on('pointerdown', () => watch.act({ clicks: 1 }));
  on('paste', () => watch.act({ pastes: 1 }));
  on('scroll', ({ timeStamp }) => {
    if (timeStamp - lastScroll > scrollBreakMs) watch.act({ scrolls: 1 });
    lastScroll = timeStamp;
  });
  document.addEventListener('visibilitychange', look, { signal: ends.signal });
  const timer = setInterval(look, lookMs);
  return () => {
    clearInterval(timer);
    ends.abort();
  };
}
