import { readFile } from 'node:fs/promises';
import type { BuildOptions, Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/**
 * The classic script that templates name, under the names that they use. A server may put its text into a page, where
 * placeholders of templates are read: what looks like one, or like the script's end, must not be in it.
 */
function loader(): Plugin {
  const styles =
    '/* crowd-html-elements-v2.js brings its styles along; this file is here because templates name it. */\n';
  return {
    name: 'crowdsmith-loader',
    apply: 'build',
    generateBundle(_, bundle) {
      const script = bundle['crowd-html-elements.js'];
      if (script?.type !== 'chunk') this.error('src/loader.js has not become crowd-html-elements.js');
      script.code = script.code.trim();
      const strange = /\$\{|\{\{|\{%|<\/script|<!--|\n/.exec(script.code);
      if (strange) this.error(`the loader cannot stand in a page: it has ${JSON.stringify(strange[0])}`);
      this.emitFile({ type: 'asset', fileName: 'crowd-html-elements-v2.js', source: script.code });
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

/** What task pages load: the loader, the elements that they all need in one file, and the others as they are used. */
const pages: BuildOptions = {
  manifest: true,
  rollupOptions: {
    input: { elements: 'src/elements.ts', 'crowd-html-elements': 'src/loader.js' },
    preserveEntrySignatures: 'allow-extension',
    output: {
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      // Few requests: what is used together comes together.
      codeSplitting: {
        groups: [
          {
            name: 'elements',
            test: /src\/elements\.ts|\/(lit|lit-html|lit-element|@lit|vite)\/|src\/(base|form|fields)\/|classifier|tab-keys|tags|more\/strings/,
            priority: 9,
          },
          { name: 'masks', test: /src\/draw\/(mask|segmentation|semantic|instance)/, priority: 3 },
          { name: 'shapes', test: /src\/draw\/(?!video|track|mask|segmentation|semantic|instance)/, priority: 4 },
          { name: 'text', test: /src\/text\/(?!relation|text-ranking|question-answer)/, priority: 1 },
        ],
      },
      assetFileNames: 'assets/[name]-[hash][extname]',
    },
  },
};

/** What a shell loads into its own document: it records what a page asks for, and shows the places of field work. */
const shell: BuildOptions = {
  emptyOutDir: false,
  rollupOptions: {
    input: { recorder: 'src/media/recorder.ts', places: 'src/media/places.ts' },
    preserveEntrySignatures: 'allow-extension',
    output: {
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/shell-[name]-[hash].js',
      assetFileNames: 'assets/[name]-[hash][extname]',
    },
  },
};

export default defineConfig(({ mode }) => ({
  // Chunks find one another beside themselves, wherever the folder is served.
  base: './',
  plugins: mode === 'shell' ? [] : [loader(), licences()],
  build: {
    // Tests may build beside a folder that is in use.
    outDir: process.env['DIST'] ?? 'dist',
    target: 'es2022',
    assetsInlineLimit: 0,
    // What a module of a blob imports is not where the browser would look for it ahead of time.
    modulePreload: false,
    ...(mode === 'shell' ? shell : pages),
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
}));
