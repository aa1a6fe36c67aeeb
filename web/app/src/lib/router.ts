// A path is matched against patterns such as `/batches/:id`; the first that fits wins.

export type Params = Record<string, string>;

export interface Route<T> {
  pattern: string;
  page: T;
}

export interface Match<T> {
  page: T;
  params: Params;
}

function segments(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function matchPattern(pattern: string, path: string): Params | null {
  const wanted = segments(pattern);
  const given = segments(path);
  if (wanted.length !== given.length) return null;
  const params: Params = {};
  for (const [index, want] of wanted.entries()) {
    const part = given[index] ?? '';
    if (want.startsWith(':')) params[want.slice(1)] = decode(part);
    else if (want !== part) return null;
  }
  return params;
}

export function match<T>(routes: readonly Route<T>[], path: string): Match<T> | null {
  for (const route of routes) {
    const params = matchPattern(route.pattern, path);
    if (params) return { page: route.page, params };
  }
  return null;
}

/** Only a path of this site may be the place to go on to after signing in. */
export function safeNext(next: string | null): string | null {
  return next && /^\/(?![/\\])/.test(next) ? next : null;
}

type LinkClick = Pick<MouseEvent, 'button' | 'metaKey' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'defaultPrevented'>;

/** The path a click on a link leads to inside the app, or null when the browser shall handle it. */
export function internalPath(click: LinkClick, link: HTMLAnchorElement, origin: string): string | null {
  if (click.defaultPrevented || click.button !== 0) return null;
  if (click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return null;
  if (link.target || link.hasAttribute('download') || link.origin !== origin) return null;
  if (link.pathname.startsWith('/api')) return null;
  // A link to a place on the same page (the skip link).
  if (link.hash && link.pathname === location.pathname) return null;
  return link.pathname + link.search + link.hash;
}
