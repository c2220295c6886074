import { randomUUID } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { rm } from 'node:fs/promises';
import { ensureDataset, parseRows } from '@workshop/dataset';
import { enginesUp } from '@workshop/engines';
import { readConfig, startServer } from '@workshop/web';
import { demoFile, demoHeader, readDemo, writeDemo, type DemoMessage } from './src/demo-process.ts';
import { LabDemo } from './src/lab-demo-store.ts';
import { messageOf } from './src/report-error.ts';

/** How often the record is looked at, ms. */
const lookMs = 200;
/** Forgotten: nothing asked and nothing saved for so long, ms. */
const idleLimitMs = 60 * 60_000;

/**
 * The demo on a learner's code, in the background: started by `lab:start` and `lab:demo`, which it tells where it is. It
 * serves the lab that its record names, and ends when there is no record, or nobody has used it for an hour.
 */
export async function main([lab = '']: string[]): Promise<number> {
  try {
    const config = await readConfig({ LOG_LEVEL: 'warn', ...process.env, ...(await engines()) });
    let usedAt = Date.now();
    const store = await LabDemo.open(lab, config, () => (usedAt = Date.now()));
    const id = randomUUID();
    const server = await startServer(config, { store, headers: { [demoHeader]: id } });
    await writeDemo({ lab, url: server.url, id });
    tell({ url: server.url });
    // Whoever has started it goes on; this process stays.
    process.channel?.unref();
    await ended(async () => {
      const record = await readDemo();
      if (record?.id !== id || Date.now() - usedAt > idleLimitMs) return true;
      await store.serve(record.lab);
      return false;
    });
    await server.close();
    if ((await readDemo())?.id === id) await rm(demoFile(), { force: true });
    return 0;
  } catch (error) {
    // The advice is the web server's own, for those who start it by `npm start`.
    const trouble = messageOf(error).replace('npm start', 'pnpm lab:demo');
    tell({ trouble });
    console.error(trouble);
    return 1;
  }
}

async function engines(): Promise<{ MYSQL_URL: string; REDIS_URL: string }> {
  const { mysqlUrl, redisUrl } = await enginesUp({ onProgress: (progress) => tell({ progress }) });
  const loading = new Set<string>();
  await ensureDataset(mysqlUrl, {
    rows: parseRows(process.env['WORKSHOP_ROWS']),
    onProgress: ({ table }) => {
      if (!loading.has(table)) tell({ progress: `Loading ${table} (once) ...` });
      loading.add(table);
    },
  });
  return { MYSQL_URL: mysqlUrl, REDIS_URL: redisUrl };
}

/** To the command that has started it, as long as that listens. */
function tell(message: DemoMessage): void {
  if (process.connected) process.send?.(message);
}

/** Until `isOver` says so, which is asked whenever the record changes and every minute; or until a signal comes. */
async function ended(isOver: () => Promise<boolean>): Promise<void> {
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  let asking = Promise.resolve();
  const ask = () => {
    asking = asking
      .then(async () => {
        if (await isOver()) stop();
      })
      .catch((error: unknown) => console.error(messageOf(error)));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  watchFile(demoFile(), { interval: lookMs }, ask);
  const timer = setInterval(ask, 60_000);
  await stopped;
  clearInterval(timer);
  unwatchFile(demoFile());
}
