import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { EngineError } from './engine-error.ts';
import { isErrno } from './private-file.ts';

/**
 * Makes, if need be, the folder that holds all that the engines keep, and gives its path: `engines` in the state
 * folder, mode 0700. A folder of its own, so that nothing that was there before is ever locked up or deleted.
 *
 * A file system that keeps no permissions (a Windows drive seen from WSL2, exFAT) would show the passwords
 * to every user, and no database runs on it either. The engines of such a state folder
 * live in the home folder, under a name made from the state folder's path.
 */
export async function openEngineFolder(
  stateDir: string,
  {
    progress = () => {},
    keepsModes = restrict,
  }: { progress?: (line: string) => void; keepsModes?: typeof restrict } = {},
): Promise<string> {
  const folder = path.join(stateDir, 'engines');
  await make(folder);
  if (await keepsModes(folder)) return folder;
  const name = createHash('sha256').update(stateDir).digest('hex').slice(0, 12);
  const elsewhere = path.join(homedir(), '.local', 'state', 'caching-workshop', name);
  progress(
    `${stateDir} is on a file system without permissions, so the engines' data is kept in ${elsewhere}.`,
  );
  await make(elsewhere);
  if (await keepsModes(elsewhere)) return elsewhere;
  throw new EngineError(
    'folder',
    `Neither ${folder} nor ${elsewhere} can be made private. Set WORKSHOP_STATE to a folder on a Linux or macOS disk.`,
  );
}

async function make(folder: string): Promise<void> {
  const inside = await readdir(folder).catch((): string[] => []);
  if (inside.length > 0 && !inside.includes('lock')) {
    throw new EngineError(
      'folder',
      `${folder} holds files that are not the workshop's. Set WORKSHOP_STATE to another folder, or move them away.`,
    );
  }
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = isErrno(error, 'EACCES', 'EPERM', 'EROFS')
      ? 'may not be written by you'
      : isErrno(error, 'ENOSPC')
        ? 'is on a disk that is full'
        : isErrno(error, 'EEXIST', 'ENOTDIR')
          ? 'is not a folder'
          : 'cannot be made';
    throw new EngineError(
      isErrno(error, 'ENOSPC') ? 'disk-full' : 'folder',
      `The state folder ${path.dirname(folder)} ${why}. Mend that, or set WORKSHOP_STATE to another folder.`,
      { cause: error },
    );
  }
}

/** Leaves a folder to its owner alone; says whether its file system really did. */
async function restrict(folder: string): Promise<boolean> {
  const { uid } = await stat(folder);
  if (process.getuid?.() !== 0 && uid !== process.getuid?.()) {
    throw new EngineError(
      'folder',
      `${folder} belongs to another user. Run this as that user, or set WORKSHOP_STATE to a folder of your own.`,
    );
  }
  // exFAT answers EPERM even to a folder's owner; a Windows drive says yes and does nothing.
  await chmod(folder, 0o700).catch(() => {});
  return ((await stat(folder)).mode & 0o077) === 0;
}
