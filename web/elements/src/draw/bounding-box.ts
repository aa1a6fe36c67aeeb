import { customElement } from 'lit/decorators.js';
import { boundsOf } from './geometry.js';
import { rectangleOf } from './fields.js';
import { ShapeElement, type ShapeFormat } from './shape-element.js';
import { box } from './shapes.js';

/**
 * `<crowd-bounding-box>`: rectangles with labels.
 *
 * Output: `{boundingBoxes: [{height, label, left, top, width}], inputImageProperties: {height, width}}`, and
 * `initialValueModified` when there is an `initial-value` (a list of such boxes).
 */
@customElement('crowd-bounding-box')
export class BoundingBox extends ShapeElement {
  protected override readonly format: ShapeFormat = {
    kind: box,
    list: 'boundingBoxes',
    labelLimit: 10,
    reportsModified: true,
    write({ label, points }) {
      const { left, top, width, height } = boundsOf(points);
      return { height, label, left, top, width };
    },
    read(fields) {
      const { left, top, width, height } = rectangleOf(fields);
      if (![left, top, width, height].every(Number.isFinite)) return null;
      return [
        { x: left, y: top },
        { x: left + width, y: top + height },
      ];
    },
  };
}
