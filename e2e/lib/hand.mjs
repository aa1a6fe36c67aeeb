// The hand of a worker who has a keyboard and nothing else.

export class Hand {
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
  }

  /** Presses keys one after the other; `ArrowUp*3` is pressed three times. */
  async press(...keys) {
    for (const key of keys) {
      const [, name, times] = /^(.+?)(?:\*(\d+))?$/.exec(key);
      for (let count = 0; count < Number(times ?? 1); count += 1) await this.page.keyboard.press(name);
    }
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  /** Presses Tab until the target has the focus, wherever it is: in the page, in its frame, in an element's shadow. */
  async to(target, most = 80) {
    await target.waitFor();
    for (let presses = 0; presses <= most; presses += 1) {
      if (await target.evaluate((element) => document.hasFocus() && element.getRootNode().activeElement === element)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`${most} presses of Tab do not reach ${target}`);
  }
}
