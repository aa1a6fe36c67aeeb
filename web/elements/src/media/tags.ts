// Elements that show or take media; each of the libraries behind them comes only with its element.
import type { Registry } from '../base/registry.js';

const recordings = (): Promise<unknown> => import('./recordings.js');

export const mediaTags: Registry = {
  'crowd-audio-recording': recordings,
  'crowd-video-recording': recordings,
  'crowd-photo': recordings,
  'crowd-recorder': () => import('./recorder.js'),
  'crowd-location': () => import('./location.js'),
  'crowd-map': () => import('./map.js'),
  'crowd-pdf': () => import('./pdf.js'),
  'crowd-audio-segments': () => import('./audio-segments.js'),
  'crowd-video-segments': () => import('./video-segments.js'),
};
