import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Keeps every core of this machine busy. @returns what ends it */
export function keepBusy(): () => Promise<void> {
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker('for (;;);', { eval: true }),
  );
  return async () => void (await Promise.all(workers.map(async (worker) => await worker.terminate())));
}
