import { cp, lstat, mkdir, mkdtemp, readdir, realpath, rename, rm, unlink } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FolderError, isErrno, writing } from './folder-error.ts';
import type { LabFolders } from './paths.ts';

/** A learner's work was replaced by another folder's files. */
export interface Replaced {
  /** Where the old work is now; absent when there was none. */
  kept?: string;
  /** `work` was a link: what it led to was left where it is, which is `kept`. */
  wasLink?: true;
}

/**
 * Gives the learner a copy of the starter.
 * @returns false, with nothing touched, when they have work already
 * @throws {FolderError}
 */
export async function startWork({ starter, work }: LabFolders): Promise<boolean> {
  if ((await isWork(work)) && (await readdir(work)).length > 0) return false;
  return await writing(dirname(work), async () => {
    const aside = await copyAside(starter, work);
    try {
      return await inPlace(aside, work);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  });
}

/**
 * Puts a copy of `source` in the place of the learner's work, which is moved, never deleted. The new copy is whole
 * before the old work is touched, and the old work is never in two halves: whoever is killed in between finds it in
 * `work` or in the folder of kept ones.
 * @param keptRoot where the old work goes, in a folder named for the lab and one for the time
 * @throws {FolderError}
 */
export async function replaceWork(
  { root, work }: LabFolders,
  source: string,
  keptRoot: string,
  now: Date,
): Promise<Replaced> {
  await isWork(work);
  const aside = await writing(root, async () => await copyAside(source, work));
  try {
    let replaced: Replaced = {};
    do {
      const moved = await writing(
        keptRoot,
        async () => await keep(work, join(keptRoot, basename(root)), now),
      );
      if (moved.kept) replaced = moved;
      // False when another command put its copy there meanwhile: that one is kept too.
    } while (!(await writing(root, async () => await inPlace(aside, work))));
    return replaced;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** When one of the work's files was last saved; undefined without any. */
export async function lastSave(work: string): Promise<Date | undefined> {
  const names = await readdir(work, { recursive: true }).catch(() => []);
  const files = names.filter((name) => !/(^|[/\\])(node_modules|\.)/.test(name));
  const stats = await Promise.all(
    files.map(async (name) => await lstat(join(work, name)).catch(() => undefined)),
  );
  const times = stats.flatMap((info) => (info?.isFile() ? [info.mtimeMs] : []));
  return times.length > 0 ? new Date(Math.max(...times)) : undefined;
}

/** Whether there is work, as a folder or as a link to one. @throws {FolderError} for anything else of that name */
export async function isWork(work: string): Promise<boolean> {
  const info = await look(work);
  if (!info || info.isDirectory()) return info !== undefined;
  const target = info.isSymbolicLink() ? await realpath(work).catch(() => undefined) : undefined;
  if (target && (await lstat(target)).isDirectory()) return true;
  throw new FolderError(
    info.isSymbolicLink()
      ? `${work} is a link that leads to no folder: mend or remove it, then try again.`
      : `${work} is a file: the folder with your work has to go there. Move the file away, then try again.`,
  );
}

/** Beside its place, so that an interrupted copy is never taken for somebody's work, and a rename is enough. */
async function copyAside(source: string, work: string): Promise<string> {
  await removeAbandoned(work);
  const aside = await mkdtemp(`${work}.new-`);
  try {
    await cp(source, aside, { recursive: true });
    return aside;
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
}

/** @returns false when something stands there already; the copy is then left aside */
async function inPlace(aside: string, work: string): Promise<boolean> {
  try {
    await rename(aside, work);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) return false;
    throw error;
  }
}

async function keep(work: string, keptHere: string, now: Date): Promise<Replaced> {
  const info = await look(work);
  if (!info) return {};
  if (info.isSymbolicLink()) {
    const target = await realpath(work);
    await unlink(work);
    return { kept: target, wasLink: true };
  }
  const place = await ownFolder(keptHere, now);
  try {
    return (await move(work, place)) ? { kept: place } : {};
  } catch (error) {
    await rm(place, { recursive: true, force: true });
    throw error;
  }
}

/** A new folder named for the time. Making one is atomic, so two commands at once have one each. */
async function ownFolder(parent: string, now: Date): Promise<string> {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  await mkdir(parent, { recursive: true });
  for (let n = 1; ; n++) {
    const folder = join(parent, n === 1 ? stamp : `${stamp}-${n}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
    }
  }
}

/** Into an empty folder, which the rename replaces. @returns false when another command took it away first */
async function move(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) {
      await rm(to, { recursive: true, force: true });
      return false;
    }
    if (!isErrno(error, 'EXDEV')) throw error;
  }
  // The kept ones are on another disk: the work goes only when it is whole over there, and then all at once.
  await cp(from, to, { recursive: true });
  const gone = await mkdtemp(`${from}.new-`);
  await rename(from, gone);
  await rm(gone, { recursive: true, force: true });
  return true;
}

/** Copies aside of commands that were killed: a command is over long before an hour. */
async function removeAbandoned(work: string): Promise<void> {
  const parent = dirname(work);
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${basename(work)}.new-`)) continue;
    const info = await look(join(parent, name));
    if (info && Date.now() - info.mtimeMs > 3_600_000)
      await rm(join(parent, name), { recursive: true, force: true });
  }
}

async function look(path: string): Promise<Stats | undefined> {
  return await lstat(path).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  });
}
