import { html, nothing, type TemplateResult } from 'lit';
import { loose } from '../base/attributes.js';
import { CrowdImageClassifierMultiSelect } from './image-classifier.js';

/**
 * Labels for unsafe content of an image, as Amazon Augmented AI asks for them.
 *
 * @attr categories - loose JSON list of strings or of `{name, parentName}`
 * @attr exclusion-category - loose JSON `{text: "None"}`
 * Output under "AWS/Rekognition/DetectModerationLabels/Image/V3", unless `name` says another:
 * `{ModerationLabels: [...]}` with the categories as the page gave them, strings or objects.
 */
export class CrowdModerationLabels extends CrowdImageClassifierMultiSelect {
  override name = 'AWS/Rekognition/DetectModerationLabels/Image/V3';

  /** The categories as the page gave them; `categories` holds their names. */
  private get given(): unknown[] {
    const given = loose.fromAttribute(this.getAttribute('categories'));
    return Array.isArray(given) ? given : this.categories;
  }

  override get _submittableValue(): object | undefined {
    if (!this.answered) return undefined;
    const chosen = new Set(this.value.labels);
    return { ModerationLabels: this.given.filter((category) => chosen.has(nameOf(category))) };
  }

  override restore(output: unknown): void {
    const labels = (output as { ModerationLabels?: unknown[] } | null)?.ModerationLabels ?? [];
    this.value = labels.map(nameOf);
  }

  protected override renderAside(option: string): TemplateResult | typeof nothing {
    const parent = this.given.map((category) => category as { name?: string; parentName?: string });
    const parentName = parent.find(({ name }) => name === option)?.parentName;
    return parentName ? html`<small>${parentName}</small>` : nothing;
  }
}

function nameOf(category: unknown): string {
  return typeof category === 'object' && category !== null
    ? String((category as { name?: unknown }).name)
    : String(category);
}

customElements.define('crowd-rekognition-detect-moderation-labels', CrowdModerationLabels);
