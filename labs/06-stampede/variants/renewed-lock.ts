// Another right way: functions; the lock is short and renewed while its owner loads; who waits is told by a message when
// it is done, and looks by itself twice a second in case that the message is lost.
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { Redis } from 'ioredis';
import type { MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver, type VariantCache } from '../../shared/store-over.ts';

const lifeMs = 60_000;
const lockMs = 3_000;

const ifMine = (what: string) =>
  `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call(${what}) end return 0`;
const renew = ifMine("'pexpire', KEYS[1], ARGV[2]");
const letGo = ifMine("'del', KEYS[1]");

function renewingCache(redisUrl: string): VariantCache {
  const options = { commandTimeout: 500, maxRetriesPerRequest: 1 };
  const redis = new Redis(redisUrl, options);
  // A connection that listens can do nothing else.
  const listening = new Redis(redisUrl, options);
  const done = new EventEmitter().setMaxListeners(0);
  listening.on('pmessage', (_pattern, channel) => done.emit(channel));
  listening.psubscribe('v:*|done').catch(() => {});
  for (const client of [redis, listening]) client.on('error', () => {});
  const shared = new Map<string, Promise<unknown>>();

  async function once<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (!shared.has(name))
      shared.set(
        name,
        work().finally(() => shared.delete(name)),
      );
    return (await shared.get(name)) as T;
  }

  async function versionOf(tags: readonly string[]): Promise<string> {
    const keys = tags.map((tag) => `v:version:${tag}`);
    await Promise.all(keys.map(async (key) => await redis.set(key, randomUUID(), 'EX', 86_400, 'NX')));
    return (await redis.mget(keys)).join('+');
  }

  async function loadLocked<T>(key: string, lock: string, load: () => Promise<T>): Promise<T> {
    const [name, owner] = [`${key}|lock`, lock];
    const beat = setInterval(() => {
      redis.eval(renew, 1, name, owner, lockMs).catch(() => {});
    }, lockMs / 3);
    try {
      const value = await load();
      const life = Math.round((value === null ? lifeMs / 6 : lifeMs) * (0.9 + Math.random() / 5));
      await redis.set(key, serialize([value]), 'PX', life).catch(() => {});
      return value;
    } finally {
      clearInterval(beat);
      await redis
        .multi()
        .eval(letGo, 1, name, owner)
        .publish(`${key}|done`, '')
        .exec()
        .catch(() => {});
    }
  }

  async function find(key: string): Promise<{ value: unknown; left: number } | undefined> {
    const replies = await redis.pipeline().getBuffer(key).pttl(key).exec();
    const [[error, bytes] = [], [, left] = []] = replies ?? [];
    if (error) throw error;
    return bytes
      ? { value: (deserialize(bytes as Buffer) as [unknown])[0], left: left as number }
      : undefined;
  }

  const takeLock = async (key: string) => {
    const owner = randomUUID();
    return (await redis.set(`${key}|lock`, owner, 'PX', lockMs, 'NX')) === 'OK' ? owner : undefined;
  };

  async function loadOrWait<T>(key: string, load: () => Promise<T>): Promise<T> {
    for (let attempt = 0; attempt < 20; attempt++) {
      const owner = await takeLock(key);
      const found = await find(key);
      if (found) {
        if (owner) await redis.eval(letGo, 1, `${key}|lock`, owner);
        return found.value as T;
      }
      if (owner) return await loadLocked(key, owner, load);
      const told = new Promise((resolve) => done.once(`${key}|done`, resolve));
      await Promise.race([told, setTimeout(500)]);
    }
    return await load();
  }

  /** Fails as Redis does, apart from the load, which fails by itself. */
  class LoadFailed extends Error {}
  const marked =
    <T>(load: () => Promise<T>) =>
    async () => {
      try {
        return await load();
      } catch (cause) {
        throw new LoadFailed('', { cause });
      }
    };

  return {
    async getOrLoad<T>(key: string, tags: readonly string[], load: () => Promise<T>): Promise<T> {
      try {
        const place = `${key}|${await versionOf(tags)}`;
        const found = await find(place);
        if (!found) return await once(place, async () => await loadOrWait(place, marked(load)));
        if (found.left < lifeMs / 5) {
          once(`again ${place}`, async () => {
            const owner = await takeLock(place);
            if (owner) await loadLocked(place, owner, load);
          }).catch(() => {});
        }
        return found.value as T;
      } catch (error) {
        if (error instanceof LoadFailed) throw error.cause;
        return await load();
      }
    },

    async invalidate(tags) {
      await redis.unlink(tags.map((tag) => `v:version:${tag}`)).catch(() => {});
    },

    async close() {
      redis.disconnect();
      listening.disconnect();
    },
  };
}

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  return storeOver(mysqlUrl, renewingCache(redisUrl));
}
