// What every element that gives an answer has in common: a name in the output, a value, validation, drafts.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { flag } from './attributes.js';
import { tellShell } from './shell.js';
import { strings } from './strings.js';

/**
 * An element whose answer joins the output of its form.
 *
 * A subclass keeps its answer in `value`, calls `changed()` after each change the worker made, and gives in
 * `_submittableValue` what the output holds under `name` (`undefined`: nothing). `restore()` takes back what
 * `_submittableValue` once gave.
 *
 * @fires crowd-change - bubbles out of shadow trees after each change of the answer
 * @fires change - bubbles, when a change is complete
 */
export abstract class AnswerElement extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  @property({ reflect: true }) name = '';
  @property({ converter: flag, reflect: true }) required = false;
  @property({ converter: flag, reflect: true }) disabled = false;
  /** What is wrong with the answer or with the element's attributes, shown at the element. */
  @state() problem: string | null = null;

  /** The answer as scripts of a template read and set it. */
  abstract get value(): unknown;
  abstract set value(value: unknown);

  /** Whether there is anything to answer; some elements may also just show something. */
  get asks(): boolean {
    return true;
  }

  /** What goes into the output under `name`; `undefined` leaves the name out. */
  get _submittableValue(): unknown {
    return this.value;
  }

  /** How messages name this element: what the worker reads at it, else its name in the output. */
  get caption(): string {
    return this.getAttribute('label') || this.getAttribute('header') || this.name;
  }

  /** A sentence for the worker when the answer may not be submitted yet, else null. */
  validate(): string | null {
    return this.required && this._submittableValue === undefined ? strings.required : null;
  }

  /** Takes a draft: what `_submittableValue` gave before. */
  restore(output: unknown): void {
    this.value = output;
  }

  /** Shows a sentence at the element, or takes it away. */
  showProblem(message: string | null): void {
    this.problem = message;
  }

  /** The same a moment later: shown at once, it would move the button that is just being pressed from under the finger. */
  protected showProblemSoon(message: string | null): void {
    setTimeout(() => this.showProblem(message), 300);
  }

  /** Whether the answer differs from the initial value; asked only of elements that have one. */
  get modified(): boolean {
    return this.initialOutput !== undefined && canonical(this.bareOutput()) !== this.initialOutput;
  }

  private initialOutput: string | undefined;
  private firstValue: unknown;

  /** Back to the answer that the page came with. */
  reset(): void {
    this.problem = null;
    this.value = this.firstValue;
    this.changed();
  }

  protected override firstUpdated(changes: PropertyValues): void {
    super.firstUpdated(changes);
    this.firstValue = this.value;
  }

  /** Call once, when the initial value is in place: later answers are compared with this one. */
  protected rememberInitial(): void {
    this.initialOutput = canonical(this.bareOutput());
  }

  /** The part of the output that counts as the answer when looking for modifications. */
  protected bareOutput(): unknown {
    return this.value;
  }

  /** Adds `initialValueModified` to the output of an adjustment task. */
  protected withModified<T extends object>(output: T): T & { initialValueModified?: boolean } {
    return this.initialOutput === undefined ? output : { ...output, initialValueModified: this.modified };
  }

  /**
   * The worker changed the answer. With `isFinal`, the element also fires `change`, as scripts of templates expect of it;
   * text fields do that when they are left.
   */
  protected changed(isFinal = true): void {
    this.problem = null;
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent('crowd-change', { bubbles: true, composed: true }));
    if (isFinal) this.dispatchEvent(new Event('change', { bubbles: true }));
  }

  protected renderProblem(): TemplateResult | typeof nothing {
    return this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing;
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    try {
      super.attributeChangedCallback(name, old, value);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.problem = strings.attribute(this.localName, name, reason);
      tellShell('problem', { message: this.problem });
    }
  }

  protected override updated(changes: PropertyValues): void {
    if (changes.has('problem')) this.toggleAttribute('data-problem', this.problem !== null);
  }
}

/** JSON text with sorted keys, so that equal answers have equal texts. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => {
      if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
      return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
    }) ?? ''
  );
}
