import { css, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { flag } from '../base/attributes.js';
import { AnswerElement } from '../base/answer.js';
import { strings } from '../base/strings.js';
import { common } from '../base/styles.js';

/**
 * Something that is on or off. Output: `{[value]: true | false}`, so that several of one name join in one object.
 *
 * @attr checked - on from the start
 * @attr value - the name of this state in the output; "on" when missing
 */
export abstract class Tick extends AnswerElement {
  @property({ converter: flag }) checked = false;
  @property() value = 'on';

  override get _submittableValue(): Record<string, boolean> {
    return { [this.value]: this.checked };
  }

  override restore(output: unknown): void {
    this.checked = (output as Record<string, unknown> | null)?.[this.value] === true;
  }

  override validate(): string | null {
    return this.required && !this.checked ? strings.mustCheck : null;
  }

  override get caption(): string {
    return this.textContent?.trim() || this.name;
  }

  override click(): void {
    this.toggle();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.initiallyChecked ??= this.checked;
  }

  override reset(): void {
    this.problem = null;
    this.checked = this.initiallyChecked ?? false;
    this.changed();
  }

  private initiallyChecked: boolean | undefined;

  protected toggle(): void {
    if (this.disabled) return;
    this.checked = !this.checked;
    this.changed();
  }

  static override styles = [
    common,
    css`
      :host {
        display: inline-block;
        max-width: 100%;
        margin-right: 12px;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 10px;
        min-height: var(--crowd-target);
        cursor: pointer;
      }
      input {
        flex: none;
        width: 20px;
        height: 20px;
        margin: 0;
        accent-color: var(--crowd-action);
      }
      :host([data-problem]) input {
        outline: 2px solid var(--crowd-bad);
        outline-offset: 2px;
      }
      label:has(:disabled) {
        opacity: 0.6;
        cursor: default;
      }
    `,
  ];
}

/** A box to tick. */
export class CrowdCheckbox extends Tick {
  override render(): TemplateResult {
    return html`
      <label>
        <input
          type="checkbox"
          .checked=${this.checked}
          ?disabled=${this.disabled}
          ?required=${this.required}
          @change=${this.follow}
        />
        <span><slot></slot></span>
      </label>
      ${this.renderProblem()}
    `;
  }

  private follow(event: Event): void {
    event.stopPropagation();
    this.toggle();
  }
}

/**
 * A switch.
 *
 * @attr invalid - in an alarming colour while it is off
 */
export class CrowdToggleButton extends Tick {
  @property({ converter: flag, reflect: true }) invalid = false;
  @state() private labelled = false;

  override render(): TemplateResult {
    return html`
      <label>
        <button
          type="button"
          role="switch"
          aria-checked=${this.checked}
          aria-label=${this.labelled ? nothing : this.getAttribute('aria-label') || this.name || this.value}
          ?disabled=${this.disabled}
          @click=${() => this.toggle()}
        >
          <i></i>
        </button>
        <span><slot @slotchange=${() => (this.labelled = Boolean(this.textContent?.trim()))}></slot></span>
      </label>
      ${this.renderProblem()}
    `;
  }

  static override styles = [
    ...Tick.styles,
    css`
      button {
        flex: none;
        width: 46px;
        height: 26px;
        padding: 2px;
        border: 1px solid var(--crowd-edge);
        border-radius: 13px;
        background: var(--crowd-sunken);
        cursor: inherit;
      }
      i {
        display: block;
        width: 20px;
        height: 20px;
        border-radius: 50%;
        background: var(--crowd-edge);
        transition: translate var(--crowd-quick);
      }
      [aria-checked='true'] {
        border-color: var(--crowd-action);
        background: var(--crowd-action);
      }
      [aria-checked='true'] i {
        background: var(--crowd-on-action);
        translate: 20px;
      }
      :host([invalid]) [aria-checked='false'],
      :host([data-problem]) [aria-checked='false'] {
        border-color: var(--crowd-bad);
        background: var(--crowd-bad-tint);
      }
      :host([invalid]) [aria-checked='false'] i {
        background: var(--crowd-bad);
      }
    `,
  ];
}

customElements.define('crowd-checkbox', CrowdCheckbox);
customElements.define('crowd-toggle-button', CrowdToggleButton);
