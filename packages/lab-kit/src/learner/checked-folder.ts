import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { FolderError } from './folder-error.ts';
import { storeFile } from './paths.ts';

/** A folder made ready to be checked. */
export interface CheckedFolder {
  entry: string;
  /** Puts the folder's own name back where a message names the copy. */
  rename: (text: string) => string;
  dispose: () => Promise<void>;
}

/**
 * Finds the learner's file in a folder. One outside the workspace could not import `ioredis` or `mysql2`, which
 * live in the labs' own node_modules, so a copy of it is checked beside them.
 * @param entry the learner's file in it
 * @throws {FolderError}
 */
export async function openFolder(
  folder: string,
  labsRoot: string,
  entry: string = storeFile,
): Promise<CheckedFolder> {
  const path = resolve(folder);
  const info = await stat(path).catch(() => undefined);
  if (!info) throw new FolderError(`There is no folder ${folder}.`);
  if (!info.isDirectory()) throw new FolderError(`${folder} is a file: name the folder that holds ${entry}.`);
  if (!existsSync(join(path, entry))) throw new FolderError(`${folder} holds no ${entry}.`);
  // Node resolves links before it looks for node_modules, so where a linked folder really is counts.
  const real = await realpath(path);
  const inside = !relative(await realpath(labsRoot), real).startsWith('..');
  if (inside) return { entry: join(path, entry), rename: (text) => text, dispose: async () => {} };

  // Not below a node_modules: there Node looks for no package.json further up, and takes the files for CommonJS.
  const copies = join(labsRoot, '.checked');
  await mkdir(copies, { recursive: true });
  await removeAbandoned(copies);
  const copy = await mkdtemp(join(copies, 'run-'));
  await cp(real, copy, { recursive: true, filter: (source) => basename(source) !== 'node_modules' });
  return {
    entry: join(copy, entry),
    rename: (text) => text.replaceAll(copy, path),
    dispose: async () => await rm(copy, { recursive: true, force: true }),
  };
}

/** Copies of runs that were killed: a run is over long before an hour. */
async function removeAbandoned(copies: string): Promise<void> {
  for (const name of await readdir(copies)) {
    const path = join(copies, name);
    const made = await stat(path).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > 3_600_000) await rm(path, { recursive: true, force: true });
  }
}
