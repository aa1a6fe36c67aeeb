import { tellActivity } from '../base/activity.js';
import { AnswerElement } from '../base/answer.js';
import { inShell, type Output, tellShell } from '../base/shell.js';
import { canShuffle, type Shuffled } from '../base/shuffle.js';
import { strings } from '../base/strings.js';
import { captionOf, type Field, fieldsIn, nameOf, problemOf } from './fields.js';
import { flatten, outputOf, restoreOutput } from './output.js';
import { formDataOutput, restoreFormData } from './plain.js';
import { showAlone } from './alone.js';
import { Conversation } from './conversation.js';

const submitButtons = '[form-action="submit"], button:not([type="button"], [type="reset"]), input[type="submit"]';

/**
 * The form around a task. It puts its children into a real `<form>`, so that scripts of templates find what they expect:
 * `form`, `submit()`, `onsubmit`, `submit` listeners, `preventDefault()`.
 *
 * @attr answer-format - `flatten-objects` gives each leaf of the output a key of its own, `name.part`; `form-data` gives
 *   HTML's controls as a browser sends them
 * @attr submit-on-choice - a number key or a tap that answers the page's only question also submits
 */
export class CrowdForm extends HTMLElement {
  /** The HTML form inside. */
  form: HTMLFormElement = document.createElement('form');
  /** An element that holds this form in its shadow tree and whose answer is part of the output. */
  host: AnswerElement | null = null;
  private conversation: Conversation | null = null;
  private sent = false;
  /** The button that asked for the submission, whose value a plain form sends too. */
  private submitter: HTMLElement | null = null;

  connectedCallback(): void {
    if (document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', () => this.isConnected && this.start(), { once: true });
    } else this.start();
  }

  disconnectedCallback(): void {
    this.conversation?.end();
    this.conversation = null;
  }

  /** Validates, asks the template's listeners, and submits. */
  submit(): void {
    HTMLFormElement.prototype.requestSubmit.call(this.form);
  }

  requestSubmit(): void {
    HTMLFormElement.prototype.requestSubmit.call(this.form);
  }

  /** Submits as the worker would with the template's own button: scripts may listen to its presses. */
  press(): void {
    const button = this.ownButton;
    if (!button) this.requestSubmit();
    else if (button.matches('[disabled]')) tellShell('invalid', { message: strings.refused });
    else button.click();
  }

  reset(): void {
    HTMLFormElement.prototype.reset.call(this.form);
  }

  /** Named fields and the others, in page order. */
  get fields(): Field[] {
    return [...fieldsIn(this, this.host), ...this.associated];
  }

  /** Elements elsewhere in the page that name this form, as crowd-question-answer-generation may. */
  get associated(): AnswerElement[] {
    const named = this.id ? document.querySelectorAll(`[crowd-form-element-id="${CSS.escape(this.id)}"]`) : [];
    return [...named].filter((element) => element instanceof AnswerElement);
  }

  /** The output as it would be submitted now. */
  get output(): Output {
    if (this.format === 'form-data') return formDataOutput(this.form, this.submitter);
    const output = outputOf(this.fields);
    return this.format === 'flatten-objects' ? flatten(output) : output;
  }

  /** Elements whose options can be shuffled. */
  get shuffled(): Shuffled[] {
    const roots = [this, ...(this.host ? [this.host] : [])];
    return roots.flatMap((root) => [...root.querySelectorAll('*')]).filter((element) => canShuffle(element));
  }

  /** The button with which the template submits; null where there is none, or it is one of several and not called so. */
  private get ownButton(): HTMLElement | null {
    const isOwn = (button: HTMLElement): boolean =>
      !('crowdAdded' in button.dataset) &&
      (button.localName === 'crowd-button' || button.closest('form') === this.form);
    const buttons = [...this.querySelectorAll<HTMLElement>(submitButtons)].filter(isOwn);
    const named = buttons.filter((button) =>
      /submit/i.test(`${button.id} ${button.getAttribute('value')} ${button.textContent}`),
    );
    const fitting = buttons.length > 1 ? named : buttons;
    return fitting.length === 1 ? fitting[0]! : null;
  }

  private get format(): string | null {
    return this.getAttribute('answer-format');
  }

  restore(output: Output): void {
    if (this.format === 'form-data') restoreFormData(this.form, output);
    else restoreOutput(this.fields, output);
  }

  /** Lets the worker submit again, after the shell has refused an output. */
  reopen(errors: Record<string, string> = {}): void {
    this.sent = false;
    this.toggleBusy(false);
    for (const field of this.fields) {
      const message = errors[nameOf(field)];
      if (message === undefined) continue;
      if (field instanceof AnswerElement) field.showProblem(message);
      else showAtControl(field, message);
    }
  }

