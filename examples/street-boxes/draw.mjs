// Draws the pictures of this example, with tasks.csv beside them:
//
//   npm ci --prefix ../../e2e && node draw.mjs

import { fileURLToPath } from 'node:url';

import { saveCsv, savePictures } from '../lib/pictures.mjs';
import { HEIGHT, street, WIDTH } from '../lib/street.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const names = Array.from({ length: 10 }, (_, index) => `s${String(index + 1).padStart(2, '0')}`);

await savePictures(FOLDER, WIDTH, HEIGHT, names.map((name, index) => [name, street(100 + index).svg]));
await saveCsv(`${FOLDER}tasks.csv`, ['task', 'picture'], names.map((name) => [name, `pictures/${name}.png`]));
