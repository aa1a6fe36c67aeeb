import { customElement } from 'lit/decorators.js';
import { pointsOf, verticesOf } from './fields.js';
import { ShapeElement, type ShapeFormat } from './shape-element.js';
import { polygon } from './shapes.js';

/**
 * `<crowd-polygon>`: areas with labels, bounded by straight sides.
 *
 * Output: `{polygons: [{label, vertices: [{x, y}]}], inputImageProperties: {height, width}}`; `initial-value` is a list
 * of such polygons.
 */
@customElement('crowd-polygon')
export class Polygon extends ShapeElement {
  protected override readonly format: ShapeFormat = {
    kind: polygon,
    list: 'polygons',
    labelLimit: Infinity,
    reportsModified: false,
    write: ({ label, points }) => ({ label, vertices: verticesOf(points) }),
    read: (fields) => pointsOf(fields['vertices']),
  };
}
