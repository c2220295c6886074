import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';

type Fields = Record<string, string>;

/** The field every hash has: without others it says that there is no record. */
const version = 'v';

export interface TimedCache {
  text(parts: unknown[], load: () => Promise<unknown[]>): Promise<unknown[]>;
  hash(
    parts: unknown[],
    columns: string[],
    load: () => Promise<Fields | undefined>,
  ): Promise<Fields | undefined>;
  close(): Promise<void>;
}

export function timedCache(url: string): TimedCache {
  const redis = new Redis(url, {
    commandTimeout: 250,
    retryStrategy: (times) => Math.min(20 * times, 500),
  });
  redis.on('error', () => undefined);

  async function orNothing<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch {
      return undefined;
    }
  }

  return {
    async text(parts, load) {
      const key = JSON.stringify(parts);
      const text = await orNothing(async () => await redis.get(key));
      if (text) return JSON.parse(text) as unknown[];
      const rows = await load();
      const end = endOf(key, rows.length > 0 ? 60 : 10);
      await orNothing(async () => await redis.set(key, JSON.stringify(rows), 'PXAT', end));
      return rows;
    },

    async hash(parts, columns, load) {
      const key = JSON.stringify(parts);
      const fields = (await orNothing(async () => await redis.hgetall(key))) ?? {};
      const there = columns.filter((column) => column in fields).length;
      if (fields[version] === '1') {
        if (there === columns.length) return fields;
        if (there === 0) return undefined;
      }
      const record = await load();
      const end = endOf(key, record ? 60 : 10);
      await orNothing(async () => {
        const written = { [version]: '1', ...record };
        await redis.multi().unlink(key).hmset(key, written).pexpireat(key, end).exec();
      });
      return record;
    },

    async close() {
      redis.disconnect();
      await Promise.resolve();
    },
  };
}

/** When the entry ends, by the clock: its key says by how much sooner or later than others, a tenth at most. */
function endOf(key: string, seconds: number): number {
  const chance = createHash('sha1').update(key).digest().readUInt32BE() / 2 ** 32;
  return Date.now() + Math.round(seconds * 1_000 * (0.9 + 0.2 * chance));
}
