// Another right way: functions; a fresh copy for a minute and a spare one for eleven, each with the versions of its tags
// within. For MySQL: connections of its own making in place of a pool, one for each place there is.
import { randomUUID } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { Redis } from 'ioredis';
import { createConnection, type Connection, type PoolConnection, type RowDataPacket } from 'mysql2/promise';
import type { MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver, type VariantCache, type VariantMysql } from '../../shared/store-over.ts';
import { createWrites } from '../solution/writes.ts';

const timeUpMs = 2_000;

/** Rejects when it takes too long; `onLate` cleans up. */
async function inTime<T>(work: Promise<T>, ms: number, onLate: () => void = () => {}): Promise<T> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      onLate();
      reject(new Error(`more than ${ms} ms`));
    }, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** After so many failures in a row nobody is let through for so long, and then one at a time. */
function fuse(most: number, restMs: number) {
  let failures = 0;
  let restsUntil = 0;
  let isTrying = false;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    const isIll = failures >= most;
    if (isIll && (isTrying || performance.now() < restsUntil)) throw new Error('resting');
    if (isIll) isTrying = true;
    try {
      const value = await work();
      failures = 0;
      return value;
    } catch (error) {
      failures++;
      restsUntil = performance.now() + restMs;
      throw error;
    } finally {
      if (isIll) isTrying = false;
    }
  };
}

function places(url: string, count: number, line: number, cache: VariantCache): VariantMysql {
  const idle: Connection[] = [];
  const all = new Set<Connection>();
  const waiting: (() => void)[] = [];
  let free = count;
  const guard = fuse(5, 1_500);

  async function take(): Promise<void> {
    if (free > 0) free--;
    else if (waiting.length >= line) throw new Error('too many wait');
    else await new Promise<void>((resolve) => void waiting.push(resolve));
  }

  function drop(connection: Connection | undefined): void {
    if (!connection) return;
    all.delete(connection);
    connection.destroy();
  }

  async function connect(): Promise<Connection> {
    const options = { supportBigNumbers: true, bigNumberStrings: true, connectTimeout: timeUpMs / 2 };
    const connection = await createConnection({ uri: url, ...options });
    connection.on('error', () => drop(connection));
    all.add(connection);
    return connection;
  }

  async function use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    let mine: Connection | undefined;
    try {
      mine = idle.pop() ?? (await connect());
      const value = await inTime(work(mine), timeUpMs / 2, () => drop(mine));
      idle.push(mine);
      return value;
    } catch (error) {
      // Whatever went wrong: the next one gets a new one.
      drop(mine);
      throw error;
    }
  }

  async function placed<T>(work: () => Promise<T>): Promise<T> {
    await take();
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  }

  return {
    async query(sql, values) {
      const run = async () =>
        await placed(
          async () =>
            await guard(
              async () =>
                await use(async (connection) => (await connection.execute<RowDataPacket[]>(sql, values))[0]),
            ),
        );
      return await inTime(run(), timeUpMs + 300);
    },
    writes: createWrites(
      async (work) => await use(async (connection) => await work(connection as PoolConnection)),
      cache,
    ),
    async close() {
      for (const connection of all) connection.destroy();
    },
  };
}

function twoCopies(url: string): VariantCache {
  const redis = new Redis(url, { commandTimeout: 300, maxRetriesPerRequest: 1 });
  redis.on('error', () => {});
  const guard = fuse(4, 1_000);
  const loading = new Map<string, Promise<unknown>>();
  const unpaid = new Set<string>();
  const pay = async () => {
    const names = [...unpaid];
    if (names.length > 0) await redis.unlink(names);
    for (const name of names) unpaid.delete(name);
  };
  redis.on('ready', () => void pay().catch(() => {}));

  async function find(key: string, tags: readonly string[]) {
    await pay();
    const names = tags.map((tag) => `v:version:${tag}`);
    const fill = redis.pipeline();
    for (const name of names) fill.set(name, randomUUID(), 'EX', 86_400, 'NX');
    await fill.exec();
    const [fresh, spare, ...versions] = await redis.mgetBuffer(`${key}:fresh`, `${key}:spare`, ...names);
    if (versions.some((each) => !each)) throw new Error('no version');
    const version = versions.map(String).join('+');
    const open = (bytes: Buffer | null | undefined) => {
      const [stored, value] = bytes ? (deserialize(bytes) as [string, unknown]) : [];
      return stored === version ? { value } : undefined;
    };
    return { version, fresh: open(fresh), spare: open(spare) };
  }

  async function loadAndKeep<T>(key: string, version: string, load: () => Promise<T>): Promise<T> {
    const value = await load();
    const bytes = serialize([version, value]);
    const lifeMs = (value === null ? 10_000 : 60_000) * (0.9 + Math.random() / 5);
    await guard(
      async () =>
        await redis
          .multi()
          .set(`${key}:fresh`, bytes, 'PX', Math.round(lifeMs))
          .set(`${key}:spare`, bytes, 'PX', Math.round(lifeMs) + 600_000)
          .exec(),
    ).catch(() => {});
    return value;
  }

  return {
    async getOrLoad<T>(key: string, tags: readonly string[], load: () => Promise<T>): Promise<T> {
      const found = await guard(async () => await find(key, tags)).catch(() => undefined);
      if (!found) return await load();
      if (found.fresh) return found.fresh.value as T;
      const name = `${key} ${found.version}`;
      if (!loading.has(name))
        loading.set(
          name,
          loadAndKeep(key, found.version, load).finally(() => loading.delete(name)),
        );
      return await (loading.get(name) as Promise<T>).catch((error: unknown) => {
        if (found.spare) return found.spare.value as T;
        throw error;
      });
    },

    async invalidate(tags) {
      for (const tag of tags) unpaid.add(`v:version:${tag}`);
      await pay().catch(() => {});
    },

    async close() {
      redis.disconnect();
    },
  };
}

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  const cache = twoCopies(redisUrl);
  return storeOver(mysqlUrl, cache, places(mysqlUrl, 9, 50, cache));
}
