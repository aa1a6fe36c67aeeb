import { readFile } from 'node:fs/promises';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
// @ts-expect-error a plain script that Node runs as it is
import { apiDocs } from './scripts/api-docs.mjs';
// @ts-expect-error likewise
import { licences } from './scripts/licences.mjs';

/** The icon stands in the page: one request less. */
function icon(): Plugin {
  return {
    name: 'crowdsmith-icon',
    apply: 'build',
    async transformIndexHtml(html) {
      const picture = await readFile(new URL('public/favicon.svg', import.meta.url), 'utf8');
      return html.replace('/favicon.svg', `data:image/svg+xml,${encodeURIComponent(picture)}`);
    },
  };
}

export default defineConfig({
  plugins: [svelte(), icon(), apiDocs(), licences()],
  // Component tests need Svelte's client build, not the server one that Node would pick.
  resolve: process.env['VITEST'] ? { conditions: ['browser'] } : {},
  build: {
    target: 'es2022',
    // An inlined file would be a data: URL, which the Content-Security-Policy need not allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    // A worker's first load is one script and one style sheet, whatever the later pages share with it; tasks without a
    // page of theirs need as many again, the app's own form. What else is named shares little, but would be many files.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: 'first', test: /src\/(main\.ts|work\/inputs|components\/(CopyBox|Field)|lib\/form)/ }],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/media': 'http://127.0.0.1:8080',
    },
  },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'] },
});
