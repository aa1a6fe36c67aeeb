// Starts the built program on a free port with a folder of its own, and ends it by its process id.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

import { Client } from './http.mjs';

export const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url));
const START_SECONDS = 60;

/** The program under test. */
export function binary() {
  const candidates = [process.env.CROWDSMITH_BINARY, 'target/debug/crowdsmith', 'target/release/crowdsmith'];
  for (const candidate of candidates) {
    if (candidate && existsSync(path.resolve(CHECKOUT, candidate))) return path.resolve(CHECKOUT, candidate);
  }
  throw new Error('the program is not built: run `cargo build` first, or name it in CROWDSMITH_BINARY');
}

export function temporaryFolder() {
  return mkdtempSync(path.join(tmpdir(), 'crowdsmith-e2e-'));
}

// Below the ports that systems give to outgoing connections (from 32768 on Linux). A client that tries again and again to
// reach a killed server on one of those is now and then given that very port, connects to itself, and keeps the server
// from coming back.
const PORTS = { first: 20_000, count: 12_000 };

/** A loopback port that nothing listens on right now. */
export async function freePort() {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    if (await isFree(port)) return port;
  }
  throw new Error('found no free port on the loopback address');
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.on('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** Waits until `ask` gives something true, and gives that back. */
export async function until(what, ask, { seconds = 20, pause = 50 } = {}) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await sleep(pause);
  }
}

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function start(parameters, log, env = {}) {
  const output = openSync(log, 'a');
  const child = spawn(binary(), parameters, { stdio: ['ignore', output, output], env: { ...process.env, ...env } });
  closeSync(output);
  running.add(child);
  child.ended = new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  return child;
}

/** Runs the program to its end. */
export async function run(parameters, { env = {}, input = undefined, cwd = CHECKOUT, seconds = 60 } = {}) {
  const child = spawn(binary(), parameters, { env: { ...process.env, ...env }, cwd, timeout: seconds * 1000 });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdin.end(input);
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stdout, stderr };
}

/** A server that can be stopped, killed and started again on the same port and data. */
export class Server {
  constructor({ folder, port, command, database, env, parameters }) {
    Object.assign(this, { folder, port, command, database, env, parameters });
    this.url = `http://127.0.0.1:${port}`;
    this.logFile = path.join(folder, 'server.log');
  }

  log() {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8') : '';
  }

  async start() {
    const database = this.database ? ['--database', this.database] : [];
    const parameters = [this.command, '--data', path.join(this.folder, 'data'), '--listen', `127.0.0.1:${this.port}`, ...database, ...this.parameters];
    this.child = start(parameters, this.logFile, this.env);
    const probe = new Client(this.url);
    try {
      await until(
        `the server on ${this.url}; its log:\n${this.log().slice(-3000)}`,
        async () => {
          if (this.child.exitCode !== null || this.child.signalCode !== null) {
            throw new Error(`the server ended at its start:\n${this.log().slice(-3000)}`);
          }
          return probe.send('GET', '/healthz').then((answer) => answer.status === 200, () => false);
        },
        { seconds: START_SECONDS },
      );
    } finally {
      probe.close();
    }
    return this;
  }

  /** As an operator ends it, or with SIGINT as Ctrl-C does; gives back how it ended. */
  async stop(signal = 'SIGTERM') {
    if (!running.has(this.child)) return this.child.ended;
    this.child.kill(signal);
    const late = setTimeout(() => this.child.kill('SIGKILL'), 20_000);
    const end = await this.child.ended;
    clearTimeout(late);
    return end;
  }

  /** As a power cut ends it. */
  async kill() {
    this.child.kill('SIGKILL');
    return this.child.ended;
  }

  /** Stops it and removes its data. Fails when the server panicked, even if nobody noticed. */
  async remove() {
    await this.stop();
    const panic = /^.*panicked at.*\n.*$/m.exec(this.log());
    if (!process.env.KEEP_DATA) rmSync(this.folder, { recursive: true, force: true });
    await this.dropDatabase?.();
    if (panic) throw new Error(`the server panicked: ${panic[0]}`);
  }

  /** The token of the one-time link that the first start printed. */
  setupToken() {
    const found = /\/setup#([A-Za-z0-9_-]+)/.exec(this.log());
    if (!found) throw new Error(`no set-up link in the log:\n${this.log().slice(-3000)}`);
    return found[1];
  }
}

/**
 * Starts a server with a fresh database, or `beside` another one on the same PostgreSQL database.
 *
 * @param {{ command?: 'serve' | 'demo', engine?: 'sqlite' | 'postgres', beside?: Server, env?: object, parameters?: string[] }} [options]
 */
export async function startServer({ command = 'serve', engine = 'sqlite', beside = null, env = {}, parameters = [] } = {}) {
  const folder = temporaryFolder();
  const fresh = engine === 'postgres' && !beside ? await createDatabase() : null;
  const database = beside?.database ?? fresh?.url;
  const server = new Server({ folder, port: await freePort(), command, database, env, parameters });
  if (fresh) server.dropDatabase = fresh.drop;
  return server.start();
}

/** Where to find PostgreSQL for tests; `scripts/with-postgres` sets it. */
export const postgres = process.env.CROWDSMITH_TEST_POSTGRES;

async function createDatabase() {
  if (!postgres) throw new Error('CROWDSMITH_TEST_POSTGRES is not set: run this under scripts/with-postgres');
  const name = `e2e_${randomBytes(6).toString('hex')}`;
  const administer = async (statement) => {
    const client = new pg.Client({ connectionString: postgres });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await administer(`CREATE DATABASE ${name}`);
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}
