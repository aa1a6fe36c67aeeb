// People of a test: the owner who sets the server up, and workers who join by a link.

import { Client } from './http.mjs';

export const PASSWORD = 'a long enough test phrase';

/** Sets a fresh server up; gives the owner's client. */
export async function setUpOwner(server, { workspace = 'Test workspace' } = {}) {
  const owner = new Client(server.url);
  await owner.post('setup', { token: server.setupToken(), email: 'owner@example.org', name: 'Olive Owner', password: PASSWORD, workspace });
  return owner;
}

/** A client with a token in place of a session. */
export async function withToken(client, scopes = ['read', 'write']) {
  const { token } = await client.post('tokens', { name: 'test', scopes, expires_in_days: 1 });
  return new Client(client.url, { token });
}

/** Invites `count` workers by one link and lets each join; gives their clients. */
export async function inviteWorkers(owner, count) {
  const { token } = await owner.post('invitations', { role: 'worker', uses: count, expires_in_hours: 1 });
  const workers = [];
  for (let number = 1; number <= count; number += 1) {
    const worker = new Client(owner.url, { sockets: 2 });
    const me = await worker.post('join', { token, email: `worker${number}@example.org`, name: `Worker ${number}`, password: PASSWORD });
    workers.push(Object.assign(worker, { pseudonym: me.pseudonym }));
  }
  return workers;
}

export const MOODS = ['good', 'neutral', 'bad'];

/** A batch with `tasks` small texts and one question with three answers; opened. */
export async function openBatch(owner, { name = 'moods', tasks, overlap = 3, suite = 5, minutes = 30, price = '0.01' }) {
  await owner.put(`projects/${name}`, {
    title: 'Which mood?',
    description: 'Made for a test.',
    instructions: 'Choose one.',
    input: { text: { type: 'text' } },
    output: { mood: { type: 'choice', label: 'Which mood?', options: MOODS.map((value) => ({ value, label: value })) } },
  });
  const batch = await owner.put(`projects/${name}/batches/main`, {
    overlap,
    suite_size: suite,
    time_limit_minutes: minutes,
    price,
    currency: 'USD',
    budget: (Number(price) * tasks * overlap).toFixed(2),
  });
  const rows = Array.from({ length: tasks }, (_, index) => JSON.stringify({ task: `t${index}`, text: `Text number ${index}` }));
  await owner.post(`batches/${batch.id}/tasks`, rows.join('\n'), { type: 'application/x-ndjson' });
  return owner.post(`batches/${batch.id}/open`);
}
