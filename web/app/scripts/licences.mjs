// Puts the licences of what is bundled beside it: dist/THIRD-PARTY-LICENSES.txt.
import { readdir, readFile } from 'node:fs/promises';

const modules = new URL('../node_modules/', import.meta.url);

/** The packages that modules of a bundle come from. */
function packagesOf(ids) {
  const names = [...ids].map((id) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
}

async function licenceOf(name) {
  const folder = new URL(`${name}/`, modules);
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} is bundled and has no licence file`);
  return `${name}\n\n${(await readFile(new URL(file, folder), 'utf8')).trim()}\n`;
}

export function licences() {
  return {
    name: 'crowdsmith-licences',
    apply: 'build',
    async generateBundle(_, bundle) {
      const ids = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
      const texts = await Promise.all(packagesOf(ids).map(licenceOf));
      const source = texts.join(`\n${'-'.repeat(80)}\n\n`);
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source });
    },
  };
}
