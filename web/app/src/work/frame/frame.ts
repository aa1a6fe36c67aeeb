// One task's page in its frame: what the shell tells it and hears from it. The page has an origin of its own, without a
// name; nothing but messages goes in and out.
import { t } from '../../lib/strings/en';
import type { PageTerms } from '../../lib/types';
import type { PageOutput } from '../sheet';
import type { Order } from '../shuffle';
import type { Counts } from '../behavior';
import { Height } from './height';
import { Budget, readMessage, type FromPage, type PageOptions, type ToPage } from './messages';
import { handingName, moduleText } from './modules';

/** What is wrong with a page: it does not start, it does not answer, or it talks without end. */
export type Trouble = 'late' | 'silent' | 'flood';

/** What a page asks the shell to store. */
export type FileRequest = Extract<FromPage, { kind: 'upload' | 'capture' }>;

/** What the shell does when a page says something. */
export interface Listener {
  changed(task: string, output: PageOutput): void;
  submitted(task: string, output: PageOutput, order: Order | undefined): void;
  invalid(message: string): void;
  key(key: string): void;
  activity(counts: Counts): void;
  file(frame: TaskFrame, request: FileRequest): void;
  /** Whether the page is ready, its complaints, or what is wrong with it has changed. */
  news(frame: TaskFrame): void;
}

export interface FramedTask {
  assignment: string;
  task: string;
  page: string;
}

/** What a page may do beside running its scripts. */
export type Rights = Pick<PageTerms, 'links' | 'geolocation'>;

/** Never allow-same-origin: together with allow-scripts the page could reach everything of the worker's. */
export function sandboxOf({ links }: Pick<Rights, 'links'>): string {
  return links ? 'allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox' : 'allow-scripts allow-forms';
}

/** A page on a slow line may need some seconds; one that has not started then may never do. */
const startMs = 8000;
/** Checking an answer is a matter of milliseconds. */
const answerMs = 4000;
/** So many refused messages are no accident. */
const mostRefused = 3000;
const mostProblems = 3;
/** There are not so many. */
const mostModules = 50;

export class TaskFrame {
  readonly element: HTMLIFrameElement;
  ready = false;
  trouble: Trouble | null = null;
  /** What the page says is wrong with itself. */
  problems: string[] = [];
  shown = false;
  private submitted = false;
  /** What the page is to show, or has said it shows. */
  private output: PageOutput | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Modules that the page has been handed. */
  private readonly handed = new Set<string>();
  private readonly height: Height;
  private readonly budget: Budget;

  constructor(
    readonly of: FramedTask,
    private readonly options: PageOptions,
    private readonly listener: Listener,
    title: string,
    rights: Rights,
  ) {
    const now = () => performance.now();
    this.height = new Height(now, Math.max(320, window.innerHeight - 150));
    this.budget = new Budget(now);
    this.element = document.createElement('iframe');
    this.element.name = handingName;
    this.element.setAttribute('sandbox', sandboxOf(rights));
    if (rights.geolocation) this.element.allow = 'geolocation';
    this.element.title = title;
    this.element.src = of.page;
    this.element.style.height = `${this.height.value}px`;
    this.hide();
  }

  /** Shows the page; it can be answered now, also one that was submitted before. */
  show(draft: PageOutput | undefined): void {
    this.shown = true;
    this.restore(draft);
    this.element.inert = false;
    this.element.classList.add('shown');
    this.element.removeAttribute('aria-hidden');
    if (!this.ready) this.await('late', startMs);
    else if (this.submitted) this.refuse({});
  }

  /** Fills the page with what was answered before, unless that came from this page itself. */
  restore(draft: PageOutput | undefined): void {
    if (draft === undefined || draft === this.output) return;
    this.output = draft;
    if (this.ready) this.tell({ crowdsmith: 'restore', output: draft });
  }

