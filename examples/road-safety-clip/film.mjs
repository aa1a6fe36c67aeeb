// Films the clips of this example, with tasks.jsonl beside them:
//
//   npm ci --prefix ../../e2e && node film.mjs
//
// A page draws the cartoon on a canvas, and Chromium's own recorder makes WebM of it.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { launch } from '../lib/pictures.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const clips = [
  { name: 'crossing', question: 'What did the car do at the crossing?', answers: ['It stopped for the walker', 'It drove on', 'It turned round'] },
  { name: 'lights', question: 'When did the cyclist turn the light on?', answers: ['Before it was dark', 'When it was dark', 'Not at all'] },
  { name: 'ball', question: 'Why did the van brake?', answers: ['A ball rolled onto the road', 'The light was red', 'A dog ran after it'] },
];

/** Runs in the page: draws one clip for eight seconds while it is being recorded; gives base64. */
async function film(name) {
  const [width, height, seconds] = [480, 270, 8];
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const pen = canvas.getContext('2d');
  const block = (color, x, y, w, h) => {
    pen.fillStyle = color;
    pen.fillRect(x, y, w, h);
  };
  const disc = (color, x, y, radius) => {
    pen.fillStyle = color;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 7);
    pen.fill();
  };
  const ramp = (time, from, to, a, b) => a + (b - a) * Math.min(1, Math.max(0, (time - from) / (to - from)));
  const road = (dark) => {
    block(dark > 0.5 ? '#1b2a4e' : '#bfe0f2', 0, 0, width, 130);
    block('#8fae86', 0, 110, width, 40);
    block('#6c7078', 0, 150, width, 90);
    block('#c9c4b8', 0, 240, width, 30);
    for (let x = 10; x < width; x += 60) block('#e8e4da', x, 193, 34, 4);
  };
  const car = (x, y, color, long = 92) => {
    block(color, x, y - 26, long, 24);
    block(color, x + long * 0.2, y - 46, long * 0.55, 22);
    block('#cfe4ef', x + long * 0.27, y - 42, long * 0.4, 14);
    disc('#22252b', x + long * 0.22, y, 10);
    disc('#22252b', x + long * 0.78, y, 10);
  };
  const walker = (x, y, color) => {
    disc('#d9a578', x, y - 58, 8);
    block(color, x - 8, y - 50, 16, 28);
    block('#2f3b52', x - 7, y - 22, 6, 22);
    block('#2f3b52', x + 1, y - 22, 6, 22);
  };
  const scenes = {
    crossing(time) {
      road(0);
      for (let y = 152; y < 238; y += 16) block('#f4f1de', 290, y, 60, 9);
      walker(320, ramp(time, 2.5, 5.5, 262, 150), '#c8553d');
      car(time < 5.8 ? ramp(time, 0, 2.4, -100, 180) : ramp(time, 5.8, 8, 180, 520), 222, '#3d6fa8');
    },
    lights(time) {
      road(0);
      const x = ramp(time, 0, 8, -40, 500);
      if (time > 2) {
        pen.fillStyle = 'rgb(255 231 150 / 70%)';
        pen.beginPath();
        pen.moveTo(x + 52, 180);
        pen.lineTo(x + 150, 160);
        pen.lineTo(x + 150, 215);
        pen.fill();
      }
      pen.strokeStyle = '#22252b';
      pen.lineWidth = 4;
      for (const wheel of [0, 46]) {
        pen.beginPath();
        pen.arc(x + wheel, 206, 16, 0, 7);
        pen.stroke();
      }
      block('#4f8f58', x + 4, 186, 42, 5);
      disc('#a8704a', x + 24, 132, 9);
      block('#e0b040', x + 15, 142, 18, 36);
      block('#2f3b52', x + 18, 176, 10, 26);
      block(`rgb(16 26 54 / ${ramp(time, 3, 6, 0, 62)}%)`, 0, 0, width, height);
      if (time > 2) disc('#fff3c4', x + 54, 182, 5);
    },
    ball(time) {
      road(0);
      const ball = ramp(time, 2, 4.5, 470, 330);
      disc('#c8553d', ball, 226 - Math.abs(Math.sin(time * 6)) * (time < 4.5 ? 18 : 0), 10);
      car(time < 6 ? ramp(time, 0, 3.6, -140, 150) : 150, 222, '#e8e4da', 130);
      if (time > 3 && time < 6.5) disc('#ff5a4d', 152, 206, 6);
      if (time > 5) walker(ramp(time, 5, 7.5, 500, 352), 262, '#8c6bb1');
    },
  };
  scenes[name](0);
  const recorder = new MediaRecorder(canvas.captureStream(15), { mimeType: 'video/webm;codecs=vp8', videoBitsPerSecond: 140_000 });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  const begun = performance.now();
  await new Promise((resolve) => {
    const draw = () => {
      const time = (performance.now() - begun) / 1000;
      if (time > seconds) return resolve();
      scenes[name](time);
      setTimeout(draw, 60);
    };
    draw();
  });
  recorder.stop();
  await stopped;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

await rm(`${FOLDER}clips`, { recursive: true, force: true });
await mkdir(`${FOLDER}clips`);
const browser = await launch();
const page = await browser.newPage();
for (const { name } of clips) await writeFile(`${FOLDER}clips/${name}.webm`, Buffer.from(await page.evaluate(film, name), 'base64'));
await browser.close();
const tasks = clips.map(({ name, question, answers }) => JSON.stringify({ task: name, clip: `clips/${name}.webm`, question, answers }));
await writeFile(`${FOLDER}tasks.jsonl`, `${tasks.join('\n')}\n`);
