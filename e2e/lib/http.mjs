// A small HTTP client for many requests at once: kept-alive connections, and as little work a request as possible,
// because it shares the machine with the server that it measures.

import http from 'node:http';

/** An answer that says no, as the server's problem details (RFC 9457). */
export class Problem extends Error {
  constructor(method, path, answer) {
    const problem = answer.data ?? {};
    super(`${method} ${path}: ${answer.status} ${problem.detail ?? problem.title ?? answer.text?.slice(0, 300)}`);
    this.status = answer.status;
    this.errors = problem.errors ?? [];
    this.problem = problem;
  }
}

/**
 * Who asks: nobody, a token, or a session with its cookie and CSRF token.
 *
 * @typedef {{ status: number, headers: import('node:http').IncomingHttpHeaders, text: string, data: any }} Answer
 */
export class Client {
  /** @param {string} url the server's, without `/api/v1` */
  constructor(url, { token = null, sockets = 4 } = {}) {
    this.url = url;
    this.token = token;
    this.cookie = null;
    this.csrf = null;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: sockets });
  }

  /** Sends one request and gives every answer back, also a refusal. Rejects when no answer came. @returns {Promise<Answer>} */
  send(method, path, { body = undefined, type = 'application/json', headers = {} } = {}) {
    const sent = { accept: 'application/json', ...headers };
    if (this.token) sent.authorization = `Bearer ${this.token}`;
    if (this.cookie) sent.cookie = this.cookie;
    if (this.csrf && method !== 'GET') sent['x-csrf-token'] = this.csrf;
    let bytes;
    if (body !== undefined) {
      bytes = typeof body === 'string' || Buffer.isBuffer(body) ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
      sent['content-type'] = type;
      sent['content-length'] = bytes.length;
    }
    return new Promise((resolve, reject) => {
      const request = http.request(this.url + (path.startsWith('/') ? path : `/api/v1/${path}`), { method, headers: sent, agent: this.agent }, (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('aborted', () => reject(new Error('the answer was cut off')));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const json = (answer.headers['content-type'] ?? '').includes('json') && !(answer.headers['content-type'] ?? '').includes('ndjson');
          for (const cookie of answer.headers['set-cookie'] ?? []) {
            if (cookie.startsWith('crowdsmith_session=')) this.cookie = cookie.split(';', 1)[0];
          }
          let data = null;
          try {
            if (json && text) data = JSON.parse(text);
          } catch (error) {
            reject(error);
            return;
          }
          if (data?.csrf) this.csrf = data.csrf;
          resolve({ status: answer.statusCode, headers: answer.headers, text, data });
        });
      });
      request.on('error', reject);
      request.setTimeout(120_000, () => request.destroy(new Error(`${method} ${path}: no answer in two minutes`)));
      request.end(bytes);
    });
  }

  /** Sends one request; a refusal is thrown as a `Problem`. */
  async call(method, path, options = {}) {
    const answer = await this.send(method, path, options);
    if (answer.status >= 400) throw new Problem(method, path, answer);
    return answer;
  }

  get = async (path) => (await this.call('GET', path)).data;
  text = async (path) => (await this.call('GET', path)).text;
  post = async (path, body = {}, options = {}) => (await this.call('POST', path, { body, ...options })).data;
  put = async (path, body, options = {}) => (await this.call('PUT', path, { body, ...options })).data;

  close() {
    this.agent.destroy();
  }
}
