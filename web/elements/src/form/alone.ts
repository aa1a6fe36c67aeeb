import type { Output } from '../base/shell.js';
import { strings } from '../base/strings.js';

/** Without a shell there is nobody to submit to: the page shows the JSON that it would have sent. */
export function showAlone(after: Element, output: Output): void {
  const next = after.nextElementSibling;
  const box = next?.classList.contains('crowd-output') ? next : document.createElement('section');
  box.className = 'crowd-output';
  box.setAttribute('aria-label', strings.wouldSubmit);
  const heading = document.createElement('p');
  heading.textContent = strings.wouldSubmit;
  const text = document.createElement('pre');
  text.textContent = JSON.stringify(output, null, 2);
  text.tabIndex = 0;
  box.replaceChildren(heading, text);
  after.after(box);
  box.scrollIntoView({ block: 'nearest' });
}
