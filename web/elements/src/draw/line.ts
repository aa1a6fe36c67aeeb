import { customElement } from 'lit/decorators.js';
import { pointsOf, verticesOf } from './fields.js';
import { ShapeElement, type ShapeFormat } from './shape-element.js';
import { line } from './shapes.js';

/**
 * `<crowd-line>`: straight lines between two points, with labels.
 *
 * Output: `{lines: [{label, vertices: [{x, y}]}], inputImageProperties: {height, width}}`, and
 * `initialValueModified` when there is an `initial-value` (`{lines: […]}`, or the bare list).
 */
@customElement('crowd-line')
export class Line extends ShapeElement {
  protected override readonly format: ShapeFormat = {
    kind: line,
    list: 'lines',
    labelLimit: 10,
    reportsModified: true,
    write: ({ label, points }) => ({ label, vertices: verticesOf(points) }),
    read: (fields) => pointsOf(fields['vertices']),
  };
}
