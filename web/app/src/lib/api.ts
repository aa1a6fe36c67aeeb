// What the worker's pages and the account pages ask of the server. The requester's calls are in requester/api.ts, so
// that a worker's first load does not carry them.
import { request, send, type Progress } from './http';
import type {
  Assignment,
  Feedback,
  Me,
  NearTask,
  Page,
  Role,
  Site,
  StoredMedia,
  Submitted,
  Work,
  WorkDetail,
} from './types';

export const site = () => request<Site>('/site');
export const me = () => request<Me>('/me', { anonymous: true });

export const signIn = (email: string, password: string) =>
  request<Me>('/session', { method: 'POST', json: { email, password }, anonymous: true });
export const signOut = () => request<void>('/session', { method: 'DELETE' });

export const setUp = (json: { token: string; email: string; name: string; password: string; workspace: string }) =>
  request<Me>('/setup', { method: 'POST', json, anonymous: true });
export const previewInvitation = (token: string) =>
  request<{ workspace: string; role: Role; expires_at: string }>('/invitations/preview', {
    method: 'POST',
    json: { token },
    anonymous: true,
  });
export const join = (json: { token?: string; email: string; name: string; password: string }) =>
  request<Me>('/join', { method: 'POST', json, anonymous: true });

export const listWork = () => request<Page<Work>>('/work/batches?limit=100');
export const getWork = (batch: string) => request<WorkDetail>(`/work/batches/${batch}`);

/** The next tasks, or the one that is named. `undefined`: there is nothing for this worker now. */
export async function claim(batch: string, task?: string): Promise<Assignment | undefined> {
  const answer = await request<{ assignment: Assignment } | undefined>(`/work/batches/${batch}/claim`, {
    method: 'POST',
    ...(task === undefined ? {} : { json: { task } }),
  });
  return answer?.assignment;
}

export const submit = (assignment: string, body: string, keepalive = false) =>
  request<Submitted>(`/work/assignments/${assignment}/submit`, { method: 'POST', body, keepalive });
export const giveBack = (assignment: string) =>
  request<unknown>(`/work/assignments/${assignment}/return`, { method: 'POST' });

export const listPlaces = async (batch: string, latitude: number, longitude: number) =>
  (await request<Page<NearTask>>(`/work/batches/${batch}/places?latitude=${latitude}&longitude=${longitude}&limit=100`))
    .items;

export const storeMedia = (assignment: string, task: string, field: string, file: Blob, progress: Progress) =>
  send<StoredMedia>(`/work/assignments/${assignment}/media?${new URLSearchParams({ task, field })}`, file, progress);

export const listFeedback = async (batch: string) =>
  (await request<Page<Feedback>>(`/work/batches/${batch}/feedback`)).items;
export const contest = (task: string, reason: string) =>
  request<{ id: string; state: 'open' }>(`/work/tasks/${task}/contest`, { method: 'POST', json: { reason } });
