// Pictures made on the spot, and hands that draw on them.
import type { Page } from 'playwright-core';
import { vi } from 'vitest';
import { openTask, type Task, type TaskOptions } from '../support/task.js';
import { encodePng, toBase64 } from '../../src/draw/png.js';

// Many steps of a real hand, on machines whose few cores are busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

/** A PNG of coloured stripes and a checkered middle, as a data URL. */
export function picture(width: number, height: number): string {
  const indices = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      indices[y * width + x] = 1 + ((Math.floor(x / 40) + Math.floor(y / 40)) % 3);
    }
  }
  return pngUrl(indices, width, height, ['#d8d2c4', '#a9bfae', '#8aa0b8']);
}

export function pngUrl(indices: Uint8Array, width: number, height: number, colors: readonly string[]): string {
  return `data:image/png;base64,${toBase64(encodePng(indices, width, height, colors))}`;
}

interface Drawing extends HTMLElement {
  stage: { view: { toScreen(point: Spot): Spot; scale: number } };
  _submittableValue: unknown;
}

export interface Spot {
  x: number;
  y: number;
}

/** One element in a form, ready to be drawn on. */
export class Canvas {
  constructor(
    readonly task: Task,
    readonly tag: string,
  ) {}

  static async open(tag: string, attributes: string, options: TaskOptions = {}): Promise<Canvas> {
    const task = await openTask(
      `<crowd-form><${tag} name="annotatedResult" ${attributes}>
        <full-instructions header="How to draw">Draw tightly.</full-instructions>
        <short-instructions>Draw around each thing.</short-instructions>
      </${tag}></crowd-form>`,
      options,
    );
    const canvas = new Canvas(task, tag);
    await task.frame.locator(`${tag} .stage[aria-busy="false"]`).waitFor();
    return canvas;
  }

  get page(): Page {
    return this.task.page;
  }

  /** The output as it would be submitted now. */
  output<T = Record<string, unknown>>(): Promise<T> {
    return this.task.frame
      .locator(this.tag)
      .evaluate((element) => (element as unknown as Drawing)._submittableValue) as Promise<T>;
  }

  /** Where in the window a pixel edge of the picture is. */
  async spot(x: number, y: number): Promise<Spot> {
    const stage = this.task.frame.locator(`${this.tag} .stage`);
    const box = (await stage.boundingBox())!;
    const inside = await this.task.frame
      .locator(this.tag)
      .evaluate((element, point) => (element as unknown as Drawing).stage.view.toScreen(point), { x, y });
    return { x: box.x + 1 + inside.x, y: box.y + 1 + inside.y };
  }

  async click(x: number, y: number): Promise<void> {
    const spot = await this.spot(x, y);
    await this.page.mouse.click(spot.x, spot.y);
  }

  /** Presses, moves in a few steps, releases. */
  async drag(from: [number, number], ...to: [number, number][]): Promise<void> {
    const start = await this.spot(...from);
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    for (const target of to) {
      const spot = await this.spot(...target);
      await this.page.mouse.move(spot.x, spot.y, { steps: 4 });
    }
    await this.page.mouse.up();
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      const [, name, times] = /^(.+?)(?:\*(\d+))?$/.exec(key)!;
      for (let count = 0; count < Number(times ?? 1); count += 1) await this.page.keyboard.press(name!);
    }
  }

  /** Brings the keyboard to the stage without a pointer. */
  async focus(): Promise<void> {
    await this.task.frame.locator(`${this.tag} .stage`).focus();
  }

  /** Whether nothing of the tool reaches beyond the window's right edge. */
  fits(): Promise<boolean> {
    return this.task.frame
      .locator(`${this.tag} .drawing`)
      .evaluate((tool) =>
        [...tool.querySelectorAll('*')].every((part) => part.getBoundingClientRect().right <= innerWidth),
      );
  }

  /** Fingers on the glass, by the browser's own input events; each step is a list of points, [] lifts all. */
  async touch(...steps: [number, number][][]): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    let down = 0;
    for (const step of steps) {
      const touchPoints = await Promise.all(
        step.map(async ([x, y], id) => ({ ...(await this.spot(x, y)), id, radiusX: 2, radiusY: 2 })),
      );
      const type = step.length > down ? 'touchStart' : step.length < down ? 'touchEnd' : 'touchMove';
      await session.send('Input.dispatchTouchEvent', { type, touchPoints });
      down = step.length;
    }
    await session.detach();
  }
}
