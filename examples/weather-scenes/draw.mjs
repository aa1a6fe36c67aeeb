// Draws the pictures of this example, with tasks.csv and truth.csv beside them.
//
//   npm ci --prefix ../../e2e && node draw.mjs
//
// Each picture is an SVG scene put together from a seeded random generator, so a second run draws the same
// ones, and Chromium turns it into a PNG. CHROMIUM names another browser than Debian's.

import { fileURLToPath } from 'node:url';

import { generator, saveCsv, savePictures } from '../lib/pictures.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const WIDTH = 360;
const HEIGHT = 270;
const PER_KIND = 12;
const KINDS = ['clear', 'cloudy', 'fog', 'rain', 'snow', 'thunder'];

const round = (value) => Math.round(value * 10) / 10;

/** Colours by time of day: sky from the top down, hills from far to near, and what stands on them. */
const LIGHT = {
  day: { sky: ['#7cc0ee', '#97cff3', '#b3ddf6', '#cfeaf8'], hills: ['#8fbf8a', '#6fa970', '#4f8f58'], wall: '#f6e7d2', roof: '#c8553d', window: '#5b7c99', tree: '#3f7a4c', trunk: '#6b4f3a' },
  dusk: { sky: ['#5e5a9e', '#96699f', '#d97b8a', '#f6b189'], hills: ['#7a6c93', '#5b5781', '#41456b'], wall: '#d9b7a8', roof: '#8a4152', window: '#ffe19a', tree: '#343a5c', trunk: '#2e2a44' },
  night: { sky: ['#16213e', '#1b2a4e', '#22355f', '#2b4372'], hills: ['#2c4a5f', '#213c50', '#182f41'], wall: '#8c8fa5', roof: '#4d3b57', window: '#ffd97a', tree: '#12303a', trunk: '#1b2027' },
  grey: { sky: ['#8d9bab', '#9ba8b6', '#abb6c1', '#bcc5cd'], hills: ['#8aa394', '#6f8d7d', '#557565'], wall: '#dfd9cf', roof: '#96574c', window: '#5a6b7b', tree: '#46685a', trunk: '#574a41' },
  dark: { sky: ['#3d4656', '#4a5465', '#576273', '#657081'], hills: ['#5b7268', '#475f56', '#354c45'], wall: '#b9b4ae', roof: '#6e413d', window: '#ffdf91', tree: '#2b463d', trunk: '#2d2826' },
};

const WINTER_HILLS = { day: ['#e3eef6', '#f0f6fa', '#fbfdfe'], dusk: ['#b9b2d0', '#cdc5da', '#e2dae4'], night: ['#5f7896', '#7189a6', '#8aa0ba'], grey: ['#d5dde3', '#e4e9ed', '#f3f5f7'], dark: ['#aab5bf', '#c0c9d1', '#d8dee3'] };

function sky(colours) {
  const band = HEIGHT / colours.length;
  return colours.map((colour, index) => `<rect y="${round(index * band)}" width="${WIDTH}" height="${round(band + 1)}" fill="${colour}"/>`).join('');
}

function stars(random, count) {
  return Array.from({ length: count }, () => `<circle cx="${round(random() * WIDTH)}" cy="${round(random() * 130)}" r="${round(0.6 + random() * 0.9)}" fill="#fff6d8"/>`).join('');
}

function sun(x, y, radius) {
  return `<circle cx="${x}" cy="${y}" r="${radius * 1.55}" fill="#fff3c4" opacity=".35"/><circle cx="${x}" cy="${y}" r="${radius}" fill="#ffd75e"/>`;
}

function moon(x, y, radius, behind) {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="#f4f1de"/><circle cx="${x + radius * 0.5}" cy="${y - radius * 0.25}" r="${radius * 0.85}" fill="${behind}"/>`;
}

/** A cloud: a flat base with a few round heads on it. */
function cloud(random, x, y, width, colour, shade) {
  const height = width * 0.26;
  const heads = 3 + Math.floor(random() * 2);
  let body = `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${round(height / 2)}" fill="${colour}"/>`;
  for (let head = 0; head < heads; head += 1) {
    const along = (head + 0.8 + random() * 0.3) / (heads + 0.7);
    const radius = height * (0.55 + 0.5 * Math.sin(along * Math.PI) + random() * 0.15);
    body += `<circle cx="${round(x + along * width)}" cy="${round(y + height * 0.35)}" r="${round(radius)}" fill="${colour}"/>`;
  }
  return `${body}<rect x="${round(x + width * 0.12)}" y="${round(y + height * 0.66)}" width="${round(width * 0.7)}" height="${round(height * 0.22)}" rx="${round(height * 0.11)}" fill="${shade}"/>`;
}

