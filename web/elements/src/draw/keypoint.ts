import { customElement } from 'lit/decorators.js';
import { pointsOf } from './fields.js';
import { ShapeElement, type ShapeFormat } from './shape-element.js';
import { keypoint } from './shapes.js';

/**
 * `<crowd-keypoint>`: single points with labels.
 *
 * Output: `{keypoints: [{label, x, y}], inputImageProperties: {height, width}}`; `initial-value` is a list of such points.
 */
@customElement('crowd-keypoint')
export class Keypoint extends ShapeElement {
  protected override readonly format: ShapeFormat = {
    kind: keypoint,
    list: 'keypoints',
    labelLimit: Infinity,
    reportsModified: false,
    write: ({ label, points }) => ({ label, x: points[0]!.x, y: points[0]!.y }),
    read: (fields) => pointsOf([fields]),
  };
}
