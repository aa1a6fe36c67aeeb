// A web server on a free loopback port: the built elements, the pages that a test puts there, and files of tests/files.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';

const types: Record<string, string> = {
  ...{ '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.html': 'text/html; charset=utf-8' },
  ...{ '.png': 'image/png', '.jpg': 'image/jpeg', '.svg': 'image/svg+xml', '.pdf': 'application/pdf' },
  ...{ '.wav': 'audio/wav', '.webm': 'video/webm', '.json': 'application/json' },
};
const folders = { '/dist/': `../../${process.env['DIST'] ?? 'dist'}/`, '/files/': '../files/' };

// What the web app does with a task page: a frame without an origin, every message kept. Its name says whether the shell
// hands over modules.
const shell = (path: string, name: string): string => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Shell</title><meta name="viewport" content="width=device-width, initial-scale=1">
  <style>body { margin: 0 } iframe { width: 100%; height: 100vh; border: 0; display: block }</style></head>
  <body><script>
    window.messages = [];
    window.addEventListener('message', (event) => { messages.push(event.data); window.answer?.(event); });
  </script>
  <iframe title="Task" name="${name}" sandbox="allow-scripts allow-forms" allow="camera; microphone; geolocation" src="${path}"></iframe>
  </body>
</html>`;

export class Site {
  readonly pages = new Map<string, string>();
  private server!: Server;

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    this.server = createServer((request, response) => void this.answer(request, response));
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent((request.url ?? '/').split('?')[0]!);
    // A frame without an origin fetches modules across origins.
    response.setHeader('Access-Control-Allow-Origin', '*');
    try {
      const body = await this.body(path);
      response.setHeader('Content-Type', types[extname(path)] ?? 'text/html; charset=utf-8');
      sendPart(Buffer.from(body), request.headers.range, response);
    } catch {
      response.statusCode = 404;
      response.end('not here');
    }
  }

  private async body(path: string): Promise<string | Buffer> {
    if (path.startsWith('/shell/')) return shell(path.slice('/shell'.length), '');
    if (path.startsWith('/handing/')) return shell(path.slice('/handing'.length), 'crowdsmith-elements');
    const page = this.pages.get(path);
    if (page !== undefined) return page;
    for (const [prefix, folder] of Object.entries(folders)) {
      if (path.startsWith(prefix)) return readFile(new URL(folder + path.slice(prefix.length), import.meta.url));
    }
    throw new Error(`nothing at ${path}`);
  }
}

/** The whole, or the part that a player of media asks for to jump. */
function sendPart(body: Buffer, range: string | undefined, response: ServerResponse): void {
  response.setHeader('Accept-Ranges', 'bytes');
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined) return void response.end(body);
  const last = to ? Math.min(Number(to), body.length - 1) : body.length - 1;
  response.statusCode = 206;
  response.setHeader('Content-Range', `bytes ${from}-${last}/${body.length}`);
  response.end(body.subarray(Number(from), last + 1));
}
