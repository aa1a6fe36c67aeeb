// What the scripts that draw the examples' pictures share: random numbers that a second run gives again, and Chromium,
// which turns SVG into PNG. CHROMIUM names another browser than Debian's.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../../e2e/package.json', import.meta.url))('playwright-core');

/** A small seeded generator (mulberry32): numbers in [0, 1). */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function launch(flags = []) {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', ...flags] });
}

/** Writes `pictures/NAME.png` into a folder for each `[name, the inside of an SVG]`. */
export async function savePictures(folder, width, height, pictures) {
  await rm(`${folder}pictures`, { recursive: true, force: true });
  await mkdir(`${folder}pictures`);
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width, height } });
  for (const [name, inside] of pictures) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${inside}</svg>`;
    await page.setContent(`<body style="margin:0">${svg}</body>`);
    await page.screenshot({ path: `${folder}pictures/${name}.png` });
  }
  await browser.close();
}

/** Writes a table; each cell is quoted where CSV wants it, and what is no text is written as JSON. */
export async function saveCsv(file, header, rows) {
  const cell = (value) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  await writeFile(file, `${[header, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`);
}
