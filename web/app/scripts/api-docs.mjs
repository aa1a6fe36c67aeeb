// Puts a readable page of the HTTP API beside the app: dist/api-docs/, made of swagger-ui's own files and two small
// files of ours. Swagger's own index.html has an inline style, which our Content-Security-Policy refuses.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Crowdsmith HTTP API</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="swagger-ui.css">
  </head>
  <body>
    <div id="api"></div>
    <script src="swagger-ui-bundle.js"></script>
    <script src="start.js"></script>
  </body>
</html>
`;

// With a session cookie the unsafe methods need the CSRF token, which only the signed-in page can read.
const start = `let csrf = null;
async function withCsrf(request) {
  if (request.headers.Authorization || ['GET', 'HEAD'].includes(request.method)) return request;
  csrf ??= await fetch('/api/v1/me').then((answer) => (answer.ok ? answer.json() : {})).then((me) => me.csrf ?? null);
  if (csrf) request.headers['X-CSRF-Token'] = csrf;
  return request;
}
window.SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
  requestInterceptor: (request) => (request.loadSpec ? request : withCsrf(request)),
});
`;

export function apiDocs() {
  return {
    name: 'crowdsmith-api-docs',
    apply: 'build',
    async generateBundle() {
      const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
      const emit = (fileName, source) => this.emitFile({ type: 'asset', fileName: `api-docs/${fileName}`, source });
      for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css', 'LICENSE', 'NOTICE']) {
        const source = await readFile(join(folder, name), 'utf8');
        emit(name, source.replace(/\n\/[/*]# sourceMappingURL=.*$/m, ''));
      }
      emit('index.html', page);
      emit('start.js', start);
    },
  };
}
