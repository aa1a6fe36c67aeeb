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
export async function inviteWorkers(owner, count, name = 'worker') {
  const { token } = await owner.post('invitations', { role: 'worker', uses: count, expires_in_hours: 1 });
  const workers = [];
  for (let number = 1; number <= count; number += 1) {
    const worker = new Client(owner.url, { sockets: 2 });
    const me = await worker.post('join', { token, email: `${name}${number}@example.org`, name: `Worker ${number}`, password: PASSWORD });
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

/** The text of a task whose mood is plain; gold looks the same. */
export const textOf = (number, mood) => `Remark no. ${number}: today everything here sounds ${mood}.`;

/** The mood that a text of `textOf` tells, or undefined for any other text. */
export const moodOf = (text) => MOODS.find((mood) => text.includes(`sounds ${mood}.`));

/** `count` rows of gold for `openGoldBatch`, numbered from `from` on; `label` gives the answer that is said to be right. */
export function goldRows(from, count, label = (mood) => mood) {
  return Array.from({ length: count }, (_, index) => {
    const mood = MOODS[index % MOODS.length];
    return { task: `g${from + index}`, text: textOf(from + index, mood), label: label(mood), explanation: `It says so: ${mood}.` };
  });
}

/** A batch with `tasks` plain texts, `golds` gold tasks and a policy; opened. */
export async function openGoldBatch(owner, { name, tasks, golds, suite = 3, price = '0.01', ...policy }) {
  await owner.put(`projects/${name}`, {
    title: `Which mood? (${name})`,
    description: 'Made for a test.',
    instructions: 'Choose the mood that the remark names.',
    input: { text: { type: 'text', label: 'Remark' } },
    output: { mood: { type: 'choice', label: 'Which mood?', options: MOODS.map((value) => ({ value, label: value })) } },
  });
  const batch = await owner.put(`projects/${name}/batches/main`, { suite_size: suite, price, currency: 'USD', ...policy });
  const rows = Array.from({ length: tasks }, (_, index) => ({ task: `t${index}`, text: textOf(index, MOODS[(index * 7) % 3]) }));
  await owner.post(`batches/${batch.id}/tasks`, rows);
  if (golds.length > 0) await owner.post(`batches/${batch.id}/gold`, golds);
  return owner.post(`batches/${batch.id}/open`);
}

/** Lets a worker judge up to `suites` suites of a batch made by `openGoldBatch`; `choose` makes an answer of a text's mood. */
export async function judgeMoods(worker, batch, suites, choose = (mood) => mood) {
  const feedback = [];
  for (let suite = 0; suite < suites; suite += 1) {
    const claim = await worker.call('POST', `work/batches/${batch.id}/claim`, { body: {} });
    if (claim.status === 204) break;
    const { assignment } = claim.data;
    const judgments = assignment.tasks.map(({ id, input }, position) => ({ task: id, output: { mood: choose(moodOf(input.text), position, input.text) } }));
    feedback.push(...(await worker.post(`work/assignments/${assignment.id}/submit`, { judgments })).feedback);
  }
  return feedback;
}
