// Opens a template as a worker sees it: in a sandboxed frame inside a shell, in a real browser.
import { seriousFindings } from './axe.js';
import { chromium, type Browser, type BrowserContext, type Frame, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { Site } from './serve.js';

const site = new Site();
let browser: Browser;
let contexts: BrowserContext[] = [];

beforeAll(async () => {
  await site.start();
  browser = await chromium.connect(inject('browser'));
});
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  contexts = [];
});
afterAll(async () => {
  await browser.close();
  site.stop();
});

export interface TaskOptions {
  width?: number;
  height?: number;
  script?: string;
  dark?: boolean;
  permissions?: string[];
  geolocation?: { latitude: number; longitude: number; accuracy?: number };
  /** The page's Content-Security-Policy; HOST in it is the test's server. */
  csp?: string;
  /** Without a shell around it. */
  alone?: boolean;
  /** What the shell sends as soon as the page is ready. */
  onReady?: object;
  /** The frame's name says that the shell hands over modules; `answer` has to. */
  handing?: boolean;
  /** Runs in the shell's window for each message, for instance to answer uploads. */
  answer?: string;
}

export class Task {
  constructor(
    readonly page: Page,
    readonly frame: Frame,
  ) {}

  /** Messages of that kind that the shell has got. */
  messages(kind: string): Promise<Record<string, unknown>[]> {
    return this.page.evaluate(
      (wanted) =>
        (window as unknown as { messages: Record<string, unknown>[] }).messages.filter(
          (m) => m['crowdsmith'] === wanted,
        ),
      kind,
    );
  }

  async waitFor(kind: string, count = 1): Promise<Record<string, unknown>> {
    await expect
      .poll(async () => (await this.messages(kind)).length, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(count);
    return (await this.messages(kind)).at(-1)!;
  }

  /** The output that the page submitted. */
  async submitted(): Promise<unknown> {
    return (await this.waitFor('submit'))['output'];
  }

  /** Presses the page's own submit button and gives the output. */
  async submit(): Promise<unknown> {
    await this.frame.locator('crowd-button[form-action="submit"]').last().click();
    return this.submitted();
  }

  async send(message: object): Promise<void> {
    await this.page.evaluate(
      (data) => document.querySelector('iframe')!.contentWindow!.postMessage(data, '*'),
      message,
    );
  }

  /** Puts a picture into tests/screenshots when SCREENSHOTS is set, to be looked at. */
  async shot(name: string): Promise<void> {
    if (process.env['SCREENSHOTS']) await this.page.screenshot({ path: `tests/screenshots/${name}.png` });
  }

  /** Fails when axe-core finds something serious in the page. */
  async accessible(): Promise<void> {
    expect(await seriousFindings(this.frame)).toEqual([]);
  }
}

/** Puts a file in reach of the page and gives its address. */
export function publish(path: string, text: string): string {
  site.pages.set(path, text);
  return site.origin + path;
}

/** Opens a template: the inside of `<body>`, after the loader's script. */
export async function openTask(body: string, options: TaskOptions = {}): Promise<Task> {
  const { width = 1280, height = 800, script = 'crowd-html-elements.js', dark = false } = options;
  const scheme = dark ? '<meta name="color-scheme" content="light dark">' : '';
  const policy = options.csp?.replaceAll('HOST', site.origin) ?? '';
  const csp = policy && `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  const path = `/page-${site.pages.size}`;
  site.pages.set(
    path,
    `<!doctype html><html lang="en"><head><title>Task</title>
    ${csp}<meta name="viewport" content="width=device-width, initial-scale=1">${scheme}</head><body>
    <script src="/dist/${script}"></script>${body}</body></html>`,
  );
  const { permissions = [], geolocation } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    permissions,
    ...(geolocation ? { geolocation } : {}),
    ...(width < 500 ? { hasTouch: true, isMobile: true } : {}),
  });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  if (options.answer) await page.addInitScript(`window === top && (window.answer = (event) => { ${options.answer} });`);
  const shell = options.handing ? '/handing' : '/shell';
  await page.goto(site.origin + (options.alone ? '' : shell) + path);
  const frame = options.alone ? page.mainFrame() : page.frame({ url: site.origin + path })!;
  const task = new Task(page, frame);
  if (options.alone) await frame.waitForFunction(() => customElements.get('crowd-form') !== undefined);
  else await task.waitFor('ready');
  if (options.onReady) await task.send(options.onReady);
  return task;
}
