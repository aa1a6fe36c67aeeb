import type { ShapeEditor } from './shape-editor.js';
import { paintLive, paintStill, type ShapeStyle } from './shape-painter.js';
import type { ShapePointer } from './shape-pointer.js';
import type { Stage } from './stage.js';

/**
 * Two layers for shapes: those that stay as they are, and what moves with the hand, so that a drag does not paint a thousand
 * boxes again at each step.
 */
export class ShapeLayers {
  readonly #editor: ShapeEditor;
  readonly #pointer: ShapePointer;
  readonly #repaintStill: () => void;
  readonly #repaintLive: () => void;
  #painted: readonly unknown[] = [];

  /** `isReady`: whether there is a picture to paint on. */
  constructor(
    stage: Stage,
    editor: ShapeEditor,
    pointer: ShapePointer,
    colorOf: (label: string) => string,
    isReady: () => boolean,
  ) {
    this.#editor = editor;
    this.#pointer = pointer;
    const style = (): ShapeStyle => ({
      color: colorOf,
      hovered: pointer.hovered,
      showCursor: stage.host.matches(':focus'),
    });
    this.#repaintStill = stage.addLayer((context, view) => {
      if (isReady()) paintStill(context, view, editor, style());
    });
    this.#repaintLive = stage.addLayer((context, view) => {
      if (isReady()) paintLive(context, view, editor, style());
    });
    for (const name of ['focus', 'blur']) stage.host.addEventListener(name, () => this.#repaintLive());
    for (const name of ['pointermove', 'pointerleave']) stage.host.addEventListener(name, () => this.#repaintChanged());
  }

  /** Paints what moves; the rest only if it differs from what was painted last. */
  repaint(): void {
    this.#repaintChanged();
    this.#repaintLive();
  }

  #repaintChanged(): void {
    const { still, selected } = this.#editor;
    const look = [still, selected, this.#pointer.hovered];
    if (look.some((part, index) => part !== this.#painted[index])) this.#repaintStill();
    this.#painted = look;
  }
}
