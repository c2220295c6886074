import { mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from './engine-error.ts';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';
import { isErrno } from './private-file.ts';

const RELEASED = 'released';
const POLL_MS = 50;

interface LockOptions {
  /** Called once, with the holder's pid, when it has been waited for so long that somebody may wonder. */
  onWait?: (pid: number) => void;
  /** How long that is, in ms. @default 500 */
  sayAfterMs?: number;
  /** How long a living holder is waited for, in ms. An installation may take minutes. */
  limitMs?: number;
}

/**
 * Runs `work` while no other process, and no other call in this one, holds the same folder's lock. A holder
 * that has died is passed over.
 *
 * Each turn is a numbered symbolic link, whose target names its holder; making one is atomic and cannot be seen
 * half done. The highest number is the lock. It is never deleted except by the holder of a higher one, so a
 * newcomer that finds the last holder gone has to win the making of the next number, and two can't.
 * (A lock that is taken over by deleting it has a moment in which two newcomers delete each other's.)
 *
 * @throws {EngineError} code `locked` when a living holder does not finish within the limit.
 */
export async function withFolderLock<T>(
  folder: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const turn = await takeTurn(folder, options);
  try {
    return await work();
  } finally {
    const released = `${turn}.released`;
    await symlink(RELEASED, released);
    await rename(released, turn);
  }
}

async function takeTurn(
  folder: string,
  { onWait, sayAfterMs = 500, limitMs = 15 * 60_000 }: LockOptions,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const me = await identify(process.pid);
  if (!me)
    throw new EngineError('folder', 'This system does not tell when a process started, which a lock needs.');
  const startedAt = performance.now();
  let said = false;
  for (;;) {
    const last = Math.max(0, ...(await turns(folder)));
    const holder = await holderOf(path.join(folder, String(last)));
    if (holder) {
      const waitedMs = performance.now() - startedAt;
      if (!said && waitedMs >= sayAfterMs) {
        onWait?.(holder.pid);
        said = true;
      }
      if (waitedMs > limitMs) {
        throw new EngineError(
          'locked',
          `Another command (pid ${holder.pid}) has been at work on the engines for too long. End it, then try again.`,
        );
      }
      await delay(POLL_MS);
      continue;
    }
    if (await isMine(folder, last + 1, me)) return path.join(folder, String(last + 1));
  }
}

async function isMine(folder: string, turn: number, me: ProcessIdentity): Promise<boolean> {
  const link = path.join(folder, String(turn));
  try {
    await symlink(`${me.pid} ${me.started}`, link);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
  // A slow newcomer may make a number again that was deleted because a higher one is held.
  const all = await turns(folder);
  if (all.some((other) => other > turn)) {
    await rm(link, { force: true });
    return false;
  }
  await Promise.all(
    all.filter((other) => other < turn).map((other) => rm(path.join(folder, String(other)), { force: true })),
  );
  return true;
}

async function turns(folder: string): Promise<number[]> {
  return (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** The living holder of a turn; undefined when it was released, its holder has died, or there is no such turn. */
async function holderOf(link: string): Promise<ProcessIdentity | undefined> {
  let target: string;
  try {
    target = await readlink(link);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
  const [pid = '', ...started] = target.split(' ');
  const holder = { pid: Number(pid), started: started.join(' ') };
  return target !== RELEASED && (await isRunning(holder)) ? holder : undefined;
}