/** One layer of hills, and the function that tells how high it is at `x`. */
function hill(random, base, swing, colour) {
  const [first, second] = [random() * 6, random() * 6];
  const top = (x) => base + Math.sin(x / (55 + swing) + first) * swing + Math.sin(x / 31 + second) * swing * 0.3;
  let path = `M0 ${HEIGHT}`;
  for (let x = 0; x <= WIDTH; x += 12) path += `L${x} ${round(top(x))}`;
  return { svg: `<path d="${path}L${WIDTH} ${HEIGHT}Z" fill="${colour}"/>`, top };
}

function house(x, y, light, snowy) {
  const roof = snowy ? '#f7fafc' : light.roof;
  return `<rect x="${x}" y="${y - 24}" width="36" height="28" fill="${light.wall}"/><path d="M${x - 5} ${y - 23}L${x + 18} ${y - 43}L${x + 41} ${y - 23}Z" fill="${roof}"/>`
    + `<rect x="${x + 6}" y="${y - 17}" width="8" height="9" fill="${light.window}"/><rect x="${x + 22}" y="${y - 17}" width="8" height="21" fill="${light.roof}"/>`;
}

function tree(x, y, size, light, snowy, pointed) {
  const trunk = `<rect x="${round(x - size * 0.06)}" y="${round(y - size * 0.3)}" width="${round(size * 0.12)}" height="${round(size * 0.34)}" fill="${light.trunk}"/>`;
  if (!pointed) {
    const crown = snowy ? '' : `<circle cx="${round(x)}" cy="${round(y - size * 0.58)}" r="${round(size * 0.34)}" fill="${light.tree}"/>`;
    const bare = `<path d="M${round(x)} ${round(y - size * 0.2)}V${round(y - size * 0.8)}M${round(x)} ${round(y - size * 0.4)}l${round(size * 0.2)} ${round(-size * 0.25)}M${round(x)} ${round(y - size * 0.45)}l${round(-size * 0.2)} ${round(-size * 0.25)}" stroke="${light.trunk}" stroke-width="2" fill="none" stroke-linecap="round"/>`;
    return trunk + (snowy ? bare : crown);
  }
  const tiers = [0, 1, 2].map((tier) => {
    const wide = size * (0.34 - tier * 0.08);
    const low = y - size * (0.22 + tier * 0.24);
    const snow = snowy ? `<path d="M${round(x - wide * 0.45)} ${round(low - size * 0.21)}L${round(x)} ${round(low - size * 0.38)}L${round(x + wide * 0.45)} ${round(low - size * 0.21)}Z" fill="#fff"/>` : '';
    return `<path d="M${round(x - wide)} ${round(low)}L${round(x)} ${round(low - size * 0.38)}L${round(x + wide)} ${round(low)}Z" fill="${light.tree}"/>${snow}`;
  });
  return trunk + tiers.join('');
}

function rain(random, drops, colour, slant) {
  let lines = '';
  for (let drop = 0; drop < drops; drop += 1) {
    const [x, y, length] = [random() * (WIDTH + 40) - 20, 60 + random() * 200, 8 + random() * 9];
    lines += `M${round(x)} ${round(y)}l${round(-slant * length)} ${round(length)}`;
  }
  return `<path d="${lines}" stroke="${colour}" stroke-width="1.7" stroke-linecap="round" opacity=".75"/>`;
}

function snow(random, flakes) {
  let dots = '';
  for (let flake = 0; flake < flakes; flake += 1) {
    dots += `<circle cx="${round(random() * WIDTH)}" cy="${round(40 + random() * 225)}" r="${round(1.2 + random() * 1.8)}"/>`;
  }
  return `<g fill="#fff">${dots}</g>`;
}

function lightning(random, x) {
  const y = 84 + random() * 10;
  return `<path d="M${x} ${y}l-15 39h12l-9 37 32-49h-14l11-27z" fill="#ffe45c" stroke="#fff7cf" stroke-width="1.5" stroke-linejoin="round"/>`;
}

function fog(random, thickness) {
  let bands = '';
  for (let band = 0; band < 6; band += 1) {
    const y = 92 + band * 26 + random() * 8;
    bands += `<rect x="${round(-60 + random() * 80)}" y="${round(y)}" width="${round(260 + random() * 160)}" height="${round(15 + random() * 10)}" rx="12" opacity="${round(thickness + random() * 0.2)}"/>`;
  }
  return `<rect y="70" width="${WIDTH}" height="${HEIGHT}" fill="#dfe4e8" opacity="${thickness}"/><g fill="#edf0f2">${bands}</g>`;
}

