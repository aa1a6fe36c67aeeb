import { customElement } from 'lit/decorators.js';
import { freeColor, normalizeColor } from './colors.js';
import type { PaintClass } from './mask.js';
import { SegmentationElement } from './segmentation-element.js';
import { drawStrings } from './strings.js';

/**
 * `<crowd-semantic-segmentation>`: each pixel gets a label or none.
 *
 * Output: `{inputImageProperties: {height, width}, labelMappings: {LABEL: {color}}, labeledImage: {pngImageData}}`, and
 * `initialValueModified` when there is an `initial-value` (`{src, labelMappings}`). `labelMappings` has every label; the
 * PNG is RGBA of the picture's size, its unlabelled pixels are transparent white.
 */
@customElement('crowd-semantic-segmentation')
export class SemanticSegmentation extends SegmentationElement {
  protected override readonly initialForm = '{"labelMappings": {LABEL: {"color": "#1f77b4"}}, "src": "…"}';

  override get _submittableValue(): unknown {
    const output = this.value as object | undefined;
    return output === undefined ? undefined : this.withModified(output);
  }

  protected override get currentLabel(): string {
    return this.editor?.currentClass?.label ?? '';
  }

  protected override firstClasses(): readonly PaintClass[] {
    return this.usedLabels.map((label) => ({ label, color: this.colorOf(label) }));
  }

  /** Labels keep the colours of the mapping; those it does not have get colours that are still free. */
  protected override readClasses(value: Readonly<Record<string, unknown>>): readonly PaintClass[] | null {
    const mappings = value['labelMappings'];
    if (mappings === null || typeof mappings !== 'object') return null;
    const colors = new Map<string, string>();
    for (const [label, mapping] of Object.entries(mappings as Record<string, { color?: unknown } | null>)) {
      const color = normalizeColor(String(mapping?.color));
      if (color === null) return null;
      colors.set(label, color);
    }
    for (const label of this.usedLabels) if (!colors.has(label)) colors.set(label, freeColor(colors.values()));
    const order = [...this.usedLabels, ...[...colors.keys()].filter((label) => !this.usedLabels.includes(label))];
    return order.map((label) => ({ label, color: colors.get(label)! }));
  }

  protected override writeClasses(classes: readonly PaintClass[]): object {
    return { labelMappings: Object.fromEntries(classes.map(({ label, color }) => [label, { color }])) };
  }

  protected override colorOf(label: string): string {
    return this.editor?.mask.classes.find((candidate) => candidate.label === label)?.color ?? super.colorOf(label);
  }

  protected override chooseLabel(label: string): void {
    const index = this.editor.mask.classes.findIndex((candidate) => candidate.label === label);
    if (index === -1) return;
    this.editor.chooseIndex(index + 1);
    this.say(drawStrings.labelChosen(label));
  }

  protected override ensureClass(): number {
    return this.editor.index;
  }
}
