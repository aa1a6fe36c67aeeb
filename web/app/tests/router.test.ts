import { describe, expect, it } from 'vitest';
import { internalPath, match, safeNext } from '../src/lib/router';

const routes = [
  { pattern: '/', page: 'home' },
  { pattern: '/work', page: 'list' },
  { pattern: '/work/:batch', page: 'task' },
  { pattern: '/settings/tokens', page: 'tokens' },
];

describe('match', () => {
  it.each([
    ['/', 'home', {}],
    ['/work/', 'list', {}],
    ['/work/01ABC', 'task', { batch: '01ABC' }],
    ['/work/a%20b', 'task', { batch: 'a b' }],
    ['/work/%E0%A4%A', 'task', { batch: '%E0%A4%A' }],
    ['/settings/tokens', 'tokens', {}],
  ])('%s → %s', (path, page, params) => expect(match(routes, path)).toEqual({ page, params }));

  it.each(['/nowhere', '/work/a/b', '/settings'])('%s → nothing', (path) => expect(match(routes, path)).toBeNull());
});

describe('safeNext', () => {
  it('stays on this site', () => {
    expect(safeNext('/work/01')).toBe('/work/01');
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', null]) {
      expect(safeNext(next)).toBeNull();
    }
  });
});

describe('internalPath', () => {
  const click = { button: 0, metaKey: false, ctrlKey: false, shiftKey: false, altKey: false, defaultPrevented: false };
  const link = (html: string) => {
    document.body.innerHTML = html;
    return document.querySelector('a')!;
  };
  const origin = location.origin;

  it('takes a plain click on a link of the app', () => {
    expect(internalPath(click, link(`<a href="${origin}/work?x=1#y">w</a>`), origin)).toBe('/work?x=1#y');
  });

  it('leaves all others to the browser', () => {
    const own = link(`<a href="${origin}/work">w</a>`);
    expect(internalPath({ ...click, ctrlKey: true }, own, origin)).toBeNull();
    expect(internalPath({ ...click, button: 1 }, own, origin)).toBeNull();
    expect(internalPath({ ...click, defaultPrevented: true }, own, origin)).toBeNull();
    expect(internalPath(click, link('<a href="https://example.org/">w</a>'), origin)).toBeNull();
    expect(internalPath(click, link(`<a download href="${origin}/x">w</a>`), origin)).toBeNull();
    expect(internalPath(click, link(`<a target="_blank" href="${origin}/x">w</a>`), origin)).toBeNull();
    expect(internalPath(click, link(`<a href="${origin}/api/docs">w</a>`), origin)).toBeNull();
  });
});
