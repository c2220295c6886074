import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Logger } from 'pino';

/**
 * Keeps so many processes of this same program running behind its one port (`node:cluster`): one that ends is replaced. Resolves to
 * the exit code once all have ended, after a signal, or because one could not serve at all.
 */
export async function keepProcesses(count: number, logger: Logger): Promise<number> {
  const workers = new Set<Worker>();
  let isStopping = false;
  let code = 0;

  const stop = (signal: NodeJS.Signals): void => {
    // Whoever asks twice does not want to wait.
    const how = isStopping ? 'SIGKILL' : signal;
    isStopping = true;
    for (const worker of workers) worker.process.kill(how);
  };

  const keepOne = async (): Promise<void> => {
    const worker = cluster.fork();
    workers.add(worker);
    let hasServed = false;
    worker.once('listening', () => (hasServed = true));
    const { pid } = worker.process;
    logger.info({ pid }, 'process started');
    const [exitCode, signal] = (await once(worker, 'exit')) as [number | null, string | null];
    workers.delete(worker);
    if (isStopping) return;
    logger.error({ pid, exitCode, signal }, 'process ended');
    if (hasServed) {
      await keepOne();
      return;
    }
    // It has said why, and another would say the same.
    code = exitCode || 1;
    stop('SIGTERM');
  };

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));
  await Promise.all(Array.from({ length: count }, keepOne));
  return code;
}
