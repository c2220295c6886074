import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Loader, Plugin } from 'esbuild';
import { givenSymbol } from './given.ts';

/** Modules that the process has already: the program takes those in place of copies of its own. */
export function givenModules(names: readonly string[]): Plugin {
  return {
    name: 'given-modules',
    setup(build) {
      if (names.length === 0) return;
      const wanted = new Set(names);
      build.onResolve({ filter: /^[^./]/ }, ({ path }) => (wanted.has(path) ? givenModule(path) : undefined));
      loadGiven(build);
    },
  };
}

/** How a resolver says that a module is given. */
export const givenModule = (path: string) => ({ path, namespace: 'given' });

/** What is put in the place of a module that is given. */
export function loadGiven(build: Parameters<Plugin['setup']>[0]): void {
  build.onLoad({ filter: /.*/, namespace: 'given' }, ({ path }) => ({
    contents: `module.exports = globalThis[Symbol.for(${JSON.stringify(givenSymbol)})](${JSON.stringify(path)})`,
    loader: 'js',
  }));
}

/** Leaves one package in its own file. */
export function apart(name: string, file: string): Plugin {
  return {
    name: `${name}-apart`,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: file, external: true }));
    },
  };
}

/** In two parts, since this module is compiled so, too. */
const ownUrl = ['import.meta', 'url'].join('.');

/** Modules that ask where they stand are told where they stood before they became one file. */
export const ownPlaces: Plugin = {
  name: 'own-places',
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const loader: Loader = path.endsWith('ts') ? 'ts' : 'js';
      if (text.includes(ownUrl)) {
        const url = JSON.stringify(pathToFileURL(path).href);
        return { contents: text.replaceAll(ownUrl, url), loader };
      }
      if (!/\b__(?:dirname|filename)\b/.test(text)) return undefined;
      const places = `const __filename = ${JSON.stringify(path)}, __dirname = ${JSON.stringify(dirname(path))};`;
      return { contents: `${places}${text}`, loader };
    });
  },
};
