import { css, html, nothing, type TemplateResult } from 'lit';
import { CrowdForm } from '../form/form.js';
import type { Entity } from './spans.js';
import { SpanAnnotation } from './span-annotation.js';

/**
 * Labels for stretches of a text, with a form and a submit button of its own; extra questions may stand inside.
 *
 * Output: `{entities: [{startOffset, endOffset, label}]}`, offsets in Unicode code points, the end exclusive.
 */
export class CrowdEntityAnnotation extends SpanAnnotation {
  private ownForm: CrowdForm | null = null;

  get value(): { entities: Entity[] } {
    return { entities: this.entities };
  }
  set value(value: unknown) {
    this.spans = this.spansOf(Array.isArray(value) ? value : (value as { entities?: unknown } | null)?.entities);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.closest('crowd-form') || this.ownForm) return;
    this.ownForm = document.createElement('crowd-form') as CrowdForm;
    this.ownForm.host = this;
  }

  override render(): TemplateResult {
    return this.renderFrame(html`${this.renderAnnotation()}<slot></slot>${this.ownForm ?? nothing}`);
  }

  static override styles = [
    ...SpanAnnotation.styles,
    css`
      crowd-form {
        display: block;
        margin-top: 12px;
      }
    `,
  ];
}

customElements.define('crowd-entity-annotation', CrowdEntityAnnotation);
