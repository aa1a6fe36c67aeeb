import * as api from './api';
import { onSignedOut, Problem, useCsrf } from './http';
import { go, here } from './location.svelte';
import { safeNext } from './router';
import type { Me, Site } from './types';

/** Who is signed in here: `undefined` until known, `null` for nobody. */
export const session = $state<{ me: Me | null | undefined; site: Site | null }>({ me: undefined, site: null });

export function enter(me: Me): void {
  useCsrf(me.csrf);
  session.me = me;
}

export const mayRequest = (me: Me) => me.role !== 'worker';
export const mayAdminister = (me: Me) => me.role === 'owner';
export const mayManage = (me: Me) => me.role === 'owner' || me.role === 'requester';
export const homeOf = (me: Me) => (mayRequest(me) ? '/' : '/work');

/** Finds out who is here, once, when the app starts. */
export async function start(): Promise<void> {
  onSignedOut(() => {
    if (!session.me) return;
    session.me = null;
    useCsrf(null);
    go(`/signin?next=${encodeURIComponent(here.path)}`, 'replace');
  });
  try {
    enter(await api.me());
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) throw error;
    session.site = await api.site();
    session.me = null;
  }
}

export async function leave(): Promise<void> {
  await api.signOut();
  session.me = null;
  useCsrf(null);
  session.site ??= await api.site();
  go('/signin');
}

export function goOn(me: Me): void {
  go(safeNext(new URLSearchParams(here.search).get('next')) ?? homeOf(me), 'replace');
}
