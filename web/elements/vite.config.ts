import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The classic script that templates name, under the names that they use. */
function loader(): Plugin {
  const names = ['crowd-html-elements.js', 'crowd-html-elements-v2.js'];
  const styles =
    '/* crowd-html-elements-v2.js brings its styles along; this file is here because templates name it. */\n';
  return {
    name: 'crowdsmith-loader',
    apply: 'build',
    async generateBundle(_, bundle) {
      const entry = bundle['elements.js'];
      const imports = entry?.type === 'chunk' ? entry.imports.join(' ') : '';
      const text = await readFile(new URL('src/loader.js', import.meta.url), 'utf8');
      const source = text.replace('IMPORTS', imports);
      for (const fileName of names) this.emitFile({ type: 'asset', fileName, source });
      this.emitFile({ type: 'asset', fileName: 'css/crowd-html-elements-v2.css', source: styles });
    },
  };
}

/** The licences of what is bundled, beside it. */
function licences(): Plugin {
  const packages = [
    'lit',
    'lit-html',
    'lit-element',
    '@lit/reactive-element',
    'leaflet',
    'pdfjs-dist',
    'wavesurfer.js',
  ];
  return {
    name: 'crowdsmith-licences',
    apply: 'build',
    async generateBundle() {
      const texts = [...packages, '@mdi/js'].map(async (name) => {
        const text = await readFile(new URL(`node_modules/${name}/LICENSE`, import.meta.url), 'utf8');
        return `${name}\n\n${text.trim()}\n`;
      });
      const source = (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source });
    },
  };
}

export default defineConfig({
  // Chunks find one another beside themselves, wherever the folder is served.
  base: './',
  plugins: [loader(), licences()],
  build: {
    // Tests may build beside a folder that is in use.
    outDir: process.env['DIST'] ?? 'dist',
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rollupOptions: {
      // The shell records what a page asks for with the second one, and shows the places of field work with the third.
      input: { elements: 'src/elements.ts', recorder: 'src/media/recorder.ts', places: 'src/media/places.ts' },
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        // Few requests: what is used together comes together.
        codeSplitting: {
          groups: [
            {
              name: 'core',
              test: /\/(lit|lit-html|lit-element|@lit|vite)\/|src\/(base|form|fields)\/|classifier|tab-keys|tags/,
              priority: 9,
            },
            { name: 'masks', test: /src\/draw\/(mask|segmentation|semantic|instance)/, priority: 3 },
            { name: 'shapes', test: /src\/draw\/(?!video|track|mask|segmentation|semantic|instance)/, priority: 4 },
            { name: 'text', test: /src\/text\//, priority: 1 },
          ],
        },
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: 'tests/support/set-up.ts',
    // One browser for all; the machines that run this have few cores.
    maxWorkers: 2,
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
