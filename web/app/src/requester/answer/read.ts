// Answers of task page elements, read for showing them. What an answer looks like stands in docs/output-types.md.
import type { Input, InputFields } from '../../lib/types';

/** A question that the app's own form cannot ask. */
export interface PageField {
  type: string;
  label: string;
  on?: string;
  scale?: string[];
  statements?: { id: string; text: string }[];
}

type Json = Record<string, unknown>;

const classic = ['choice', 'choices', 'number', 'rating', 'text'];

export const isClassic = (type: string | undefined): boolean => type === undefined || classic.includes(type);

/** What an answer is about: the input field that its question names, or the first of a fitting type. */
export function subjectOf(field: PageField, inputs: InputFields, input: Input): string | null {
  const fitting: Record<string, string> = {
    ...{ spans: 'text', relations: 'text', audio_segments: 'audio', video_segments: 'video', video_boxes: 'video' },
    ...{ pages: 'url' },
  };
  const type = fitting[field.type] ?? 'image';
  const name = field.on ?? Object.keys(inputs).find((one) => inputs[one]?.type === type);
  const value = name === undefined ? undefined : input[name];
  return typeof value === 'string' ? value : null;
}

export const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

export const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object) : []);

export const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

export interface Shape {
  label: string;
  /** Corners in pixels: one is a point, two or more an open line unless closed. */
  corners: [number, number][];
  closed: boolean;
}

export interface Drawing {
  width: number;
  height: number;
  shapes: Shape[];
}

const corner = (point: Json): [number, number] => [number(point['x']), number(point['y'])];

function shapesOf(type: string, answer: Json): Shape[] {
  const shape = (entry: Json, corners: [number, number][], closed: boolean): Shape => ({
    label: String(entry['label'] ?? ''),
    corners,
    closed,
  });
  if (type === 'boxes')
    return list(answer['boundingBoxes']).map((box) => {
      const [left, top] = [number(box['left']), number(box['top'])];
      const [right, bottom] = [left + number(box['width']), top + number(box['height'])];
      return shape(box, [[left, top], [right, top], [right, bottom], [left, bottom]], true); // prettier-ignore
    });
  if (type === 'keypoints') return list(answer['keypoints']).map((point) => shape(point, [corner(point)], false));
  return list(answer[type]).map((one) => shape(one, list(one['vertices']).map(corner), type === 'polygons'));
}

/** The shapes of an answer that is drawn on a picture. */
export function drawingOf(type: string, value: unknown): Drawing {
  const answer = object(value);
  const size = object(answer['inputImageProperties']);
  return { width: number(size['width']), height: number(size['height']), shapes: shapesOf(type, answer) };
}

/** The picture of a mask, and what its colours mean. */
export function maskOf(value: unknown): { picture: string; colours: [label: string, colour: string][] } {
  const answer = object(value);
  const png = object(answer['labeledImage'])['pngImageData'];
  const mapped = Object.entries(object(answer['labelMappings'])).map(([label, one]): [string, string] => [
    label,
    String(object(one)['color'] ?? ''),
  ]);
  const instances = list(answer['instances']).map((one): [string, string] => [
    String(one['label'] ?? ''),
    String(one['color'] ?? ''),
  ]);
  return { picture: typeof png === 'string' ? `data:image/png;base64,${png}` : '', colours: [...mapped, ...instances] };
}

export interface Piece {
  text: string;
  /** The labels of the spans that it lies in. */
  labels: string[];
}

/** A text cut wherever a span begins or ends. Offsets count Unicode characters, not UTF-16 units. */
export function piecesOf(text: string, value: unknown): Piece[] {
  const characters = Array.from(text);
  const spans = list(object(value)['entities']).map((span) => ({
    label: String(span['label'] ?? ''),
    start: number(span['startOffset']),
    end: Math.min(number(span['endOffset']), characters.length),
  }));
  const ends = spans.flatMap(({ start, end }) => [start, end]);
  const cuts = [...new Set([0, ...ends, characters.length])].sort((one, two) => one - two);
  return cuts.slice(1).map((cut, index) => {
    const from = cuts[index]!;
    const around = spans.filter(({ start, end }) => start <= from && cut <= end);
    return { text: characters.slice(from, cut).join(''), labels: around.map(({ label }) => label) };
  });
}

const palette = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#7f7f7f', '#bcbd22', '#17becf']; // prettier-ignore

/** A colour for each label, in the order in which they are met. */
export function coloursOf(labels: string[]): Map<string, string> {
  const different = [...new Set(labels)];
  return new Map(different.map((label, index) => [label, palette[index % palette.length]!]));
}

/** How often each label occurs. */
export function countsOf(labels: string[]): [label: string, count: number][] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts];
}

/** `83.4` as `1:23.4`. */
export function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${(seconds - minutes * 60).toFixed(1).padStart(4, '0')}`;
}
