import { copyFile, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { withFolderLock } from '@workshop/engines';
import { FolderError, isErrno, writing } from './folder-error.ts';
import { emptyProgress, parseProgress, type Progress } from './progress-format.ts';

export interface ProgressFile {
  progress: Progress;
  /** Something in the file could not be understood: the file is kept as it is, under another name, before the next write. */
  damaged?: true;
}

/** A write takes milliseconds; whoever holds the lock longer has been stopped. */
const lockLimitMs = 10_000;

/** @returns empty progress when there is no file yet, or none that can be understood */
export async function readProgress(file: string): Promise<ProgressFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return { progress: emptyProgress() };
    if (isErrno(error, 'EISDIR')) throw new FolderError(`${file} is a folder: move it away, then try again.`);
    if (isErrno(error, 'EACCES', 'EPERM'))
      throw new FolderError(
        `${file} can't be read: this user may not. Change its permissions, then try again.`,
      );
    throw error;
  }
  const { progress, whole } = parseProgress(text);
  return whole ? { progress } : { progress, damaged: true };
}

/**
 * Reads the file, changes what it says and writes it back, while no other command does.
 * @throws {FolderError} when it can't be written; then it stays as it was
 */
export async function changeProgress(file: string, change: (progress: Progress) => void): Promise<void> {
  await writing(file, async () => {
    await mkdir(dirname(file), { recursive: true });
    await withFolderLock(
      `${file}.lock`,
      async () => {
        const { progress, damaged } = await readProgress(file);
        if (damaged) await keepCopy(file);
        change(progress);
        await replaceFile(file, `${JSON.stringify(progress, null, 2)}\n`);
      },
      { limitMs: lockLimitMs },
    );
  });
}

/** Aside and renamed into place, so that a reader, a crash or a full disk leaves the old file or the new one. */
async function replaceFile(file: string, text: string): Promise<void> {
  const aside = `${file}.new`;
  try {
    const handle = await open(aside, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** `progress.json.damaged`, or with a number where that is taken: no copy replaces another. */
async function keepCopy(file: string): Promise<void> {
  for (let n = 1; ; n++) {
    try {
      await copyFile(file, `${file}.damaged${n === 1 ? '' : `-${n}`}`, constants.COPYFILE_EXCL);
      return;
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
    }
  }
}
