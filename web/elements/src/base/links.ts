// A link must not replace the page: the worker's answer is in it, and the shell around it shows nothing else.

/** Lets links open windows of their own, where the shell lets the page open any; links within the page are left alone. */
export function keepPage(): void {
  // Ahead of the browser's own doing, whatever the template's scripts make of the press.
  document.addEventListener('click', keep, { capture: true });
  document.addEventListener('auxclick', keep, { capture: true });
}

function keep(event: Event): void {
  const link = event
    .composedPath()
    .find((node) => node instanceof HTMLAnchorElement || node instanceof HTMLAreaElement);
  if (link?.hasAttribute('href') && leadsAway(link)) link.target = '_blank';
}

function leadsAway({ protocol, href }: HTMLAnchorElement | HTMLAreaElement): boolean {
  if (protocol === 'javascript:') return false;
  return href.split('#')[0] !== location.href.split('#')[0];
}