  /** Out of sight, yet laid out and alive, so that it can be shown at once. */
  hide(): void {
    this.shown = false;
    clearTimeout(this.timer);
    this.element.inert = true;
    this.element.classList.remove('shown');
    this.element.setAttribute('aria-hidden', 'true');
  }

  focus(): void {
    if (this.ready && !document.querySelector('dialog[open]')) this.element.focus({ preventScroll: true });
  }

  remove(): void {
    clearTimeout(this.timer);
    this.element.remove();
  }

  tell(message: ToPage): void {
    // The page's origin is opaque, so it cannot be named; nobody else is in this frame's window.
    this.element.contentWindow?.postMessage(message, '*');
  }

  /** Asks the page to check and give its answer. */
  submit(): void {
    if (!this.ready) return;
    this.tell({ crowdsmith: 'submit' });
    this.await('silent', answerMs);
  }

  /** Opens the page again, with complaints at its fields. */
  refuse(errors: Record<string, string>): void {
    this.submitted = false;
    this.tell({ crowdsmith: 'errors', errors });
  }

  /** Takes a message that came from this frame's window. */
  hear(data: unknown): void {
    if (this.trouble === 'flood') return;
    if (!this.budget.take()) {
      if (this.budget.refused > mostRefused) this.stop();
      return;
    }
    const message = readMessage(data);
    if (message) this.heed(message);
  }

  private heed(message: FromPage): void {
    const { listener, of } = this;
    switch (message.kind) {
      case 'ready':
        return this.start();
      case 'change':
        // A page that has submitted is closed; this was still on its way.
        if (this.submitted) return;
        this.output = message.output;
        return listener.changed(of.task, message.output);
      case 'submit':
        this.answered();
        this.submitted = true;
        this.output = message.output;
        // Nobody has seen a page that is loaded ahead.
        return this.shown ? listener.submitted(of.task, message.output, message.order) : undefined;
      case 'unusable':
        this.answered();
        this.refuse({});
        return this.complain(t.frame.unusable);
      case 'invalid':
        this.answered();
        return this.shown ? listener.invalid(message.message) : undefined;
      case 'height':
        this.height.follow(message.height);
        this.element.style.height = `${this.height.value}px`;
        return;
      case 'key':
        return this.shown ? listener.key(message.key) : undefined;
      case 'activity':
        return this.shown ? listener.activity(message.counts) : undefined;
      case 'problem':
        return this.complain(message.message);
      case 'module':
        return void this.hand(message.file);
      case 'upload':
      case 'capture':
        return this.shown ? listener.file(this, message) : undefined;
    }
  }

  private start(): void {
    if (this.ready) return;
    this.ready = true;
    this.tell({ crowdsmith: 'options', ...this.options });
    if (this.output) this.tell({ crowdsmith: 'restore', output: this.output });
    this.element.classList.add('ready');
    this.answered();
    this.listener.news(this);
  }

  /** Hands over a module, each once: what a page asks for again it has to load by itself. */
  private async hand(file: string): Promise<void> {
    const may = !this.handed.has(file) && this.handed.size < mostModules;
    if (may) this.handed.add(file);
    this.tell({ crowdsmith: 'module', file, text: may ? await moduleText(file) : null });
  }

  private complain(problem: string): void {
    if (this.problems.includes(problem) || this.problems.length >= mostProblems) return;
    this.problems = [...this.problems, problem];
    this.listener.news(this);
  }

  /** Says that something is wrong unless the page is heard of in time. */
  private await(trouble: Trouble, ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.trouble = trouble;
      this.listener.news(this);
    }, ms);
  }

  private answered(): void {
    clearTimeout(this.timer);
    if (!this.trouble) return;
    this.trouble = null;
    this.listener.news(this);
  }

  /** The page does nothing but talk: it is ended, so that the shell stays usable. */
  private stop(): void {
    clearTimeout(this.timer);
    this.trouble = 'flood';
    this.element.remove();
    this.listener.news(this);
  }
}
