import cluster from 'node:cluster';
import { ConfigError, readConfig, settingsBySource, StackError, unusedStack } from './config/index.ts';
import { createLogger } from './logging.ts';
import { keepProcesses } from './processes.ts';
import { ListenError, startServer } from './server.ts';

/** The demo by itself, as on EC2: configured by the environment and what it names, stopped by a signal. */
async function main(): Promise<void> {
  const config = await readConfig();
  const logger = createLogger(config.logLevel);
  if (cluster.isPrimary) {
    logger.info({ settings: settingsBySource(config) }, 'configured');
    const unused = unusedStack(config);
    if (unused !== undefined) logger.warn(unused);
  }
  if (config.processes > 1 && cluster.isPrimary) {
    process.exitCode = await keepProcesses(config.processes, logger);
    return;
  }
  const server = await startServer(config, { logger });
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait.
      if (isStopping) process.exit(1);
      isStopping = true;
      // Explicitly, since an engine that hangs can leave a socket behind that would keep the process alive.
      void server.close().then(() => process.exit(0));
    });
  }
}

const READABLE = [ConfigError, StackError, ListenError];

try {
  await main();
} catch (error) {
  if (!(error instanceof Error) || !READABLE.some((type) => error instanceof type)) throw error;
  console.error(error.message);
  process.exitCode = 1;
  // One of several has a channel to the first, which would keep it alive.
  if (cluster.isWorker) process.disconnect();
}
