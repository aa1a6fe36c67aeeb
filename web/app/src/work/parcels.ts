// Files that could not be sent yet. They wait in the browser's database under a name of their own, which stands in the
// answer until the file is stored on the server; only then can the answer be sent.
import { storeMedia } from '../lib/api';
import { Problem, Unreachable } from '../lib/http';
import { t } from '../lib/strings/en';
import type { Drafts, Outgoing } from './drafts';

export interface Parcel {
  name: string;
  worker: string;
  assignment: string;
  task: string;
  field: string;
  file: Blob;
  /** When it was put here, in milliseconds since 1970. */
  at: number;
}

const nameMark = 'unsent:';
const names = /"(unsent:[0-9a-f-]{36})"/g;
/** Leases are a matter of hours; nothing is still wanted then. */
const longestMs = 7 * 24 * 3600 * 1000;

export const newName = () => nameMark + crypto.randomUUID();

/** Whether a submission names files that are still to be sent. */
export const holdsParcels = (body: string) => body.search(names) >= 0;

function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('the browser keeps no files')));
  });
}

let opened: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  return (opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('crowdsmith', 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore('parcels', { keyPath: 'name' }));
    ask(request).then(resolve, reject);
  }));
}

async function store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  return (await database()).transaction('parcels', mode).objectStore('parcels');
}

export async function putParcel(parcel: Parcel): Promise<void> {
  await ask((await store('readwrite')).put(parcel));
}

async function getParcel(name: string): Promise<Parcel | undefined> {
  return ask((await store('readonly')).get(name) as IDBRequest<Parcel | undefined>);
}

async function dropParcel(name: string): Promise<void> {
  await ask((await store('readwrite')).delete(name));
}

/** How many files of a worker wait here. */
export async function countParcels(worker: string): Promise<number> {
  const parcels = await ask((await store('readonly')).getAll() as IDBRequest<Parcel[]>);
  return parcels.filter((parcel) => parcel.worker === worker).length;
}

/** Throws away what nobody can want any more. */
export async function sweepParcels(now: number): Promise<void> {
  const parcels = await ask((await store('readonly')).getAll() as IDBRequest<Parcel[]>);
  for (const { name, at } of parcels) if (now - at > longestMs) await dropParcel(name);
}

/** The submission is refused as the server would refuse it, at the field that names the file. */
function refusal({ body }: Outgoing, name: string, message: string): Problem {
  const { judgments } = JSON.parse(body) as { judgments: { output?: Record<string, unknown> }[] };
  for (const [index, { output = {} }] of judgments.entries()) {
    const field = Object.keys(output).find((each) => JSON.stringify(output[each]).includes(name));
    if (field) return new Problem(422, message, message, [{ field: `judgments[${index}].output.${field}`, message }]);
  }
  return new Problem(422, message, message);
}

async function deliverOne(out: Outgoing, name: string): Promise<string> {
  const parcel = await getParcel(name);
  if (!parcel) throw refusal(out, name, t.files.gone);
  const progress = { onprogress: () => {}, signal: new AbortController().signal };
  try {
    return (await storeMedia(out.assignment.id, parcel.task, parcel.field, parcel.file, progress)).media;
  } catch (error) {
    if (error instanceof Unreachable || !(error instanceof Problem) || error.status >= 500) throw error;
    throw refusal(out, name, error.detail || error.title);
  }
}

/** Sends the files that a submission names, puts the server's names in their place, and keeps it like that. */
export async function deliver(out: Outgoing, drafts: Drafts): Promise<Outgoing> {
  let { body } = out;
  for (const [, name] of out.body.matchAll(names)) {
    if (!name || !body.includes(name)) continue;
    const media = await deliverOne({ ...out, body }, name);
    body = body.replaceAll(JSON.stringify(name), JSON.stringify(media));
    // Kept at once: a file is sent once, and a submission is the same to the byte from its first sending on.
    out.body = body;
    drafts.post(out.assignment, body);
    await dropParcel(name);
  }
  return out;
}
