// Another right way: functions and scripts. The stamp of a tag (from the primary) and the entry (from a replica) are asked
// for at the same time; an entry is a hash that holds the stamp it was loaded under. What belongs to a tag is in its slot,
// so that one script stores an entry only if its stamp still counts.
import { randomBytes } from 'node:crypto';
import { Cluster } from 'ioredis';
import { decode, encode } from '../../05-monitoring/solution/codec.ts';
import type { MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver, type VariantCache } from '../../shared/store-over.ts';

/** KEYS: entry, stamp, both in one slot. ARGV: stamp, value, life. */
const store = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'stamp', ARGV[1], 'value', ARGV[2])
return redis.call('PEXPIRE', KEYS[1], ARGV[3])`;

/** KEYS: entry, stamp. ARGV: a new stamp. Makes the stamp if there is none; returns both. */
const look = `
local stamp = redis.call('SET', KEYS[2], ARGV[1], 'EX', 86400, 'NX') and ARGV[1] or redis.call('GET', KEYS[2])
local entry = redis.call('HMGET', KEYS[1], 'stamp', 'value')
return { stamp, entry[1] == stamp and entry[2] }`;

function stampedCache(redisUrl: string): VariantCache {
  const { hostname: host, port, password } = new URL(redisUrl);
  const connect = (scaleReads: 'master' | 'slave') => {
    const cluster = new Cluster([{ host, port: Number(port) }], {
      scaleReads,
      redisOptions: { password, commandTimeout: 350 },
      maxRedirections: 4,
      slotsRefreshInterval: 1_500,
    });
    return cluster.on('error', () => {});
  };
  const [primary, replica] = [connect('master'), connect('slave')];
  const late = new Map<string, string>();
  const stampKey = (tag: string) => `stamp{${tag}}`;

  const tell = async (tag: string, stamp: string) => {
    await primary.set(stampKey(tag), stamp, 'EX', 86_400);
    if (late.get(tag) === stamp) late.delete(tag);
  };
  const again = setInterval(() => {
    for (const [tag, stamp] of late) tell(tag, stamp).catch(() => {});
  }, 400);
  again.unref();

  return {
    async getOrLoad<T>(key: string, tags: readonly string[], load: () => Promise<T>): Promise<T> {
      const [tag = ''] = tags;
      if (late.has(tag)) return await load();
      const place = `${key}{${tag}}`;
      let stamp: string | null;
      try {
        const copy = replica.hmget(place, 'stamp', 'value').catch(() => [null, null]);
        stamp = await primary.get(stampKey(tag));
        const [under, value] = await copy;
        if (stamp !== null && under === stamp && typeof value === 'string') return decode(value) as T;
        const fresh = randomBytes(9).toString('hex');
        const found = (await primary.eval(look, 2, place, stampKey(tag), fresh)) as [string, string | null];
        stamp = found[0];
        if (found[1] !== null) return decode(found[1]) as T;
      } catch {
        return await load();
      }
      const value = await load();
      const life = value === null ? 10_000 : 50_000 + Math.random() * 10_000;
      await primary
        .eval(store, 2, place, stampKey(tag), stamp, encode(value), Math.round(life))
        .catch(() => {});
      return value;
    },

    async invalidate(tags) {
      for (const tag of tags) late.set(tag, randomBytes(9).toString('hex'));
      await Promise.all(tags.map(async (tag) => await tell(tag, late.get(tag) ?? '').catch(() => {})));
    },

    async close() {
      clearInterval(again);
      primary.disconnect();
      replica.disconnect();
    },
  };
}

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  return storeOver(mysqlUrl, stampedCache(redisUrl));
}
