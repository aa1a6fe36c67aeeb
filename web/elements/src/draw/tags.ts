// Which module defines which drawing element.
//
// Why the stage is our own and not annotorious: its image annotator (3.8.10, BSD, 32 KB gzip) draws well, but of its keys
// there are only delete, undo and redo: shapes cannot be made, moved or resized by keyboard. Its plain version neither zooms
// nor pinches (the one that does brings OpenSeadragon and PixiJS), and it has no masks and no time. With 1,000 boxes as SVG,
// one frame in twenty of a drag took 33 ms on two cores without a GPU; the canvases here took 17 in the same test. One stage
// with one set of keys serves shapes, masks and video in 30 KB.
import type { Registry } from '../base/registry.js';

export const drawingTags: Registry = {
  'crowd-bounding-box': () => import('./bounding-box.js'),
  'crowd-polygon': () => import('./polygon.js'),
  'crowd-polyline': () => import('./polyline.js'),
  'crowd-line': () => import('./line.js'),
  'crowd-keypoint': () => import('./keypoint.js'),
  'crowd-semantic-segmentation': () => import('./semantic-segmentation.js'),
  'crowd-image-overlay': () => import('./overlay.js'),
  'crowd-video-bounding-box': () => import('./video-bounding-box.js'),
  'crowd-instance-segmentation': () => import('./instance-segmentation.js'),
};
