import type { Component } from 'svelte';
import type { Params, Route } from './lib/router';
import TaskPage from './work/TaskPage.svelte';

export interface PageDef {
  /** The task page is part of the first load; all others come when they are opened. */
  load: () => Promise<{ default: Component<Params> }> | { default: Component<Params> };
  access: 'anyone' | 'worker' | 'requester' | 'owner';
  /** Bare pages bring their own frame. */
  bare?: boolean;
}

// A page names the parameters it takes; the router gives those of its pattern.
const here = (page: unknown) => () => ({ default: page as Component<Params> });
const later = (page: () => Promise<{ default: unknown }>) => page as () => Promise<{ default: Component<Params> }>;

export const routes: readonly Route<PageDef>[] = [
  { pattern: '/signin', page: { load: later(() => import('./account/SignIn.svelte')), access: 'anyone', bare: true } },
  { pattern: '/setup', page: { load: later(() => import('./account/Setup.svelte')), access: 'anyone', bare: true } },
  { pattern: '/join', page: { load: later(() => import('./account/Join.svelte')), access: 'anyone', bare: true } },
  { pattern: '/work', page: { load: later(() => import('./work/WorkList.svelte')), access: 'worker' } },
  { pattern: '/work/:batch', page: { load: here(TaskPage), access: 'worker', bare: true } },
  {
    pattern: '/work/:batch/checked',
    page: { load: later(() => import('./work/CheckedPage.svelte')), access: 'worker' },
  },
  { pattern: '/', page: { load: later(() => import('./requester/Home.svelte')), access: 'requester' } },
  {
    pattern: '/batches/:id/decide',
    page: { load: later(() => import('./requester/quality/DecidePage.svelte')), access: 'requester' },
  },
  {
    pattern: '/batches/:id/replay',
    page: { load: later(() => import('./requester/quality/ReplayPage.svelte')), access: 'requester' },
  },
  { pattern: '/batches/:id', page: { load: later(() => import('./requester/BatchPage.svelte')), access: 'requester' } },
  {
    pattern: '/projects/:name',
    page: { load: later(() => import('./requester/ProjectPage.svelte')), access: 'requester' },
  },
  {
    pattern: '/people/skills',
    page: { load: later(() => import('./requester/people/Skills.svelte')), access: 'requester' },
  },
  {
    pattern: '/people/skills/:name',
    page: { load: later(() => import('./requester/people/Holders.svelte')), access: 'requester' },
  },
  { pattern: '/people', page: { load: later(() => import('./requester/people/People.svelte')), access: 'owner' } },
  {
    pattern: '/settings/tokens',
    page: { load: later(() => import('./requester/Tokens.svelte')), access: 'requester' },
  },
];
