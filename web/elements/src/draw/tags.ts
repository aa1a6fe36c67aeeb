// Which module defines which drawing element.
//
// Why the stage is our own and not annotorious: its image annotator (3.8) is light and draws 1,000 boxes well enough, but
// shapes cannot be made, moved or resized by keyboard, its plain version neither zooms nor pinches (the version that does
// brings OpenSeadragon and PixiJS), and it has no masks and no time. One stage with one set of keys serves shapes, masks
// and video here, in less code than the gaps would have taken.
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
