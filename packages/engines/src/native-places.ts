import path from 'node:path';
import { readMark } from './data-folder.ts';
import type { EngineContext } from './engine-context.ts';
import type { EngineRecord, NativeRecord } from './engine-records.ts';
import { mysqlUrl } from './native-mysql.ts';
import { redisUrl } from './native-redis.ts';
import { readIfThere } from './private-file.ts';
import { probeMysql, ProbeError, probeRedis, type ServerFacts } from './probe.ts';
import { identify } from './process-identity.ts';

export type Store = 'mysql' | 'redis';

export const CLUSTER_SIZE = 6;

/** Where a native engine keeps its files, all of them known by its name. */
export interface Place {
  /** `mysql`, `redis`, `cluster-1` … `cluster-6`. */
  name: string;
  store: Store;
  folder: string;
  /** The folder with the data's mark; a cluster's nodes have one in common. */
  dataDir: string;
  /** How far above the mark's port this engine listens. */
  portOffset: number;
  logFile: string;
  pidFile: string;
}

export function storePlace(store: Store, home: string): Place {
  const folder = path.join(home, store);
  return place(store, store, folder, path.join(folder, 'data'), 0);
}

export function clusterPlaces(home: string): Place[] {
  const folder = path.join(home, 'cluster');
  return Array.from({ length: CLUSTER_SIZE }, (_, index) =>
    place(`cluster-${index + 1}`, 'redis', folder, path.join(folder, 'data'), index),
  );
}

export function allPlaces(home: string): Place[] {
  return [storePlace('mysql', home), storePlace('redis', home), ...clusterPlaces(home)];
}

function place(name: string, store: Store, folder: string, dataDir: string, portOffset: number): Place {
  const [logFile, pidFile] = [path.join(folder, `${name}.log`), path.join(folder, `${name}.pid`)];
  return { name, store, folder, dataDir, portOffset, logFile, pidFile };
}

type Known = Pick<EngineContext, 'password'>;

export function urlAt(store: Store, port: number, { password }: Known): string {
  return store === 'mysql' ? mysqlUrl(port, password) : redisUrl(port, password);
}

/** Asks our own engine at this port. @throws {ProbeError} */
export function probeAt(store: Store, port: number, known: Known, timeoutMs = 5_000): Promise<ServerFacts> {
  const probe = store === 'mysql' ? probeMysql : probeRedis;
  return probe(urlAt(store, port, known), { timeoutMs });
}

/**
 * What we know of the engine at a place: its record; or, where that was lost, what can be told from the engine itself. One that
 * has the data's port, our password and a living process is ours.
 */
export async function recordAt(
  { name, store, dataDir, portOffset, pidFile }: Place,
  records: { get(name: string): EngineRecord | undefined },
  known: Known,
): Promise<EngineRecord | undefined> {
  const record = records.get(name);
  if (record) return record;
  const mark = await readMark(dataDir);
  const pid = Number(await readIfThere(pidFile));
  const process = mark && pid > 0 ? await identify(pid) : undefined;
  if (!mark || !process) return undefined;
  const port = mark.port + portOffset;
  try {
    const { title } = await probeAt(store, port, known);
    return { source: 'native', title, port, process } satisfies NativeRecord;
  } catch (error) {
    if (error instanceof ProbeError) return undefined;
    throw error;
  }
}
