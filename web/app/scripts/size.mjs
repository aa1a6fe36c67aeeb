// The weight of a worker's first load: what the browser fetches for a task page with the app's own form, gzipped, and how
// many requests that is with the API's own. Run after `npm run build`.
import { readFile, stat } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const limit = { bytes: 100 * 1024, requests: 10 };
// A signed-in worker who opens a task page: who am I, the batch, a claim, a claim ahead.
const apiRequests = 4;

const read = (name) => readFile(new URL(name, dist));
await stat(dist).catch(() => {
  console.error('web/app/dist is missing: run `npm run build` first');
  process.exit(2);
});

const page = await read('index.html');
const manifest = JSON.parse(await read('.vite/manifest.json'));
const chunks = Object.values(manifest);
const files = new Set(['index.html']);
const add = (file) => {
  if (files.has(file)) return;
  files.add(file);
  const chunk = chunks.find((each) => each.file === file);
  for (const css of chunk?.css ?? []) files.add(css);
  for (const name of chunk?.imports ?? []) add(manifest[name].file);
};
for (const [, name] of page.toString().matchAll(/(?:src|href)="\/([^"]+)"/g)) add(name);
// The app's own form.
add(chunks.find((each) => each.name === 'TaskView').file);

let total = 0;
for (const name of files) {
  const bytes = gzipSync(await read(name), { level: 9 }).length;
  total += bytes;
  console.log(`${String(bytes).padStart(8)}  ${name}`);
}
const requests = files.size + apiRequests;
console.log(
  `${String(total).padStart(8)}  bytes gzip in ${files.size} files; with ${apiRequests} calls of the API ${requests} requests`,
);
console.log(`          limit ${limit.bytes} bytes, ${limit.requests} requests`);
if (total > limit.bytes || requests > limit.requests) process.exit(1);
