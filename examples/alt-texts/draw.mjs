// Draws the pictures of this example, with tasks.csv beside them:
//
//   npm ci --prefix ../../e2e && node draw.mjs

import { fileURLToPath } from 'node:url';

import { saveCsv, savePictures } from '../lib/pictures.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const SIZE = 320;
const on = (wall, table, thing) => `<rect width="320" height="320" fill="${wall}"/><rect y="226" width="320" height="94" fill="${table}"/>${thing}`;
const shadow = (x, y, radius) => `<ellipse cx="${x}" cy="${y}" rx="${radius}" ry="${radius / 7}" fill="#000" opacity=".16"/>`;

const things = [
  [
    'A shop for home goods',
    on('#f4e9d8', '#c99a6b', `${shadow(160, 256, 80)}<path d="M100 120h110v100q0 36-36 36h-38q-36 0-36-36z" fill="#c8553d"/><path d="M210 145h22q22 0 22 28t-22 28h-22" fill="none" stroke="#c8553d" stroke-width="14"/>
      ${[[125, 150], [160, 140], [190, 165], [138, 190], [172, 205], [120, 222], [195, 226]].map(([x, y]) => `<circle cx="${x}" cy="${y}" r="8" fill="#fff"/>`).join('')}`),
  ],
  [
    'A shop for home goods',
    on('#dfe8e4', '#8d6e5a', `${shadow(160, 262, 62)}<path d="M120 60h80l34 84H86z" fill="#e0b040"/><rect x="154" y="144" width="12" height="96" fill="#3b4252"/><path d="M112 262q48-44 96 0z" fill="#3b4252"/><circle cx="196" cy="168" r="4" fill="#3b4252"/><path d="M196 144v22" stroke="#3b4252" stroke-width="2"/>`),
  ],
  [
    'A bakery',
    on('#efe2cf', '#b98555', `${shadow(160, 262, 110)}<path d="M52 244q-6-96 108-96t108 96q0 16-20 16H72q-20 0-20-16z" fill="#a5652f"/><path d="M96 178q14-16 30-18M146 168q16-6 32-4M196 172q18 8 28 20" stroke="#e9c99b" stroke-width="10" stroke-linecap="round" fill="none"/>
      ${[[110, 210], [150, 200], [190, 214], [222, 226], [132, 232]].map(([x, y]) => `<ellipse cx="${x}" cy="${y}" rx="6" ry="3" fill="#5f3a1c"/>`).join('')}`),
  ],
  [
    'A shop for bags',
    on('#e9e4f0', '#a89b8c', `${shadow(160, 272, 84)}<path d="M112 120q0-60 48-60t48 60" fill="none" stroke="#2f4d3c" stroke-width="12"/><path d="M84 116h152l14 152H70z" fill="#4f8f58"/><text x="160" y="210" font-family="sans-serif" font-size="26" font-weight="700" fill="#fff" text-anchor="middle">MARKET</text>`),
  ],
  [
    'A manual for a wall clock',
    `<rect width="320" height="320" fill="#e8ecef"/><circle cx="160" cy="150" r="104" fill="#fff" stroke="#3b4252" stroke-width="12"/>
      ${Array.from({ length: 12 }, (_, hour) => `<path d="M160 58v${hour % 3 ? 8 : 16}" stroke="#3b4252" stroke-width="${hour % 3 ? 3 : 6}" transform="rotate(${hour * 30} 160 150)"/>`).join('')}
      <path d="M160 150V84" stroke="#c8553d" stroke-width="6" stroke-linecap="round" transform="rotate(60 160 150)"/><path d="M160 150v-44" stroke="#22252b" stroke-width="9" stroke-linecap="round" transform="rotate(305 160 150)"/><circle cx="160" cy="150" r="8" fill="#22252b"/>`,
  ],
  [
    'A garden centre',
    on('#e3efe2', '#b7a58e', `${shadow(160, 272, 66)}<path d="M106 190h108l-14 82h-80z" fill="#b5643c"/><rect x="100" y="178" width="120" height="20" rx="4" fill="#c97a4f"/>
      ${[-60, -32, 0, 30, 58].map((turn) => `<path d="M160 180q-26-50 0-116q26 66 0 116z" fill="${turn % 4 ? '#4f8f58' : '#6fae6f'}" transform="rotate(${turn} 160 180)"/>`).join('')}`),
  ],
  [
    'A shop for home goods',
    on('#f1ece6', '#d5cabb', `${shadow(160, 284, 96)}<path d="M98 70h12v212H98zM210 170h12v112h-12z" fill="#7a5237"/><path d="M92 168h136v18H92z" fill="#8d6244"/>
      <path d="M104 78h58v12h-58zM104 104h58v12h-58zM104 130h58v12h-58z" fill="#8d6244"/><path d="M160 72h10v100h-10z" fill="#7a5237"/><path d="M100 152h122v18H100z" fill="#3d6fa8"/>`),
  ],
  [
    'A shop for tea',
    on('#dce6ec', '#9a7b63', `${shadow(150, 262, 96)}<ellipse cx="150" cy="200" rx="84" ry="62" fill="#3d6fa8"/><path d="M230 186q34-8 44-44" fill="none" stroke="#3d6fa8" stroke-width="16" stroke-linecap="round"/><path d="M72 172q-44-4-38 30t52 28" fill="none" stroke="#3d6fa8" stroke-width="12"/><ellipse cx="150" cy="142" rx="44" ry="10" fill="#d9b98a"/><circle cx="150" cy="128" r="9" fill="#d9b98a"/>`),
  ],
];

await savePictures(FOLDER, SIZE, SIZE, things.map(([, svg], index) => [`t${index + 1}`, svg]));
await saveCsv(`${FOLDER}tasks.csv`, ['task', 'picture', 'page'], things.map(([page], index) => [`t${index + 1}`, `pictures/t${index + 1}.png`, page]));
