import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { freeColor, normalizeColor } from './colors.js';
import type { KeyCommand } from './keyboard.js';
import type { PaintClass } from './mask.js';
import { SegmentationElement } from './segmentation-element.js';
import { drawStrings } from './strings.js';

/** Indices of a mask are bytes, and 0 is the background. */
const MOST_INSTANCES = 255;

/**
 * `<crowd-instance-segmentation>`: each pixel belongs to one thing or none; several things may share a label.
 *
 * Output: `{inputImageProperties: {height, width}, instances: [{color, label}], labeledImage: {pngImageData}}`;
 * `initial-value` is `{src, instances}`. Instances without a pixel are left out of the output.
 */
@customElement('crowd-instance-segmentation')
export class InstanceSegmentation extends SegmentationElement {
  protected override readonly initialForm = '{"instances": [{"color": "#1f77b4", "label": LABEL}], "src": "…"}';
  /** The label whose instances come next. */
  @state() private label = '';

  protected override get currentLabel(): string {
    return this.label;
  }

  /** The colour of the label's last instance. */
  protected override colorOf(label: string): string {
    const instance = this.editor?.mask.classes.findLast((candidate) => candidate.label === label);
    return instance?.color ?? 'transparent';
  }

  protected override firstClasses(): readonly PaintClass[] {
    return [];
  }

  protected override readClasses(value: Readonly<Record<string, unknown>>): readonly PaintClass[] | null {
    const { instances } = value;
    if (!Array.isArray(instances)) return null;
    const classes = instances.map((item: { color?: unknown; label?: unknown } | null) => ({
      label: String(item?.label ?? ''),
      color: normalizeColor(String(item?.color)) ?? '',
    }));
    return classes.every(({ color }) => color !== '') ? classes.slice(0, MOST_INSTANCES) : null;
  }

  protected override writeClasses(classes: readonly PaintClass[], counts: readonly number[]): object {
    const painted = classes.filter((_, index) => (counts[index] ?? 0) > 0);
    return { instances: painted.map(({ color, label }) => ({ color, label })) };
  }

  /** Chooses the label's last instance; without one, the next stroke begins the first. */
  protected override chooseLabel(label: string): void {
    this.label = label;
    this.editor.chooseIndex(this.editor.mask.classes.findLastIndex((candidate) => candidate.label === label) + 1);
    this.say(drawStrings.labelChosen(label));
  }

  protected override ensureClass(): number {
    const { index, currentClass } = this.editor;
    return currentClass?.label === this.label ? index : this.appendInstance();
  }

  /** Inside a step; 0 when there are too many. */
  private appendInstance(): number {
    const { mask } = this.editor;
    if (mask.classes.length >= MOST_INSTANCES) {
      this.notice(drawStrings.tooManyInstances);
      return 0;
    }
    const color = freeColor(mask.classes.map((instance) => instance.color));
    mask.setClasses([...mask.classes, { label: this.label, color }]);
    this.editor.useIndex(mask.classes.length);
    return mask.classes.length;
  }

  private addInstance(label: string): void {
    this.label = label;
    this.editor.change(() => this.appendInstance());
    this.say(drawStrings.added(this.nameOf(this.editor.index - 1)));
  }

  /** Takes the current instance and its pixels away. */
  private removeInstance(): void {
    const { mask, index } = this.editor;
    if (index === 0) return;
    const name = this.nameOf(index - 1);
    this.editor.change(() => {
      mask.replace(index, 0);
      for (let later = index + 1; later <= mask.classes.length; later += 1) mask.replace(later, later - 1);
      mask.setClasses(mask.classes.filter((_, position) => position !== index - 1));
    });
    this.chooseLabel(this.label);
    this.say(drawStrings.removed(name));
  }

  protected override commands(): readonly KeyCommand[] {
    const remove = (): void => this.guard(() => this.removeInstance());
    return [
      ...super.commands(),
      {
        keys: ['N'],
        shown: 'N',
        help: drawStrings.keyAddInstance,
        run: () => this.guard(() => this.addInstance(this.label)),
      },
      { keys: ['Delete', 'Backspace'], shown: 'Delete', help: drawStrings.keyRemoveInstance, run: remove },
    ];
  }

  protected override renderTools(): TemplateResult {
    return html`${super.renderTools()}
    ${this.tool(drawStrings.remove, () => this.removeInstance(), { enabled: (this.editor?.index ?? 0) > 0 })}`;
  }

  protected override renderLabels(): unknown {
    return html`${super.renderLabels()}
    ${this.label === '' || !this.mayDraw ? '' : this.tool(drawStrings.addInstance(this.label), () => this.addInstance(this.label))}`;
  }

  /** "Cat 2": the second of its label. */
  protected override nameOf(index: number): string {
    const { classes } = this.editor.mask;
    const { label } = classes[index]!;
    const number = classes.slice(0, index + 1).filter((instance) => instance.label === label).length;
    return drawStrings.instance(label, number);
  }
}
