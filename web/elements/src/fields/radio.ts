import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { flag } from '../base/attributes.js';
import { type Shuffled, shuffled } from '../base/shuffle.js';
import { strings } from '../base/strings.js';
import { common } from '../base/styles.js';
import { Tick } from './tick.js';

/** One choice; inside a `crowd-radio-group` choosing it clears the others. Output: `{[value]: true | false}`. */
export class CrowdRadioButton extends Tick {
  /** Only one button of a group is reached by Tab, the arrows go on from there. */
  @state() tabbable = true;

  override render(): TemplateResult {
    return html`
      <label>
        <input
          type="radio"
          tabindex=${this.tabbable ? 0 : -1}
          .checked=${this.checked}
          ?disabled=${this.disabled}
          @change=${this.follow}
        />
        <span><slot></slot></span>
      </label>
      ${this.renderProblem()}
    `;
  }

  private get group(): CrowdRadioGroup | null {
    return this.closest('crowd-radio-group');
  }

  /** The first button of a group answers for all of them. */
  override validate(): string | null {
    const { group } = this;
    if (!group) return super.validate();
    return group.buttons[0] === this ? group.validate() : null;
  }

  protected override renderProblem(): TemplateResult | typeof nothing {
    return this.group ? nothing : super.renderProblem();
  }

  /** A radio button is chosen, never unchosen, by the worker. */
  protected override toggle(): void {
    if (this.disabled || this.checked) return;
    super.toggle();
  }

  private follow(event: Event): void {
    event.stopPropagation();
    this.toggle();
  }
}

/**
 * Radio buttons of which at most one is chosen. Its buttons give the output.
 *
 * @attr required - one of them has to be chosen
 */
export class CrowdRadioGroup extends LitElement implements Shuffled {
  @property({ converter: flag, reflect: true }) required = false;
  @state() private problem: string | null = null;
  private isShuffled = false;

  get buttons(): CrowdRadioButton[] {
    return [...this.querySelectorAll<CrowdRadioButton>('crowd-radio-button')];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'radiogroup');
    this.addEventListener('crowd-change', this.onChange);
    this.addEventListener('keydown', this.onKey);
  }

  /** Changes the places of the buttons; whatever stands between them stays. */
  shuffle(seed: string): void {
    const { buttons } = this;
    this.isShuffled = true;
    const places = buttons.map((button) => {
      const place = document.createComment('');
      button.replaceWith(place);
      return place;
    });
    shuffled(buttons, `${seed}/${this.name}`).forEach((button, index) => places[index]!.replaceWith(button));
  }

  get name(): string {
    const names = new Set(this.buttons.map((button) => button.name));
    return names.size === 1 ? [...names][0]! : this.localName;
  }

  /** The buttons as the output tells them apart: by their values, or by names of their own. */
  get order(): string[] | undefined {
    if (!this.isShuffled) return undefined;
    return this.buttons.map(({ name, value }) => (name === this.name ? value : name));
  }

  /** Called by the first button of the group in the name of all. */
  validate(): string | null {
    const { buttons } = this;
    const required = this.required || buttons.some((button) => button.required);
    this.problem = required && !buttons.some((button) => button.checked) ? strings.required : null;
    return this.problem;
  }

  private onChange = (event: Event): void => {
    const changed = event.target as CrowdRadioButton;
    if (changed.checked) for (const button of this.buttons) if (button !== changed) button.checked = false;
    this.problem = null;
    this.rove();
  };

  private onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const enabled = this.buttons.filter((button) => !button.disabled);
    const at = enabled.indexOf((event.target as Element).closest('crowd-radio-button') as CrowdRadioButton);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    const next = enabled[(at + step + enabled.length) % enabled.length]!;
    next.click();
    void next.updateComplete.then(() => next.focus());
  };

  private rove = (): void => {
    const { buttons } = this;
    const reached = buttons.find((button) => button.checked) ?? buttons.find((button) => !button.disabled);
    for (const button of buttons) button.tabbable = button === reached;
  };

  override render(): TemplateResult {
    return html`
      <slot @slotchange=${this.rove}></slot>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
    `;
  }

  static override styles = [
    common,
    css`
      :host {
        display: block;
      }
    `,
  ];
}

customElements.define('crowd-radio-button', CrowdRadioButton);
customElements.define('crowd-radio-group', CrowdRadioGroup);
