import { ConfigError, readConfig } from './config.ts';
import { ListenError, startServer } from './server.ts';

/** The demo by itself, as on EC2: configured by the environment, stopped by a signal. */
async function main(): Promise<void> {
  const server = await startServer(readConfig());
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

try {
  await main();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof ListenError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
