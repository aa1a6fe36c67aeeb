import { internalPath } from './router';

/** Where the app is. Change it with `go`. `moved`: this is not the first page, so the focus must be brought along. */
export const here = $state({ path: location.pathname, search: location.search, hash: location.hash, moved: false });

function read(): void {
  here.path = location.pathname;
  here.search = location.search;
  here.hash = location.hash;
  here.moved = true;
}

export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', to);
  else history.replaceState(null, '', to);
  read();
  scrollTo(0, 0);
}

/** Takes clicks on the app's own links and the browser's back and forward. */
export function followLinks(): void {
  addEventListener('popstate', read);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link?.href) return;
    const to = internalPath(event, link, location.origin);
    if (to === null) return;
    event.preventDefault();
    go(to);
  });
}
