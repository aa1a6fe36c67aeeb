// The one door to the HTTP API: JSON in and out, the CSRF token, problem details as a typed error, the server's clock.

import { withLocalTimes } from './format';

export interface FieldError {
  field: string;
  message: string;
}

/** The server's messages begin small, for they may stand after a field's name; here they stand alone. */
export const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** An answer that is not a success (RFC 9457 problem details). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly errors: FieldError[] = [],
  ) {
    super(detail || title);
  }

  /** The message for one field, by the name the server uses for it. */
  at(field: string): string | undefined {
    const message = this.errors.find((error) => error.field === field)?.message;
    return message && sentence(message);
  }
}

/** The server has said no for good; asking again with the same words would change nothing. */
export function isRefusal(error: unknown): error is Problem {
  return error instanceof Problem && error.status < 500 && ![401, 408, 429].includes(error.status);
}

/** The request did not reach the server, or its answer did not reach us. */
export class Unreachable extends Error {}

export interface RequestOptions {
  method?: string;
  json?: unknown;
  /** A body that is sent as it is: a repeated submission must be the same to the byte. */
  body?: string | Blob;
  /** What the body is, where it is not JSON. */
  type?: string;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
  /** A 401 is this call's own answer (a wrong password), not the end of the session. */
  anonymous?: boolean;
}

let csrf: string | null = null;
let signedOut: () => void = () => {};
let clockAhead = 0;

export function useCsrf(token: string | null): void {
  csrf = token;
}

export function onSignedOut(handler: () => void): void {
  signedOut = handler;
}

/** Milliseconds since 1970 by the server's clock, as well as its `Date` header lets us know it. */
export function serverNow(): number {
  return Date.now() + clockAhead;
}

function readClock(answer: Response): void {
  const date = Date.parse(answer.headers.get('date') ?? '');
  if (Number.isNaN(date)) return;
  const ahead = date - Date.now();
  // The header has whole seconds; a smaller difference says nothing.
  clockAhead = Math.abs(ahead) > 2000 ? ahead : 0;
}

async function problemOf(answer: Response): Promise<Problem> {
  try {
    const body = await answer.json();
    return new Problem(
      answer.status,
      body.title ?? answer.statusText,
      withLocalTimes(sentence(body.detail ?? '')),
      body.errors ?? [],
    );
  } catch {
    return new Problem(answer.status, answer.statusText || `HTTP ${answer.status}`, '');
  }
}

export interface Progress {
  /** From 0 to 1. */
  onprogress: (share: number) => void;
  signal: AbortSignal;
}

/** Sends a file to `/api/v1` + `path`, and says how far it has come, which `fetch` cannot. */
export async function send<T>(path: string, file: Blob, { onprogress, signal }: Progress): Promise<T> {
  const answer = await new Promise<Response>((resolve, reject) => {
    const sending = new XMLHttpRequest();
    const fail = () => reject(new Unreachable('the file did not reach the server'));
    sending.upload.addEventListener('progress', ({ loaded, total }) => onprogress(total ? loaded / total : 0));
    sending.addEventListener('load', () => resolve(new Response(sending.response, { status: sending.status })));
    for (const end of ['error', 'abort', 'timeout']) sending.addEventListener(end, fail);
    signal.addEventListener('abort', () => sending.abort());
    sending.responseType = 'text';
    sending.open('POST', `/api/v1${path}`);
    sending.setRequestHeader('Accept', 'application/json');
    sending.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    if (csrf !== null) sending.setRequestHeader('X-CSRF-Token', csrf);
    sending.send(file);
  });
  if (answer.status === 401) signedOut();
  if ([502, 503, 504].includes(answer.status)) throw new Unreachable(`HTTP ${answer.status}`);
  if (!answer.ok) throw await problemOf(answer);
  return (await answer.json()) as T;
}

/** Signing in again in another tab gives this browser another token. True when there is a new one to try with. */
async function renewCsrf(): Promise<boolean> {
  const before = csrf;
  try {
    csrf = (await request<{ csrf: string | null }>('/me', { anonymous: true })).csrf;
  } catch {
    return false;
  }
  return csrf !== before;
}

/** Sends one request to `/api/v1` + `path`. A 204 gives `undefined`. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const method = options.method ?? 'GET';
  const headers: Record<string, string> = { Accept: 'application/json' };
  const body = options.json === undefined ? options.body : JSON.stringify(options.json);
  if (body !== undefined) headers['Content-Type'] = options.type ?? 'application/json';
  if (method !== 'GET' && csrf !== null) headers['X-CSRF-Token'] = csrf;

  let answer: Response;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method,
      headers,
      credentials: 'same-origin',
      keepalive: options.keepalive ?? false,
      ...(body === undefined ? {} : { body }),
    });
  } catch (cause) {
    throw new Unreachable('the server cannot be reached', { cause });
  }
  readClock(answer);
  if (answer.status === 401 && !options.anonymous) signedOut();
  if (answer.status === 403 && method !== 'GET' && (await renewCsrf())) return request(path, options);
  // What a proxy says while the server restarts is no answer of the server.
  if ([502, 503, 504].includes(answer.status)) throw new Unreachable(`HTTP ${answer.status}`);
  if (!answer.ok) throw await problemOf(answer);
  if (answer.status === 204) return undefined as T;
  try {
    return (await answer.json()) as T;
  } catch (cause) {
    throw new Unreachable('the answer was cut off', { cause });
  }
}