/** The scene of one picture. Every fourth of a kind is a hard one: it borrows something from another kind. */
function scene(kind, index) {
  const random = generator(KINDS.indexOf(kind) * 1000 + index * 17 + 5);
  const hard = index % 4 === 3;
  const times = {
    clear: ['day', 'dusk', 'day', 'night'],
    cloudy: ['grey', 'day', 'grey', 'dusk'],
    fog: ['grey', 'grey', 'dusk', 'night'],
    rain: ['grey', 'dark', 'grey', 'day'],
    snow: ['grey', 'night', 'grey', 'dusk'],
    thunder: ['dark', 'dark', 'night', 'grey'],
  };
  const time = times[kind][index % 4];
  const light = LIGHT[time];
  const winter = kind === 'snow' ? !hard : hard && (kind === 'clear' || kind === 'fog');
  const hills = winter ? WINTER_HILLS[time] : light.hills;
  const white = time === 'day' ? ['#ffffff', '#e6eef4'] : { dusk: ['#f3c9c0', '#dba7ae'], night: ['#4b5d80', '#3f4f70'], grey: ['#d3dae0', '#bfc8d0'], dark: ['#7b8592', '#69727f'] }[time];
  const storm = time === 'grey' ? ['#7d8793', '#6b7581'] : ['#5a6270', '#495160'];

  let svg = sky(light.sky);
  if (time === 'night') svg += stars(random, kind === 'clear' ? 60 : 14);
  const place = 60 + Math.floor(random() * 240);
  if (kind === 'clear' || (kind === 'cloudy' && time === 'day') || (kind === 'rain' && hard)) {
    svg += time === 'night' ? moon(place, 58, 22, light.sky[0]) : sun(place, time === 'dusk' ? 128 : 58, 24);
  }
  if (kind === 'clear' && (hard || index % 3 === 1)) svg += cloud(random, (place + 170) % 280, 62 + random() * 24, 62, ...white);

  const heavy = kind === 'cloudy' || kind === 'rain' || kind === 'snow' || kind === 'thunder';
  if (heavy) {
    const colours = kind === 'thunder' ? storm : white;
    const many = kind === 'cloudy' || !hard ? 5 : 3;
    for (let one = 0; one < many; one += 1) {
      svg += cloud(random, -30 + one * (320 / many) + random() * 26, 34 + (one % 2) * 26 + random() * 14, 112 + random() * 40, ...colours);
    }
  }
  if (kind === 'thunder') svg += lightning(random, 90 + Math.floor(random() * 190));

  const far = hill(random, 176, 13, hills[0]);
  const middle = hill(random, 202, 11, hills[1]);
  const near = hill(random, 232, 9, hills[2]);
  svg += far.svg;
  for (let one = 0; one < 4; one += 1) {
    const x = 20 + one * 88 + random() * 46;
    svg += tree(x, middle.top(x) + 5, 30 + random() * 14, light, winter, random() < 0.6);
  }
  svg += middle.svg;
  const home = 40 + Math.floor(random() * 250);
  svg += house(home, Math.round(near.top(home + 18)) + 3, light, winter);
  svg += near.svg;
  for (let one = 0; one < 3; one += 1) {
    const x = (home + 70 + one * 90 + random() * 40) % WIDTH;
    svg += tree(x, near.top(x) + 9, 46 + random() * 22, light, winter, random() < 0.5);
  }

  if (kind === 'rain') svg += rain(random, hard ? 26 : 95, time === 'dark' ? '#b9d2e6' : '#3f6f99', 0.28);
  if (kind === 'thunder') svg += rain(random, hard ? 0 : 70, '#b4cbdd', 0.45);
  if (kind === 'snow') svg += snow(random, hard ? 38 : 130);
  if (kind === 'fog') svg += fog(random, hard ? 0.22 : 0.42);
  return svg;
}

const pictures = KINDS.flatMap((kind) => Array.from({ length: PER_KIND }, (_, index) => ({ kind, svg: scene(kind, index) })));
const shuffle = generator(2024);
for (let last = pictures.length - 1; last > 0; last -= 1) {
  const other = Math.floor(shuffle() * (last + 1));
  [pictures[last], pictures[other]] = [pictures[other], pictures[last]];
}

const named = pictures.map(({ kind, svg }, index) => ({ name: `w${String(index + 1).padStart(2, '0')}`, kind, svg }));
await savePictures(FOLDER, WIDTH, HEIGHT, named.map(({ name, svg }) => [name, svg]));
await saveCsv(`${FOLDER}tasks.csv`, ['task', 'picture'], named.map(({ name }) => [name, `pictures/${name}.png`]));
await saveCsv(`${FOLDER}truth.csv`, ['task', 'weather'], named.map(({ name, kind }) => [name, kind]));
