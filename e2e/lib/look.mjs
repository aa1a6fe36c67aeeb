// What a person without a mouse, without good eyes or with a small screen would stumble over on a page.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What sticks out of the page to the right, where a person would have to scroll sideways. */
export function overhang(page) {
  return page.evaluate(sideways);
}

function sideways() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  return [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
    .slice(0, 5)
    .map((element) => `${element.tagName.toLowerCase()}.${element.className} ends at ${Math.round(element.getBoundingClientRect().right)} of ${clientWidth}`)
    .concat(`the page is ${scrollWidth} wide`);
}

/** What axe-core finds serious or worse. */
export async function axe(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`);
}

/**
 * Presses Tab through the page. Gives what it never reached among the things one can use, and what it reached without
 * showing it.
 */
export async function unreached(page) {
  const count = await page.evaluate(() => {
    const scope = document.querySelector('dialog[open]') ?? document;
    const usable = [...scope.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter((element) => {
      if (element.disabled || element.tabIndex < 0 || !element.checkVisibility({ visibilityProperty: true })) return false;
      // One radio of a group takes the focus; arrows lead to the others.
      return element.type !== 'radio' || element.checked || !scope.querySelector(`input[name="${CSS.escape(element.name)}"]:checked`);
    });
    globalThis.toReach = new Set(usable);
    document.activeElement?.blur();
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    return usable.length;
  });
  const unseen = new Set();
  for (let press = 0; press < count + 12; press += 1) {
    await page.keyboard.press('Tab');
    const flaw = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      globalThis.toReach.delete(element);
      for (const other of globalThis.toReach) if (other.type === 'radio' && other.name === element.name) globalThis.toReach.delete(other);
      const seen = (one) => {
        const style = getComputedStyle(one);
        return (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
      };
      // A hidden radio or checkbox may show its focus on the label around it.
      const shown = seen(element) || (element.closest('label') && seen(element.closest('label'))) || [...(element.labels ?? [])].some(seen) || (element.parentElement && seen(element.parentElement));
      return shown ? null : element.outerHTML.slice(0, 160);
    });
    if (flaw) unseen.add(flaw);
  }
  const missed = await page.evaluate(() => [...globalThis.toReach].map((element) => element.outerHTML.slice(0, 160)));
  return [...missed.map((html) => `Tab does not reach ${html}`), ...[...unseen].map((html) => `the focus cannot be seen on ${html}`)];
}
