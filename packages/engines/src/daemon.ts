import { spawn, type ChildProcess } from 'node:child_process';
import { open, rename, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from './engine-error.ts';
import { diagnose, tailOf } from './log-diagnosis.ts';
import { ProbeError } from './probe.ts';
import { identify, isRunning, signal, type ProcessIdentity } from './process-identity.ts';

const POLL_MS = 40;
const LOG_LIMIT_BYTES = 2 * 1024 * 1024;

/** A server to start, and how to know that it serves. */
export interface Daemon {
  /** For messages: "MariaDB 10.11.19". */
  title: string;
  command: string;
  args: readonly string[];
  /** Where it runs. Servers chdir to their data, but a core dump may land here. */
  cwd: string;
  logFile: string;
  /** Resolves when the server answers as it should; rejects with a ProbeError until then. */
  probe: () => Promise<unknown>;
}

/** Start and stop limits are generous: a slow disk, or a recovery after a crash, is no failure. In ms. */
export const START_LIMIT_MS = 120_000;
export const STOP_LIMIT_MS = 60_000;

/**
 * Starts a server that outlives this process, and waits until it serves.
 *
 * `onSpawn` is awaited before the waiting begins, so that the process is on record even if we are killed while it starts.
 *
 * @throws {EngineError} when the server ends or does not serve in time; with the reason its log gives, or the log's tail.
 */
export async function startDaemon(
  daemon: Daemon,
  onSpawn: (identity: ProcessIdentity) => Promise<void>,
): Promise<void> {
  await rotate(daemon.logFile);
  const log = await open(daemon.logFile, 'a', 0o600);
  const logStart = (await log.stat()).size;
  let child: ChildProcess;
  let ended: Promise<string>;
  try {
    child = spawn(daemon.command, daemon.args, {
      cwd: daemon.cwd,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      // An engine outlives this shell, and so must not keep what was in its environment.
      env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
    });
    // At once: on a busy machine a server that can't start has ended while we close a file.
    ended = endOf(child);
  } finally {
    await log.close();
  }
  child.unref();
  const identity = child.pid === undefined ? undefined : await identify(child.pid);
  if (identity) await onSpawn(identity);
  try {
    await waitUntilServing(daemon, ended, logStart);
  } catch (error) {
    if (identity) await stopDaemon(daemon.title, identity);
    throw error;
  }
}

async function endOf(child: ChildProcess): Promise<string> {
  return await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, name) => resolve(name ? `signal ${name}` : `exit code ${code}`));
  });
}

async function waitUntilServing(daemon: Daemon, ended: Promise<string>, logStart: number): Promise<void> {
  const giveUpAt = performance.now() + START_LIMIT_MS;
  for (;;) {
    const result = await Promise.race([
      ended,
      daemon.probe().then(
        () => undefined,
        (error: unknown) => {
          if (error instanceof ProbeError) return error;
          throw error;
        },
      ),
    ]);
    if (result === undefined) return;
    if (typeof result === 'string')
      throw await startFailure(daemon, `ended at its start (${result})`, logStart);
    // A server may wait for ever for somebody to make room on its disk.
    if (diagnose(await tailOf(daemon.logFile, 50, logStart))?.code === 'disk-full') {
      throw await startFailure(daemon, 'cannot start', logStart, result);
    }
    if (performance.now() > giveUpAt) {
      throw await startFailure(daemon, `does not answer after ${START_LIMIT_MS / 1000} s`, logStart, result);
    }
    await Promise.race([ended, delay(POLL_MS)]);
  }
}

async function startFailure(
  daemon: Daemon,
  what: string,
  logStart: number,
  cause?: unknown,
): Promise<EngineError> {
  const tail = await tailOf(daemon.logFile, 200, logStart);
  const known = diagnose(tail);
  if (known) {
    return new EngineError(
      known.code,
      `${daemon.title} ${what}; ${known.advice}. Its log: ${daemon.logFile}`,
      { cause },
    );
  }
  const lastLines = tail.split('\n').slice(-15).join('\n');
  return new EngineError(
    'start-failed',
    `${daemon.title} ${what}. The end of its log, ${daemon.logFile}:\n${lastLines}`,
    { cause },
  );
}

/**
 * Waits for a server that runs already, since another command that started it may have been killed before it served.
 *
 * @throws {ProbeError} at once, when the server refuses our password.
 * @throws {EngineError} when it ends or does not serve in time.
 */
export async function waitForRunning(
  name: string,
  identity: ProcessIdentity,
  probe: () => Promise<unknown>,
  progress: (line: string) => void,
): Promise<void> {
  const giveUpAt = performance.now() + START_LIMIT_MS;
  let said = false;
  for (;;) {
    try {
      await probe();
      return;
    } catch (error) {
      if (!(error instanceof ProbeError) || error.trouble === 'denied') throw error;
      if (!(await isRunning(identity)) || performance.now() > giveUpAt) {
        throw new EngineError(
          'start-failed',
          `${name} was started earlier and does not answer. Run 'pnpm services:down', then 'pnpm services:up'.`,
          { cause: error },
        );
      }
    }
    if (!said) progress(`Waiting for ${name} to answer`);
    said = true;
    await delay(POLL_MS);
  }
}

/**
 * Ends a server that we started: asks it to (both brands of each store then save and close their files), and
 * kills it when it has not ended within the limit.
 *
 * @returns false when it was no longer running.
 * @throws {EngineError} code `stop-failed` when even that does not end it.
 */
export async function stopDaemon(
  title: string,
  identity: ProcessIdentity,
  {
    limitMs = STOP_LIMIT_MS,
    progress = () => {},
  }: { limitMs?: number; progress?: (line: string) => void } = {},
): Promise<boolean> {
  if (!(await signal(identity, 'SIGTERM'))) return false;
  if (await hasEnded(identity, limitMs)) return true;
  progress(`${title} (pid ${identity.pid}) has not stopped after ${limitMs / 1000} s; killing it.`);
  await signal(identity, 'SIGKILL');
  if (await hasEnded(identity, limitMs)) return true;
  throw new EngineError(
    'stop-failed',
    `${title} (pid ${identity.pid}) cannot be ended, not even killed. Restart the machine.`,
  );
}

async function hasEnded(identity: ProcessIdentity, limitMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + limitMs;
  while (await isRunning(identity)) {
    if (performance.now() > giveUpAt) return false;
    await delay(POLL_MS);
  }
  return true;
}

async function rotate(logFile: string): Promise<void> {
  const { size } = await stat(logFile).catch(() => ({ size: 0 }));
  if (size > LOG_LIMIT_BYTES) await rename(logFile, `${logFile}.1`);
}
