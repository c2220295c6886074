import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CrowdOrder, CrowdReport, CrowdSetup } from './crowd-worker.ts';

/** Processes of their own, each with a cache of its own on one Redis and one prefix, whose callers all ask at once. */
export interface Crowd {
  /** Every process asks for `key` at the same moment. One report a process. */
  rush(key: string): Promise<CrowdReport[]>;
  close(): Promise<void>;
}

export async function openCrowd(processes: number, setup: CrowdSetup): Promise<Crowd> {
  const workers = Array.from({ length: processes }, () =>
    fork(fileURLToPath(new URL('crowd-worker.ts', import.meta.url)), [JSON.stringify(setup)], {
      execArgv: ['--import', 'tsx'],
      // Where `tsx` is looked up.
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      serialization: 'advanced',
    }),
  );
  const close = async (): Promise<void> => {
    await Promise.all(workers.map(endOf));
  };
  try {
    await Promise.all(workers.map(messageOf));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    rush: (key) =>
      Promise.all(
        workers.map((worker) => {
          const report = messageOf(worker) as Promise<CrowdReport>;
          worker.send({ key } satisfies CrowdOrder);
          return report;
        }),
      ),
    close,
  };
}

async function messageOf(worker: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  try {
    const exited = once(worker, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`A process of the crowd ended with ${code}.`);
    });
    const [message] = await Promise.race([once(worker, 'message', { signal: ended.signal }), exited]);
    return message;
  } finally {
    ended.abort();
  }
}

async function endOf(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const exited = once(worker, 'exit');
  worker.disconnect();
  await exited;
}
