import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onSignedOut, Problem, request, serverNow, Unreachable, useCsrf } from '../src/lib/http';

const answers = (status: number, body?: unknown, headers: Record<string, string> = {}) => {
  const fetch = vi.fn(
    async (_url: string, _init: RequestInit) =>
      new Response(body === undefined ? null : JSON.stringify(body), { status, headers }),
  );
  vi.stubGlobal('fetch', fetch);
  return fetch;
};

beforeEach(() => useCsrf(null));
afterEach(() => vi.unstubAllGlobals());

describe('request', () => {
  it('sends the CSRF token with what changes something, and only then', async () => {
    useCsrf('secret');
    const fetch = answers(200, {});
    await request('/me');
    await request('/session', { method: 'DELETE' });
    const headers = fetch.mock.calls.map((call) => call[1].headers as Record<string, string>);
    expect(headers[0]!['X-CSRF-Token']).toBeUndefined();
    expect(headers[1]!['X-CSRF-Token']).toBe('secret');
  });

  it('sends a body as it is', async () => {
    const fetch = answers(200, {});
    await request('/x', { method: 'POST', body: '{"a": 1}' });
    expect(fetch.mock.calls[0]![1].body).toBe('{"a": 1}');
  });

  it('turns problem details into an error that knows its fields', async () => {
    answers(422, {
      title: 'Invalid',
      status: 422,
      detail: 'Two fields.',
      errors: [{ field: 'email', message: 'is taken' }],
    });
    const error = await request('/join', { method: 'POST', json: {} }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    expect((error as Problem).at('email')).toBe('Is taken');
    expect((error as Problem).at('name')).toBeUndefined();
    expect((error as Problem).message).toBe('Two fields.');
  });

  it('knows the end of a session from a wrong password', async () => {
    const ended = vi.fn();
    onSignedOut(ended);
    answers(401, { title: 'Unauthorized', status: 401 });
    await request('/session', { method: 'POST', json: {}, anonymous: true }).catch(() => {});
    expect(ended).not.toHaveBeenCalled();
    await request('/projects').catch(() => {});
    expect(ended).toHaveBeenCalledOnce();
  });

  it('takes the new CSRF token after signing in elsewhere, and tries again once', async () => {
    useCsrf('old');
    const tokens: unknown[] = [];
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (url.endsWith('/me')) return Response.json({ csrf: 'new' });
      tokens.push((init.headers as Record<string, string>)['X-CSRF-Token']);
      return Response.json({}, { status: 403 });
    });
    await expect(request('/x', { method: 'POST', json: {} })).rejects.toMatchObject({ status: 403 });
    expect(tokens).toEqual(['old', 'new']);
  });

  it('says when the server is not there', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch');
    });
    await expect(request('/me')).rejects.toBeInstanceOf(Unreachable);
    answers(502);
    await expect(request('/me')).rejects.toBeInstanceOf(Unreachable);
  });

  it('takes the clock from the server', async () => {
    answers(200, {}, { date: new Date(Date.now() + 3_600_000).toUTCString() });
    await request('/me');
    expect(serverNow() - Date.now()).toBeGreaterThan(3_590_000);
    answers(200, {}, { date: new Date().toUTCString() });
    await request('/me');
    expect(serverNow() - Date.now()).toBe(0);
  });
});
