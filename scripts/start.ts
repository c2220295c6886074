import { createProgressPrinter, ensureDataset, parseRows } from '@workshop/dataset';
import { enginesUp } from '@workshop/engines';
import { readConfig, startServer } from '@workshop/web';
import { stopDemo } from './src/demo-process.ts';
import { startDemoRedis } from './src/demo-redis.ts';
import { report } from './src/report-error.ts';

/** `npm start`: engines, data, demo. Ends when the demo is stopped; the engines stay up for the next time. */
export async function main(): Promise<number> {
  try {
    const rows = parseRows(process.env['WORKSHOP_ROWS']);
    // Bad settings are told before a minute is spent on engines and data; the URLs are not known yet.
    const given = { LOG_LEVEL: 'warn', ...process.env };
    await readConfig({ ...given, MYSQL_URL: 'mysql://127.0.0.1', REDIS_URL: 'redis://127.0.0.1' });

    const engines = await enginesUp({ onProgress: (line) => console.log(line) });
    const { mysqlUrl, titles } = engines;
    if (await stopDemo()) console.log('Stopped the demo that lab:start had opened.');
    await ensureDataset(mysqlUrl, { rows, onProgress: createProgressPrinter(process.stdout) });
    const redis = await startDemoRedis(engines);
    const config = await readConfig({ ...given, MYSQL_URL: mysqlUrl, REDIS_URL: redis.url });
    const server = await startServer(config, { faults: redis.faults });
    console.log(`
The demo is at ${server.url}, on ${titles.mysql} and ${titles.redis}.

  1. Open ${server.url}/query_mysql and look at the time
  2. Open ${server.url}/query_cache twice: a miss, then a hit
  3. Open ${server.url}/break, and query the cache while Redis is broken
  4. In another terminal: npx pnpm lab:start 01

Ctrl-C stops the demo. MySQL and Redis stay up for the labs;
npx pnpm services:down stops them.`);
    await stopSignal();
    await server.close();
    await redis.stop();
    console.log('Stopped.');
    return 0;
  } catch (error) {
    return report(error);
  }
}

async function stopSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
