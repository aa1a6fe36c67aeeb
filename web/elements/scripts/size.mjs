// The weight of the built files, gzipped, and whether the first load of a text task keeps its limit. Run after
// `npm run build`.
import { readFile, stat } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const dist = new URL(`../${process.env.DIST ?? 'dist'}/`, import.meta.url);
const limit = 30 * 1024;

await stat(dist).catch(() => {
  console.error('web/elements/dist is missing: run `npm run build` first');
  process.exit(2);
});
const weigh = async (name) => gzipSync(await readFile(new URL(name, dist)), { level: 9 }).length;
const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', dist), 'utf8'));

const first = new Set(['crowd-html-elements.js']);
const add = (chunk) => {
  if (first.has(chunk.file)) return;
  first.add(chunk.file);
  for (const name of chunk.imports ?? []) add(manifest[name]);
};
add(manifest['src/elements.ts']);

let total = 0;
for (const name of first) total += await weigh(name);
const row = (bytes, name) => console.log(`${String(bytes).padStart(8)}  ${name}`);
row(total, `first load: ${[...first].join(', ')} (limit ${limit})`);
for (const chunk of Object.values(manifest)) if (!first.has(chunk.file)) row(await weigh(chunk.file), chunk.file);
if (total > limit) process.exit(1);
