// A drawn street with cars, bicycles and people on it, and the box around each of them.

import { generator } from './pictures.mjs';

export const WIDTH = 640;
export const HEIGHT = 400;
export const LABELS = ['Car', 'Bicycle', 'Person'];

const PAINT = ['#c8553d', '#3d6fa8', '#e0b040', '#4f8f58', '#8c6bb1', '#e8e4da', '#3b4252'];
const SKIN = ['#f1c9a5', '#d9a578', '#a8704a', '#6f4a33'];
const round = (value) => Math.round(value);

function houses(random) {
  let svg = '';
  for (let x = -10; x < WIDTH; ) {
    const width = 70 + round(random() * 50);
    const top = 40 + round(random() * 60);
    const wall = ['#f6e7d2', '#e7d3c2', '#dfe3da', '#ead9b0', '#d7c4c0'][Math.floor(random() * 5)];
    svg += `<rect x="${x}" y="${top}" width="${width}" height="${215 - top}" fill="${wall}"/><rect x="${x - 2}" y="${top - 8}" width="${width + 4}" height="10" fill="#8a5a48"/>`;
    for (let y = top + 16; y < 160; y += 34) {
      for (let at = x + 10; at < x + width - 16; at += 26) svg += `<rect x="${at}" y="${y}" width="14" height="20" fill="#6f8ea8"/>`;
    }
    svg += `<rect x="${x + width / 2 - 9}" y="180" width="18" height="35" fill="#5b4636"/>`;
    x += width;
  }
  return svg;
}

function car(random, size) {
  const [width, height] = [round(size * 2.3), round(size)];
  const paint = PAINT[Math.floor(random() * PAINT.length)];
  const wheel = round(height * 0.21);
  const wheels = [0.22, 0.78].map((at) => `<circle cx="${width * at}" cy="${height - wheel}" r="${wheel}" fill="#22252b"/><circle cx="${width * at}" cy="${height - wheel}" r="${wheel * 0.45}" fill="#b9bec6"/>`).join('');
  const body = `<path d="M0 ${height * 0.82} V${height * 0.5} Q${width * 0.02} ${height * 0.42} ${width * 0.2} ${height * 0.4} L${width * 0.32} ${height * 0.06} Q${width * 0.34} 0 ${width * 0.4} 0 H${width * 0.66} Q${width * 0.72} 0 ${width * 0.76} ${height * 0.08} L${width * 0.86} ${height * 0.4} Q${width} ${height * 0.45} ${width} ${height * 0.6} V${height * 0.82} Z" fill="${paint}"/>`;
  const glass = `<path d="M${width * 0.28} ${height * 0.4} L${width * 0.37} ${height * 0.1} H${width * 0.52} V${height * 0.4} Z M${width * 0.56} ${height * 0.4} V${height * 0.1} H${width * 0.68} L${width * 0.79} ${height * 0.4} Z" fill="#cfe4ef"/>`;
  return { svg: body + glass + wheels, width, height };
}

function bicycle(random, size) {
  const [width, height] = [round(size * 1.6), round(size)];
  const paint = PAINT[Math.floor(random() * (PAINT.length - 2))];
  const wheel = height * 0.32;
  const [left, right, ground] = [wheel, width - wheel, height - wheel];
  const wheels = [left, right].map((x) => `<circle cx="${x}" cy="${ground}" r="${wheel - 1.5}" fill="none" stroke="#22252b" stroke-width="3"/>`).join('');
  const [seat, bars] = [width * 0.36, width * 0.7];
  const frame = `<path d="M${left} ${ground} L${seat} ${height * 0.2} L${width * 0.5} ${ground} Z M${seat} ${height * 0.26} L${bars} ${height * 0.22} L${width * 0.5} ${ground} M${bars} ${height * 0.22} L${right} ${ground}" fill="none" stroke="${paint}" stroke-width="3.5"/>`;
  const rest = `<path d="M${seat - width * 0.08} ${height * 0.18} h${width * 0.16} M${bars} ${height * 0.22} L${bars - 2} 2 h${width * 0.1}" fill="none" stroke="#22252b" stroke-width="4"/>`;
  return { svg: wheels + frame + rest, width, height };
}

function person(random, size) {
  const [width, height] = [round(size * 0.38), round(size)];
  const skin = SKIN[Math.floor(random() * SKIN.length)];
  const [shirt, trousers] = [PAINT[Math.floor(random() * PAINT.length)], ['#2f3b52', '#54483d', '#6b7280'][Math.floor(random() * 3)]];
  const head = height * 0.09;
  const svg = `<circle cx="${width / 2}" cy="${head}" r="${head}" fill="${skin}"/>
    <rect x="${width * 0.16}" y="${height * 0.19}" width="${width * 0.68}" height="${height * 0.38}" rx="${width * 0.2}" fill="${shirt}"/>
    <rect x="0" y="${height * 0.22}" width="${width * 0.17}" height="${height * 0.32}" rx="${width * 0.08}" fill="${skin}"/>
    <rect x="${width * 0.83}" y="${height * 0.22}" width="${width * 0.17}" height="${height * 0.32}" rx="${width * 0.08}" fill="${skin}"/>
    <rect x="${width * 0.2}" y="${height * 0.54}" width="${width * 0.27}" height="${height * 0.46}" fill="${trousers}"/>
    <rect x="${width * 0.53}" y="${height * 0.54}" width="${width * 0.27}" height="${height * 0.46}" fill="${trousers}"/>`;
  return { svg, width, height };
}

const DRAW = { Car: car, Bicycle: bicycle, Person: person };
const SIZE = { Car: [46, 66], Bicycle: [44, 58], Person: [74, 104] };

/** The inside of an SVG, and `{label, left, top, width, height}` for each thing on the street, none hiding another. */
export function street(seed) {
  const random = generator(seed);
  const night = random() < 0.2;
  let svg = `<rect width="${WIDTH}" height="${HEIGHT}" fill="${night ? '#33415f' : '#bfe0f2'}"/>${houses(random)}
    <rect y="215" width="${WIDTH}" height="55" fill="#c9c4b8"/><rect y="270" width="${WIDTH}" height="130" fill="#6c7078"/>
    <path d="M0 335 H${WIDTH}" stroke="#e8e4da" stroke-width="4" stroke-dasharray="34 26"/>`;
  const boxes = [];
  const wanted = 3 + Math.floor(random() * 4);
  for (let tries = 0; boxes.length < wanted && tries < 80; tries += 1) {
    const label = LABELS[Math.floor(random() * LABELS.length)];
    const [least, most] = SIZE[label];
    const thing = DRAW[label](random, least + random() * (most - least));
    // People walk on the pavement, vehicles drive on either lane.
    const ground = label === 'Person' ? 250 + random() * 16 : (random() < 0.5 ? 322 : 384) + random() * 8;
    const [left, top] = [round(10 + random() * (WIDTH - thing.width - 20)), round(ground - thing.height)];
    const clear = boxes.every((box) => left > box.left + box.width + 8 || box.left > left + thing.width + 8 || top > box.top + box.height + 4 || box.top > top + thing.height + 4);
    if (!clear) continue;
    svg += `<g transform="translate(${left} ${top})">${thing.svg}</g>`;
    boxes.push({ label, left, top, width: thing.width, height: thing.height });
  }
  if (night) svg += `<rect width="${WIDTH}" height="${HEIGHT}" fill="#101a36" opacity=".35"/>`;
  return { svg, boxes };
}