  /** Hides the Submit button that the page did not ask for. */
  hideAddedButton(): void {
    for (const button of this.querySelectorAll<HTMLElement>('[data-crowd-added]')) button.style.display = 'none';
  }

  private start(): void {
    if (!this.form.isConnected) this.wrap();
    this.conversation ??= new Conversation(this);
  }

  private wrap(): void {
    const own = [...this.children].filter((child) => child instanceof HTMLFormElement);
    if (own.length === 1) this.form = own[0] as HTMLFormElement;
    else {
      this.form.append(...this.childNodes);
      this.append(this.form);
    }
    // As attributes: controls of these names would hide the form's own properties.
    this.form.setAttribute('novalidate', '');
    // Submitting a form of this kind leads nowhere: the output goes to the shell instead.
    this.form.setAttribute('method', 'dialog');
    this.form.addEventListener('reset', () => this.resetAnswers());
    this.addEventListener('submit', (event) => this.beforeSubmit(event), { capture: true });
    this.addButton();
  }

  private addButton(): void {
    if (this.querySelector('[form-action="submit"], button[type="submit"], input[type="submit"]')) return;
    const button = document.createElement('crowd-button');
    button.setAttribute('form-action', 'submit');
    button.setAttribute('variant', 'primary');
    button.dataset['crowdAdded'] = '';
    button.textContent = strings.submit;
    this.form.append(button);
  }

  /** Ahead of the template's listeners: an answer that is not valid never reaches them. */
  private beforeSubmit(event: SubmitEvent): void {
    if (event.target !== this.form) return this.submitInner(event);
    takeTypedText();
    if (this.sent || !this.check()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    this.submitter = event.submitter;
    // After them all: one that called preventDefault() or returned false has refused the submission.
    setTimeout(() => (event.defaultPrevented ? tellShell('invalid', { message: strings.refused }) : this.send()));
  }

  /** A form in the form leads nowhere either; unless the template prevents it, all is submitted. */
  private submitInner(event: SubmitEvent): void {
    (event.target as HTMLFormElement).setAttribute('method', 'dialog');
    setTimeout(() => event.defaultPrevented || this.requestSubmit());
  }

  /** Shows what is wrong, focuses the first field in question, and tells whether all is well. */
  private check(): boolean {
    let first: { field: Field; message: string } | null = null;
    for (const field of this.fields) {
      const message = problemOf(field);
      if (field instanceof AnswerElement) field.showProblem(message);
      if (message !== null) first ??= { field, message };
    }
    if (!first) return true;
    focusField(first.field);
    const caption = captionOf(first.field);
    tellShell('invalid', { message: caption ? `${caption}: ${first.message}` : first.message });
    return false;
  }

  private send(): void {
    if (this.sent) return;
    const { output } = this;
    if (!inShell) return showAlone(this.host ?? this, output);
    this.sent = true;
    this.toggleBusy(true);
    tellActivity();
    const shown = this.shuffled.flatMap((element) => {
      const name = element instanceof AnswerElement ? nameOf(element) : element.name;
      return element.order ? [[name, element.order] as const] : [];
    });
    tellShell('submit', { output, ...(shown.length > 0 ? { order: Object.fromEntries(shown) } : {}) });
  }

  private toggleBusy(busy: boolean): void {
    for (const button of this.querySelectorAll('[form-action="submit"]')) button.toggleAttribute('loading', busy);
  }

  private resetAnswers(): void {
    for (const field of this.fields) if (field instanceof AnswerElement) field.reset();
  }
}

/** An element's text field tells of its change when it loses the focus, which Ctrl+Enter does not wait for. */
function takeTypedText(): void {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  const isOurs = active?.getRootNode() instanceof ShadowRoot;
  if (isOurs && active!.matches('input:read-write, textarea:read-write')) active!.dispatchEvent(new Event('change'));
}

function focusField(field: Field): void {
  field.dispatchEvent(new CustomEvent('crowd-reveal', { bubbles: true, composed: true }));
  if (!(field instanceof AnswerElement)) return void field.reportValidity();
  field.scrollIntoView({ block: 'nearest' });
  // The problem is rendered first: a screen reader then reads it with the field.
  void field.updateComplete.then(() => field.focus());
}

function showAtControl(control: Exclude<Field, AnswerElement>, message: string): void {
  control.setCustomValidity(message);
  control.addEventListener('input', () => control.setCustomValidity(''), { once: true });
  control.reportValidity();
}

customElements.define('crowd-form', CrowdForm);
