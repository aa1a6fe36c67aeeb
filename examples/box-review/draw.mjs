// Draws the pictures of this example, with tasks.csv, gold.csv and truth.csv beside them:
//
//   npm ci --prefix ../../e2e && node draw.mjs
//
// Every picture comes with boxes as an earlier worker might have drawn them: right, or with one mistake.

import { fileURLToPath } from 'node:url';

import { generator, saveCsv, savePictures } from '../lib/pictures.mjs';
import { HEIGHT, LABELS, street, WIDTH } from '../lib/street.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const random = generator(77);
const VERDICTS = ['All right', 'Box missing', 'Box misplaced', 'Wrong label'];
const WHY = {
  'All right': 'Every car, bicycle and person has a tight box with its own name.',
  'Box missing': 'One of them has no box.',
  'Box misplaced': 'One box lies beside the thing that it is meant for.',
  'Wrong label': 'One box has the name of another kind.',
};

function spoil(boxes, verdict) {
  const which = Math.floor(random() * boxes.length);
  if (verdict === 'Box missing') return boxes.filter((_, index) => index !== which);
  const spoilt = (box) => {
    if (verdict === 'Wrong label') return { ...box, label: LABELS[(LABELS.indexOf(box.label) + 1) % LABELS.length] };
    if (verdict === 'Box misplaced') return { ...box, left: Math.max(0, box.left - Math.round(box.width * 0.6)), top: Math.max(0, box.top - 26) };
    return box;
  };
  return boxes.map((box, index) => (index === which ? spoilt(box) : box));
}

const reviews = Array.from({ length: 16 }, (_, index) => {
  const verdict = VERDICTS[(index * 3 + Math.floor(index / 4)) % VERDICTS.length];
  const { svg, boxes } = street(300 + index);
  const name = index < 12 ? `b${String(index + 1).padStart(2, '0')}` : `g${index - 11}`;
  return { name, verdict, svg, boxes: spoil(boxes, verdict) };
});
const [tasks, gold] = [reviews.slice(0, 12), reviews.slice(12)];

await savePictures(FOLDER, WIDTH, HEIGHT, reviews.map(({ name, svg }) => [name, svg]));
await saveCsv(`${FOLDER}tasks.csv`, ['task', 'picture', 'boxes'], tasks.map(({ name, boxes }) => [name, `pictures/${name}.png`, boxes]));
await saveCsv(`${FOLDER}truth.csv`, ['task', 'verdict'], tasks.map(({ name, verdict }) => [name, verdict]));
await saveCsv(
  `${FOLDER}gold.csv`,
  ['task', 'picture', 'boxes', 'verdict', 'explanation'],
  gold.map(({ name, boxes, verdict }) => [name, `pictures/${name}.png`, boxes, verdict, WHY[verdict]]),
);
