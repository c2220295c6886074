import { constants } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** Folders that hold servers but that a user's PATH often lacks. A `*` stands for every folder there. */
export const USUAL_FOLDERS = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/usr/libexec', // Fedora's mysqld and mariadbd
  '/opt/homebrew/bin',
  '/opt/homebrew/sbin',
  '/opt/homebrew/opt/*/bin', // kegs that Homebrew does not link, such as mysql@8.4
  '/usr/local/opt/*/bin',
  '/home/linuxbrew/.linuxbrew/bin',
  '/home/linuxbrew/.linuxbrew/opt/*/bin',
  '/usr/local/mysql/bin', // MySQL's own packages for macOS
];

/**
 * Every runnable file of one of these names: in the order of the folders, and in one folder in the order of the names.
 * A file reached by two ways is listed once.
 */
export async function findPrograms(names: readonly string[], folders: readonly string[]): Promise<string[]> {
  const found = new Map<string, string>();
  for (const folder of await expand(folders)) {
    for (const name of names) {
      const file = path.join(folder, name);
      const real = await runnable(file);
      if (real && !found.has(real)) found.set(real, file);
    }
  }
  return [...found.values()];
}

async function expand(folders: readonly string[]): Promise<string[]> {
  const expanded = await Promise.all(
    folders.map(async (folder) => {
      const [before, after] = folder.split('*');
      if (before === undefined || after === undefined) return [folder];
      const inside = await readdir(before).catch(() => []);
      return inside.toSorted((a, b) => a.localeCompare(b)).map((name) => path.join(before, name, after));
    }),
  );
  return [...new Set(expanded.flat())];
}

async function runnable(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile() ? await realpath(file) : undefined;
  } catch {
    return undefined;
  }
}
