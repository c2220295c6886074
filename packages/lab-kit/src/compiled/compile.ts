import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stateDir } from '@workshop/engines';
import compiled from './compiled.cjs';
import { apart, givenModules, ownPlaces } from './plugins.ts';

/** Where compiled programs are kept between runs. Anything in it may be deleted at any time. */
export const compiledFolder = (): string => join(stateDir(), 'compiled');

const root = fileURLToPath(new URL('../../../../', import.meta.url));
/** Stands for all packages: a file in node_modules only changes when this one does. */
const lockfile = join(root, 'pnpm-lock.yaml');
/** What is compiled by another compiler is another program. */
const compiler = ['compile.ts', 'plugins.ts'].map((name) => fileURLToPath(new URL(name, import.meta.url)));
/** The name of the source that is no file. */
const standIn = '<entry>';
/** It runs a program that stands beside it, so it can't become a part of another file. */
const esbuildFile = createRequire(import.meta.url).resolve('esbuild');

export interface Program {
  /** Unique among programs. */
  name: string;
  /** Of the entry: the program's modules are what this imports. */
  source: string;
  /** Where the entry would stand. */
  folder: string;
  /** Modules that the process has already, and gives by `giveModules`. */
  given?: readonly string[];
}

/** The compiled file of a program; made when there is none, or when one of its files has changed. */
export async function compileProgram({ name, source, folder, given = [] }: Program): Promise<string> {
  const kept = compiledFolder();
  const key = [source, ...given].join('\n');
  const found = compiled.findCompiled(kept, name, key);
  if (found !== undefined) return found;
  // Loaded only now: most runs find everything compiled.
  const { build } = await import('esbuild');
  const result = await build({
    stdin: { contents: source, resolveDir: folder, loader: 'ts', sourcefile: standIn },
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // A script that has a code cache can't import; what is left outside is required.
    supported: { 'dynamic-import': false },
    minifyWhitespace: true,
    minifySyntax: true,
    // Errors are told apart by the names of their classes.
    keepNames: true,
    outfile: join(kept, name),
    write: false,
    metafile: true,
    plugins: [givenModules(given), apart('esbuild', esbuildFile), ownPlaces],
    logLevel: 'silent',
  });
  const inputs = Object.keys(result.metafile.inputs)
    .filter((path) => !/(?:^|\/)node_modules\/|^given:/.test(path) && !path.endsWith(standIn))
    .map((path) => join(root, path));
  const code = result.outputFiles[0]?.text ?? '';
  return compiled.keepCompiled(kept, name, { key, code, inputs: [...inputs, ...compiler, lockfile] });
}
