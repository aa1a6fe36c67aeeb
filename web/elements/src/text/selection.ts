// Where in a rendered text the worker's selection lies. Pieces of the text are elements with `data-start`.
import type { Stretch } from './spans.js';

type Ends = Pick<StaticRange, 'startContainer' | 'startOffset' | 'endContainer' | 'endOffset'>;

/** The selected stretch inside `box`, an element of a shadow tree; null when nothing there is selected. */
export function selectedStretch(box: HTMLElement): Stretch | null {
  const ends = selectionEnds(box.getRootNode() as ShadowRoot);
  if (!ends || !box.contains(ends.startContainer) || !box.contains(ends.endContainer)) return null;
  const start = offsetOf(box, ends.startContainer, ends.startOffset);
  const end = offsetOf(box, ends.endContainer, ends.endOffset);
  return start < end ? { start, end } : null;
}

// Browsers differ in how they let one look into a shadow tree; the types know only the newest way.
interface Selecting {
  getSelection?(): Selection | null;
}

function selectionEnds(root: ShadowRoot): Ends | null {
  const selection = getSelection();
  if (selection && 'getComposedRanges' in selection) {
    const [range] = selection.getComposedRanges({ shadowRoots: [root] });
    if (range && root.contains(range.startContainer)) return range;
  }
  const inside = (root as Selecting).getSelection?.() ?? selection;
  return inside && inside.rangeCount > 0 ? inside.getRangeAt(0) : null;
}

function offsetOf(box: HTMLElement, node: Node, offset: number): number {
  if (node instanceof Text) {
    const piece = node.parentElement!.closest<HTMLElement>('[data-start]');
    return piece ? Number(piece.dataset['start']) + offset : 0;
  }
  const before = node.childNodes[offset];
  const piece = (before instanceof HTMLElement ? before : node.parentElement)?.closest<HTMLElement>('[data-start]');
  if (piece && box.contains(piece)) return Number(piece.dataset['start']);
  const last = [...box.querySelectorAll<HTMLElement>('[data-start]')].at(-1);
  return last ? Number(last.dataset['start']) + (last.textContent?.length ?? 0) : 0;
}
