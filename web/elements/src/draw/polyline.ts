import { customElement } from 'lit/decorators.js';
import { pointsOf, verticesOf } from './fields.js';
import { ShapeElement, type ShapeFormat } from './shape-element.js';
import { polyline } from './shapes.js';

/**
 * `<crowd-polyline>`: paths of two or more points with labels.
 *
 * Output: `{polylines: [{label, vertices: [{x, y}]}], inputImageProperties: {height, width}}`, and
 * `initialValueModified` when there is an `initial-value` (`{polylines: […]}`, or the bare list).
 */
@customElement('crowd-polyline')
export class Polyline extends ShapeElement {
  protected override readonly format: ShapeFormat = {
    kind: polyline,
    list: 'polylines',
    labelLimit: 10,
    reportsModified: true,
    write: ({ label, points }) => ({ label, vertices: verticesOf(points) }),
    read: (fields) => pointsOf(fields['vertices']),
  };
}
