import path from 'node:path';
import type { EngineContext } from './engine-context.ts';
import { openEngineFolder } from './engine-folder.ts';
import { EngineRecords } from './engine-records.ts';
import { EngineError } from './engine-error.ts';
import { withFolderLock } from './folder-lock.ts';
import { lookAtMachine } from './machine.ts';
import { peekPassword, readPassword } from './password.ts';
import { isErrno } from './private-file.ts';
import { runCommand, type Run } from './run-command.ts';
import { readSettings } from './settings.ts';

/** What every engine command takes. */
export interface EngineOptions {
  /** Where the engines live. @default `WORKSHOP_STATE`, or `.workshop` in the repository */
  stateDir?: string;
  /** Takes one plain line for each step. @default nothing is said */
  onProgress?: (line: string) => void;
  /** @default process.env */
  env?: NodeJS.ProcessEnv;
  /** How commands are run. @default as child processes */
  run?: Run;
}

/** What a look at the engines needs: no lock, so it waits for nobody, and nothing is changed. */
export type EngineView = Pick<EngineContext, 'settings' | 'folder' | 'run' | 'records' | 'password'>;

export async function viewEngines(options: EngineOptions): Promise<EngineView> {
  const settings = readSettings(options.env);
  const folder = await openEngineFolder(path.resolve(options.stateDir ?? settings.stateDir));
  const records = await EngineRecords.peek(folder);
  return { settings, folder, records, run: options.run ?? runCommand, password: await peekPassword(folder) };
}

/**
 * Runs `work` with all it needs to know, while no other command is at work on the same engines. What starts nothing may do
 * with the password as it is, '' if there is none.
 */
export async function withEngines<T>(
  options: EngineOptions,
  work: (context: EngineContext) => Promise<T>,
  password: (folder: string) => Promise<string> = readPassword,
): Promise<T> {
  const settings = readSettings(options.env);
  const progress = options.onProgress ?? (() => {});
  const folder = await openEngineFolder(path.resolve(options.stateDir ?? settings.stateDir), { progress });
  const withContext = async () =>
    work({
      settings,
      folder,
      progress,
      run: options.run ?? runCommand,
      machine: await lookAtMachine(),
      records: await EngineRecords.read(folder, progress),
      password: await password(folder),
    });
  const onWait = (pid: number) =>
    progress(`Another command (pid ${pid}) is at work on the engines; waiting for it.`);
  try {
    return await withFolderLock(path.join(folder, 'lock'), withContext, { onWait });
  } catch (error) {
    throw folderTrouble(folder, error) ?? error;
  }
}

/** Any file that we write may be the one for which there is no room, or no permission. */
function folderTrouble(folder: string, error: unknown): EngineError | undefined {
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) {
    const message = `The disk of ${folder} is full: make room, or set WORKSHOP_STATE to a folder on another disk.`;
    return new EngineError('disk-full', message, { cause: error });
  }
  if (isErrno(error, 'EACCES', 'EPERM', 'EROFS')) {
    const message = `A file in ${folder} may not be written by you (was it made by another user, root say?): see to that, or set WORKSHOP_STATE to another folder.`;
    return new EngineError('folder', message, { cause: error });
  }
  return undefined;
}
