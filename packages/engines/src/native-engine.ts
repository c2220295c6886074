import { mkdir } from 'node:fs/promises';
import { startDaemon, stopDaemon, waitForRunning, type Daemon } from './daemon.ts';
import { openDataFolder, writeMark } from './data-folder.ts';
import type { EngineContext } from './engine-context.ts';
import { EngineError } from './engine-error.ts';
import type { NativeRecord } from './engine-records.ts';
import { makeMysqlData, mysqlDaemon } from './native-mysql.ts';
import { probeAt, recordAt, storePlace, urlAt, type Place, type Store } from './native-places.ts';
import { redisDaemon } from './native-redis.ts';
import { findFreePorts, isFree } from './ports.ts';
import { ProbeError } from './probe.ts';
import { isRunning } from './process-identity.ts';
import type { RunningEngine } from './providers/provider.ts';
import type { ServerProgram } from './server-program.ts';

/** Starts a store's engine on its private folder, unless it serves already. @throws {EngineError} */
export async function upNative(
  store: Store,
  findServer: () => Promise<ServerProgram | undefined>,
  context: EngineContext,
): Promise<RunningEngine | undefined> {
  const place = storePlace(store, context.folder);
  const port = (await findServing(place, context)) ?? (await start(place, await findServer(), context));
  if (port === undefined) return undefined;
  const facts = await probeAt(store, port, context);
  return { ...facts, source: 'native', url: urlAt(store, port, context) };
}

/** The port of an engine that we started earlier, if it still serves. One that is dead is said to be so, and forgotten. */
export async function findServing(place: Place, context: EngineContext): Promise<number | undefined> {
  const record = await recordAt(place, context.records, context);
  if (record?.source !== 'native') return undefined;
  await context.records.set(place.name, record);
  const { title, port, process } = record;
  if (!(await isRunning(process))) {
    context.progress(`${title} (${place.name}, pid ${process.pid}) is no longer running; starting it again.`);
    await context.records.remove(place.name);
    return undefined;
  }
  const whoWaits = `${title} (${place.name}, pid ${process.pid})`;
  try {
    await waitForRunning(whoWaits, process, () => probeAt(place.store, port, context), context.progress);
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    context.progress(
      `${title} (${place.name}, pid ${process.pid}) has another password than the one on file; starting it again.`,
    );
    await stopNative(place.name, record, context);
    return undefined;
  }
  return port;
}

/** Ends an engine that we started. @returns whether it was running. */
export async function stopNative(
  name: string,
  record: NativeRecord,
  context: EngineContext,
): Promise<boolean> {
  const stopped = await stopDaemon(record.title, record.process, { progress: context.progress });
  await context.records.remove(name);
  return stopped;
}

/** Starts a daemon and keeps its record from the first moment on. */
export async function launch(
  name: string,
  daemon: Daemon,
  port: number,
  { records }: EngineContext,
): Promise<void> {
  try {
    await startDaemon(daemon, (process) =>
      records.set(name, { source: 'native', title: daemon.title, port, process }),
    );
  } catch (error) {
    await records.remove(name);
    throw error;
  }
}

async function start(
  place: Place,
  server: ServerProgram | undefined,
  context: EngineContext,
): Promise<number | undefined> {
  if (!server) return undefined;
  const { store, folder, dataDir } = place;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mark = await openDataFolder(dataDir, server, {
    make: async () => {
      if (store === 'mysql') await makeMysqlData(dataDir, server, context);
    },
    port: await findFreePorts(),
    progress: context.progress,
  });
  const port = await startOnPort(place, mark.port, server, context);
  await writeMark(dataDir, { brand: server.brand, version: server.version, port });
  return port;
}

async function startOnPort(
  place: Place,
  wanted: number,
  server: ServerProgram,
  context: EngineContext,
): Promise<number> {
  let port = wanted;
  for (let attemptsLeft = 3; ; attemptsLeft -= 1) {
    if (!(await isFree(port))) {
      const other = await findFreePorts();
      context.progress(
        `Port ${port}, meant for ${server.brand}, is taken by another program; using ${other}.`,
      );
      port = other;
    }
    const facts = { ...place, port, password: context.password };
    const daemon = await (place.store === 'mysql' ? mysqlDaemon(facts, server) : redisDaemon(facts, server));
    context.progress(`Starting ${daemon.title} on 127.0.0.1:${port}`);
    try {
      await launch(place.name, daemon, port, context);
      return port;
    } catch (error) {
      // Another program may take the port between our look and the server's.
      if (!(error instanceof EngineError) || error.code !== 'port-taken' || attemptsLeft === 0) throw error;
    }
  }
}
