// Another right way: the library of this repository, which keeps old answers for outages and has a breaker for Redis;
// and for MySQL the driver's own means: a time-out for each query, and a pool that lets so many wait and no more.
import { createCache } from '@workshop/cache';
import { createPool, type PoolConnection, type RowDataPacket } from 'mysql2/promise';
import type { MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver, type VariantMysql } from '../../shared/store-over.ts';
import { createWrites } from '../solution/writes.ts';

const queryMs = 1_500;

function boundedMysql(
  mysqlUrl: string,
  invalidate: (tags: readonly string[]) => Promise<void>,
): VariantMysql {
  const pool = createPool({
    uri: mysqlUrl,
    connectionLimit: 9,
    queueLimit: 50,
    connectTimeout: 1_000,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  const open = new Set<PoolConnection>();
  pool.on('connection', (connection) => open.add(connection));
  let failures = 0;
  let nextTryAt = 0;

  async function lend<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> {
    let taken: PoolConnection | undefined;
    let isOver = false;
    const job = (async () => {
      const connection = await pool.getConnection();
      taken = connection;
      try {
        if (isOver) throw new Error('nobody waits any more');
        return await work(connection);
      } finally {
        if (!isOver) connection.release();
        else connection.destroy();
      }
    })();
    let timer: NodeJS.Timeout | undefined;
    const alarm = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        isOver = true;
        taken?.destroy();
        reject(new Error('MySQL takes too long'));
      }, 2_000);
    });
    try {
      return await Promise.race([job, alarm]);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async query(sql, values) {
      if (Date.now() < nextTryAt) throw new Error('MySQL is ill, and was just asked');
      if (failures >= 5) nextTryAt = Date.now() + 1_500;
      try {
        const rows = await lend(async (connection) => {
          const [found] = await connection
            .execute<RowDataPacket[]>({ sql, values, timeout: queryMs })
            .catch((error: unknown) => {
              // The driver has stopped waiting; MySQL may be at work on it still.
              connection.destroy();
              throw error;
            });
          return found;
        });
        failures = 0;
        nextTryAt = 0;
        return rows;
      } catch (error) {
        if (error instanceof Error && error.message.includes('Queue limit')) throw error;
        failures++;
        if (failures >= 5) nextTryAt = Date.now() + 1_500;
        throw error;
      }
    },
    writes: createWrites(lend, { invalidate }),
    async close() {
      for (const connection of open) connection.destroy();
      await Promise.race([pool.end(), new Promise((resolve) => void setTimeout(resolve, 500))]);
    },
  };
}

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  const cache = createCache({
    redis: redisUrl,
    prefix: 'v',
    timeoutMs: 300,
    lease: { waitMs: 500 },
    loads: { maxConcurrent: 100 },
  });
  const invalidate = async (tags: readonly string[]) => void (await cache.invalidateTags(tags));
  return storeOver(
    mysqlUrl,
    {
      getOrLoad: async (key, tags, load) =>
        await cache.getOrLoad(key, load, { ttlMs: 60_000, staleIfErrorMs: 605_000, tags }),
      invalidate,
      close: async () => await cache.close(),
    },
    boundedMysql(mysqlUrl, invalidate),
  );
}
