// Reads the attribute `overlay` of the image classifiers.
import { normalizeColor, paletteColor } from './colors.js';
import { rectangleOf } from './fields.js';
import type { PaintClass } from './mask.js';
import type { Shape } from './shapes.js';

type Fields = Readonly<Record<string, unknown>>;

export interface OverlayMarks {
  readonly boxes: readonly Shape[];
  readonly classes: readonly PaintClass[];
  /** Address of the mask picture. */
  readonly maskSrc: string | null;
  /** Labels that occur. */
  readonly legend: readonly string[];
  /** "2 cat, 1 dog". */
  readonly summary: string;
  color(label: string): string;
}

export const NoMarks: OverlayMarks = {
  boxes: [],
  classes: [],
  maskSrc: null,
  legend: [],
  summary: '',
  color: () => '#7f7f7f',
};

/** The marks of an overlay, none for no overlay, null for one that is not as documented. */
export function readOverlay(overlay: unknown): OverlayMarks | null {
  if (overlay === undefined || overlay === null) return NoMarks;
  const { boundingBox, semanticSegmentation, instanceSegmentation } = overlay as Record<string, Fields | undefined>;
  if (boundingBox) return readBoxes(boundingBox);
  if (semanticSegmentation) return readMask(semanticSegmentation, semanticClasses(semanticSegmentation));
  if (instanceSegmentation) return readMask(instanceSegmentation, instanceClasses(instanceSegmentation));
  return null;
}

function readBoxes({ labels, value }: Fields): OverlayMarks | null {
  if (!Array.isArray(value)) return null;
  const boxes = value.map((item: Fields): Shape => {
    const { left, top, width, height } = rectangleOf(item);
    const points = [
      { x: left, y: top },
      { x: left + width, y: top + height },
    ];
    return { label: String(item['label'] ?? ''), points };
  });
  if (boxes.some(({ points }) => points.some(({ x, y }) => !Number.isFinite(x + y)))) return null;
  const named = Array.isArray(labels) ? labels.map(String) : [];
  const all = [...new Set([...named, ...boxes.map(({ label }) => label)])];
  return {
    ...NoMarks,
    boxes,
    ...legendOf(boxes.map(({ label }) => label)),
    color: (label) => paletteColor(Math.max(all.indexOf(label), 0)),
  };
}

function readMask({ src }: Fields, classes: readonly PaintClass[] | null): OverlayMarks | null {
  if (classes === null || typeof src !== 'string') return null;
  return {
    ...NoMarks,
    classes,
    maskSrc: src,
    ...legendOf(classes.map(({ label }) => label)),
    color: (label) => classes.find((candidate) => candidate.label === label)?.color ?? '#7f7f7f',
  };
}

function semanticClasses({ labelMappings }: Fields): PaintClass[] | null {
  const entries = Object.entries((labelMappings ?? {}) as Record<string, Fields>);
  return withColors(entries.map(([label, mapping]) => ({ label, color: mapping?.['color'] })));
}

function instanceClasses({ instances }: Fields): PaintClass[] | null {
  if (!Array.isArray(instances)) return null;
  return withColors(
    instances.map((item: Fields) => ({ label: String(item?.['label'] ?? ''), color: item?.['color'] })),
  );
}

function withColors(found: readonly { label: string; color: unknown }[]): PaintClass[] | null {
  const classes = found.map(({ label, color }) => ({ label, color: normalizeColor(String(color)) ?? '' }));
  return classes.every(({ color }) => color !== '') ? classes : null;
}

function legendOf(labels: readonly string[]): { legend: readonly string[]; summary: string } {
  const legend = [...new Set(labels)];
  const count = (label: string): number => labels.filter((other) => other === label).length;
  return { legend, summary: legend.map((label) => `${count(label)} ${label}`).join(', ') };
}
