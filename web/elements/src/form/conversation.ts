// What a form and the shell tell each other while a worker is at it.
import { onShell, type Options, tellShell } from '../base/shell.js';
import { isTyping, keyOwner } from '../base/keys.js';
import { AnswerElement } from '../base/answer.js';
import { nameOf } from './fields.js';
import type { CrowdForm } from './form.js';

/** Drafts wait for a pause in typing, in milliseconds. */
const pause = 300;
/** Long enough to see what was chosen, too short to wait for. */
const flash = 130;

export class Conversation {
  submitOnChoice: boolean;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private going: ReturnType<typeof setTimeout> | undefined;
  private readonly ends: (() => void)[];

  constructor(private readonly form: CrowdForm) {
    this.submitOnChoice = form.hasAttribute('submit-on-choice');
    this.ends = [
      onShell('submit', () => form.press()),
      onShell('restore', ({ output }) => form.restore(output)),
      onShell('errors', ({ errors }) => form.reopen(errors)),
      onShell('options', (options) => this.take(options)),
      ...['input', 'change', 'crowd-change'].flatMap((type) => this.listenInside(type, () => this.later())),
      ...this.listenInside('crowd-chosen', (event) => this.chosen(event)),
      this.listen(document, 'keydown', (event) => this.key(event as KeyboardEvent)),
    ];
  }

  end(): void {
    clearTimeout(this.timer);
    clearTimeout(this.going);
    for (const end of this.ends) end();
  }

  private take({ submitOnChoice, shuffle, hasButton }: Options): void {
    this.submitOnChoice = submitOnChoice ?? this.submitOnChoice;
    if (shuffle !== undefined) for (const element of this.form.shuffled) element.shuffle(shuffle);
    if (hasButton) this.form.hideAddedButton();
  }

  private listen(target: EventTarget, type: string, listener: (event: Event) => void): () => void {
    target.addEventListener(type, listener);
    return () => target.removeEventListener(type, listener);
  }

  /** In the form and in the element that holds it; not every event leaves the shadow tree between them. */
  private listenInside(type: string, listener: (event: Event) => void): (() => void)[] {
    const inside = [this.form, ...this.form.associated, ...(this.form.host ? [this.form.host] : [])];
    return inside.map((target) => this.listen(target, type, listener));
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => tellShell('change', { output: this.form.output }), pause);
  }

  /** One key press or one tap has answered the only question there is. */
  private chosen(event: Event): void {
    const named = this.form.fields.filter((field) => nameOf(field) && !(field instanceof AnswerElement && !field.asks));
    const only = named.length === 1 && named[0] === event.composedPath()[0];
    if (!this.submitOnChoice || !only || !(named[0] instanceof AnswerElement)) return;
    clearTimeout(this.going);
    if ((event as CustomEvent).detail === 'tap') this.going = setTimeout(() => this.form.requestSubmit(), flash);
    else this.form.requestSubmit();
  }

  /** Enter submits, unless something that has the focus needs the key; with Control or Command it always does. */
  private key(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.defaultPrevented || event.repeat || event.isComposing) return;
    const anywhere = event.ctrlKey || event.metaKey;
    if (!anywhere && (isTyping(event) || keyOwner(event))) return;
    if (document.querySelector('dialog[open]')) return;
    event.preventDefault();
    this.form.press();
  }
}
