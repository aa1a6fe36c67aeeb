// A real browser: Debian's Chromium, headless, with a fresh profile for each context.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

import { CHECKOUT } from './server.mjs';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(more = []) {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, ...more] });
}

/** Collects what a page complains about: exceptions, console errors, and what its Content-Security-Policy refused. */
export function complaints(page) {
  const found = [];
  page.on('pageerror', (error) => found.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    // The browser itself logs every answer of 4xx; the tests look at answers where they matter.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) found.push(`console: ${message.text()}`);
  });
  return found;
}

/** Gives a context the session of a client of the API. */
export async function signIn(context, client) {
  const [name, ...value] = client.cookie.split('=');
  await context.addCookies([{ name, value: value.join('='), url: client.url, httpOnly: true, sameSite: 'Lax' }]);
}

/** Takes a picture into e2e/screenshots, for people to look at. */
export async function picture(page, name) {
  const folder = path.join(CHECKOUT, 'e2e/screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}
