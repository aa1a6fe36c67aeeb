import { css, html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { TaskElement } from '../base/header.js';
import { moreStrings } from './strings.js';

/**
 * A text that the worker has to agree to before the page can be submitted.
 *
 * @attr text - what the box says
 * @attr version - which version of the text this is, given back in the output
 * @slot - the text to read
 * Output: `{agreed: true, version?, at: "2026-01-31T12:00:00.000Z"}`.
 */
export class CrowdConsent extends TaskElement {
  @property() text = moreStrings.agree;
  @property() version = '';
  @state() private at: string | undefined;

  get value(): { agreed: boolean; version?: string; at?: string } {
    const version = this.version ? { version: this.version } : {};
    return this.at ? { agreed: true, ...version, at: this.at } : { agreed: false, ...version };
  }
  set value(value: unknown) {
    const { agreed, at, version } = (value ?? {}) as { agreed?: boolean; at?: string; version?: string };
    // Consent to another version is no consent to this one.
    const same = (version ?? '') === this.version;
    this.at = agreed === true && same ? (at ?? new Date().toISOString()) : undefined;
  }

  override get _submittableValue(): unknown {
    return this.at ? this.value : undefined;
  }

  override validate(): string | null {
    return this.at ? null : moreStrings.needsConsent;
  }

  private toggle(event: Event): void {
    this.at = (event.target as HTMLInputElement).checked ? new Date().toISOString() : undefined;
    this.changed();
  }

  override render(): TemplateResult {
    return this.renderFrame(html`
      <div class="terms" tabindex="0" role="region" aria-label=${this.header || this.name}><slot></slot></div>
      <label>
        <input type="checkbox" .checked=${this.at !== undefined} ?disabled=${this.disabled} @change=${this.toggle} />
        <span>${this.text}</span>
      </label>
    `);
  }

  static override styles = [
    ...TaskElement.styles,
    css`
      .terms {
        max-height: 50vh;
        padding: 12px 16px;
        overflow: auto;
        border: 1px solid var(--crowd-line);
        border-radius: var(--crowd-round);
        background: var(--crowd-surface);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 10px;
        min-height: var(--crowd-target);
        margin-top: 8px;
        font-weight: 600;
      }
      input {
        width: 20px;
        height: 20px;
        accent-color: var(--crowd-action);
      }
    `,
  ];
}

customElements.define('crowd-consent', CrowdConsent);
