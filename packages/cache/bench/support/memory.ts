import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { testKeyPrefix } from '@workshop/engines/test-space';

/** Bytes, by what holds them. */
export type MemoryReport = Record<string, number>;

/** Runs `support/<worker>.ts` in a process of its own, so that what else lives in the bench's does not count. */
export async function measureMemory(worker: string, redisUrl: string): Promise<MemoryReport> {
  const prefix = testKeyPrefix().replace(/:$/, '');
  const child = fork(fileURLToPath(new URL(`${worker}.ts`, import.meta.url)), [redisUrl, prefix], {
    execArgv: ['--expose-gc', '--import', 'tsx'],
    // Where `tsx` is looked up.
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
  const exited = once(child, 'exit');
  let report: MemoryReport | undefined;
  child.once('message', (message) => {
    report = message as MemoryReport;
  });
  const [code] = await exited;
  if (report === undefined) throw new Error(`The process that measures memory ended with ${code}.`);
  return report;
}

/** What this process holds on to, after a collection. */
export async function bytesHeld(): Promise<number> {
  // Twice, with a turn between: what finalizers of the first set free goes with the second.
  globalThis.gc!();
  await setImmediate();
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Ends the process once the parent has the report. */
export function sendReport(report: MemoryReport): void {
  process.send!(report, () => process.disconnect());
}
