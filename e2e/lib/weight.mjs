// What a browser loads over the wire when it opens a page for the first time.

import { signIn } from './browser.mjs';

/**
 * Loads a page in a fresh profile. Gives every request, of the page and of the frames in it, with the bytes that came over
 * the wire.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {{ as?: import('./http.mjs').Client, arrive: (page: import('playwright-core').Page) => Promise<void> }} options who
 *   opens it, and how to wait until there is something to see
 * @returns {Promise<{ url: string, type: string, bytes: number }[]>}
 */
export async function firstLoad(browser, url, { as = null, arrive }) {
  const context = await browser.newContext();
  if (as) await signIn(context, as);
  const requests = [];
  context.on('requestfinished', (request) => {
    if (!/^(data|blob):/.test(request.url())) requests.push(request);
  });
  const page = await context.newPage();
  await page.goto(url);
  await arrive(page);
  // What comes in the next two seconds belongs to the first load too, such as the next tasks ahead of time.
  await page.waitForTimeout(2000);
  const loaded = await Promise.all(
    requests.map(async (request) => {
      const { responseBodySize, responseHeadersSize } = await request.sizes();
      return { url: request.url(), type: request.resourceType(), bytes: responseBodySize + responseHeadersSize };
    }),
  );
  await context.close();
  return loaded;
}

/** Bytes of requests, and what they were, for a message. */
export const bytesOf = (requests) => requests.reduce((sum, { bytes }) => sum + bytes, 0);
export const listOf = (requests) => requests.slice(0, 25).map(({ url, bytes }) => `${bytes} ${url.split('?')[0]}`).join('\n');
