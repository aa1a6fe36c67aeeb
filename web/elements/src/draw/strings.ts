// What the drawing elements say, in one place, in the manner of base/strings.ts.
import type { Point, Rectangle } from './geometry.js';

const at = ({ x, y }: Point): string => `${x}, ${y}`;

export const drawStrings = {
  loading: 'The picture is loading…',
  pictureFailed: (src: string): string =>
    `The picture ${src || '(no src attribute)'} could not be loaded. Load the page again, or report the task.`,
  videoFailed: (src: string): string =>
    `The video ${src || '(no src attribute)'} could not be loaded. Load the page again, or report the task.`,
  notReady: 'The picture has not loaded yet.',
  unfinished: (noun: string): string => `The ${noun} is not finished: finish it with Enter, or leave it with Escape.`,
  nothingDrawn: (noun: string): string => `Draw at least one ${noun}.`,
  nothingPainted: 'Paint at least one area.',
  tooManyLabels: (tag: string, limit: number, given: number): string =>
    `<${tag}> takes at most ${limit} labels; ${given} are given. The first ${limit} are used.`,
  noLabelYet: 'There is no label to draw with yet.',
  noLabels: (tag: string): string => `<${tag}> needs its attribute labels, for example labels="['Cat', 'Dog']".`,
  badColor: (color: string): string =>
    `label-colors: “${color}” is not a colour such as #1f77b4; a standard one is used.`,
  badInitial: (tag: string, expected: string): string => `<${tag}>, attribute initial-value: ${expected} is wanted.`,
  initialShape: (noun: string, number: number, reason: string): string =>
    `The initial ${noun} ${number} is left out: ${reason}.`,
  unknownLabel: (label: string): string => `its label “${label}” is not one of the labels`,
  badPoints: 'its coordinates are missing, are not numbers, or are too few',
  maskFailed: (src: string): string =>
    `The mask ${src} could not be read. Its server must allow other origins (CORS), and it must be a picture.`,
  maskSize: (mask: string, picture: string): string =>
    `The mask is ${mask} pixels, the picture ${picture}; the mask is stretched to fit.`,
  tooManyInstances: 'A picture can have at most 255 instances.',

  labels: 'Labels',
  tools: 'Tools',
  undo: 'Undo',
  redo: 'Redo',
  remove: 'Delete',
  duplicate: 'Duplicate',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Fit',
  finish: 'Finish',
  keys: 'Keys',
  keysOf: (noun: string): string => `Keys for drawing: ${noun}`,
  brush: 'Brush',
  eraser: 'Eraser',
  fill: 'Area',
  brushSize: 'Size',
  painted: (name: string, pixels: number): string => `${name}, ${pixels} pixels`,
  addInstance: (label: string): string => `Add ${label}`,
  instance: (label: string, number: number): string => `${label} ${number}`,
  stage: (noun: string, width: number, height: number, count: number): string =>
    `Drawing area, picture of ${width} by ${height} pixels, ${count} ${plural(noun, count)}. Press question mark for keys.`,
  stageRole: 'drawing area',
  listed: (noun: string, count: number): string => `${capital(plural(noun, 2))} (${count})`,
  nothingYet: (noun: string): string => `No ${noun} yet.`,

  box: (number: number, label: string, { left, top, width, height }: Rectangle): string =>
    `box ${number}, ${label}, ${width} by ${height} at ${left}, ${top}`,
  path: (noun: string, number: number, label: string, count: number, { left, top, width, height }: Rectangle): string =>
    `${noun} ${number}, ${label}, ${count} points, ${width} by ${height} at ${left}, ${top}`,
  line: (number: number, label: string, from: Point, to: Point): string =>
    `line ${number}, ${label}, from ${at(from)} to ${at(to)}`,
  keypoint: (number: number, label: string, point: Point): string => `point ${number}, ${label}, at ${at(point)}`,
  cursorAt: (point: Point): string => `cursor at ${at(point)}`,
  handleAt: (number: number, count: number, point: Point): string => `handle ${number} of ${count}, at ${at(point)}`,
  begun: (noun: string, point: Point): string => `${noun} begun at ${at(point)}`,
  pointAdded: (count: number, point: Point): string => `point ${count} at ${at(point)}`,
  added: (description: string): string => `added ${description}`,
  removed: (description: string): string => `deleted ${description}`,
  cancelled: 'cancelled',
  tooSmall: (noun: string): string => `that ${noun} has no size yet`,
  undone: 'undone',
  redone: 'redone',
  nothingToUndo: 'nothing to undo',
  nothingToRedo: 'nothing to redo',
  labelChosen: (label: string): string => `label ${label}`,
  brushDown: (label: string): string => `painting ${label}`,
  brushUp: 'brush lifted',
  toolChosen: (tool: string): string => `tool ${tool}`,
  sizeChosen: (size: number): string => `size ${size}`,
  zoomedTo: (percent: number): string => `${percent} percent`,

  keyMove: 'move the cursor, or what is selected, by one pixel (with Shift: farther)',
  keyResize: 'resize what is selected: lower right edge (with Shift: farther)',
  keyPlace: (noun: string): string => `place a point of a ${noun}; again at the same place: finish`,
  keyHandle: 'pick the next handle (with Shift: the one before); arrows then move it',
  keyInsert: 'add a point after the picked one',
  keyNext: 'select the next, the one before',
  keyCancel: 'leave the shape begun; else select nothing',
  keyRemove: 'delete the picked point or what is selected',
  keyDuplicate: 'duplicate what is selected',
  keyUndo: 'undo, redo',
  keyLabel: 'choose a label; for what is selected too',
  keyZoom: 'zoom in, zoom out, show all',
  keyPan: 'move the picture (also: Space and drag, two fingers, middle button)',
  keyWheel: 'mouse wheel: zoom, once the picture has been clicked, or with Ctrl',
  keyShiftDraw: 'Shift and drag: begin inside another shape',
  keyHelp: 'show these keys',
  keyPaint: 'lower or lift the brush; arrows then paint',
  keyTools: 'brush, eraser, area',
  keySize: 'smaller, larger brush',
  keyRemoveInstance: 'delete the chosen instance',
  keyAddInstance: 'add an instance of the label',
  keyFrame: 'one frame back, forward (with Shift: ten)',
  keyPlay: 'play, pause',
  keyKeyFrame: 'key frame before, after',
  keySetKey: 'make, or take away, a key frame here',

  play: 'Play',
  pause: 'Pause',
  frameBack: 'Frame back',
  frameForward: 'Frame forward',
  time: 'Time',
  timeOf: (time: number, duration: number): string => `${time.toFixed(2)} of ${duration.toFixed(2)} seconds`,
  keyFrameHere: 'Key frame',
  track: (number: number, label: string, keys: number): string =>
    `track ${number}, ${label}, ${keys} key ${keys === 1 ? 'frame' : 'frames'}`,

  marks: 'Marks',
  overlayText: (counts: string): string => `Picture with marks from an earlier task: ${counts || 'none'}.`,
  badOverlay: 'attribute overlay: boundingBox, semanticSegmentation or instanceSegmentation is wanted.',
};

function plural(noun: string, count: number): string {
  if (count === 1) return noun;
  return noun.endsWith('x') ? `${noun}es` : `${noun}s`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
