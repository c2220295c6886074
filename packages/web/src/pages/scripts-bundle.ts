import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLIENT = fileURLToPath(new URL('../client/', import.meta.url));

export interface BundledScripts {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly sources: readonly string[];
}

/**
 * Bundles the pages' scripts and their stylesheets with esbuild, minified, in memory: each file that lies directly in `src/client` is one.
 * Gives the texts by file name, such as `dashboard.js`, and the paths of the files that they were made from.
 *
 * Only for where the sources and the development packages are; a deployment writes these files beside the program when it is built.
 */
export async function bundleScripts(): Promise<BundledScripts> {
  const { build } = await import('esbuild');
  const files = await readdir(CLIENT, { withFileTypes: true });
  const entries = files.filter((file) => file.isFile() && /\.(ts|css)$/.test(file.name));
  const { outputFiles, metafile } = await build({
    entryPoints: entries.map(({ name }) => CLIENT + name),
    outdir: CLIENT,
    absWorkingDir: CLIENT,
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: 'esm',
    // What every browser of the last three years can do.
    target: ['chrome115', 'firefox115', 'safari16.4'],
    logLevel: 'silent',
  });
  return {
    files: new Map(outputFiles.map(({ path, contents }) => [basename(path), contents])),
    sources: Object.keys(metafile.inputs).map((path) => join(CLIENT, path)),
  };
}
