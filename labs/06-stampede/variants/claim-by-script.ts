// Another right way: one script says in one round trip whether there is an answer, whether this caller may load it, or
// has to wait; who waits looks again every 100 ms. Values by V8's serializer, in a hash with the time of their end.
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { Redis } from 'ioredis';
import type { MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver, type VariantCache } from '../../shared/store-over.ts';

/** KEYS: entry, claim, tags. ARGV: me, the claim's life. Returns the tags' versions, the value, what is left, and whether I may load. */
const look = `
local versions = {}
for n = 3, #KEYS do versions[#versions + 1] = redis.call('GET', KEYS[n]) or '0' end
local version = table.concat(versions, ' ')
local entry = redis.call('HMGET', KEYS[1], 'version', 'value')
if entry[1] ~= version then entry[2] = false end
local left = redis.call('PTTL', KEYS[1])
local mine = 0
if not entry[2] or left < 12000 then
  if redis.call('SET', KEYS[2] .. version, ARGV[1], 'NX', 'PX', ARGV[2]) then mine = 1 end
end
return { version, entry[2], left, mine }`;

const store = `
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'value', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])`;

const letGo = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

type Found = [version: Buffer, value: Buffer | null, left: number, mine: number];

class ScriptedCache implements VariantCache {
  readonly #redis: Redis;
  readonly #flights = new Map<string, Promise<unknown>>();

  constructor(url: string) {
    this.#redis = new Redis(url, { protocol: 2, commandTimeout: 400, maxRetriesPerRequest: 0 });
    this.#redis.on('error', () => undefined);
  }

  async getOrLoad<T>(key: string, tags: readonly string[], load: () => Promise<T>): Promise<T> {
    const me = randomBytes(8).toString('hex');
    const found = await this.#look(key, tags, me).catch(() => undefined);
    if (!found) return await load();
    const [version, value, , mine] = found;
    const flight = `${key} ${String(version)}`;
    if (value) {
      if (mine) this.#load(key, me, version, load).catch(() => undefined);
      return (deserialize(value) as [T])[0];
    }
    return await this.#once(flight, async () => {
      if (mine) return await this.#load(key, me, version, load);
      for (let attempt = 0; attempt < 60; attempt++) {
        await setTimeout(100);
        const again = await this.#look(key, tags, me).catch(() => undefined);
        if (!again) break;
        if (again[1]) return (deserialize(again[1]) as [T])[0];
        if (again[3]) return await this.#load(key, me, again[0], load);
      }
      return await load();
    });
  }

  async invalidate(tags: readonly string[]): Promise<void> {
    const pipeline = this.#redis.multi();
    for (const tag of tags) pipeline.set(`v:tag:${tag}`, randomBytes(8).toString('hex'), 'EX', 86_400);
    await pipeline.exec().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  /** Callers of this process who want the same share it. */
  async #once<T>(flight: string, work: () => Promise<T>): Promise<T> {
    const running = this.#flights.get(flight) ?? work().finally(() => this.#flights.delete(flight));
    this.#flights.set(flight, running);
    return (await running) as T;
  }

  async #look(key: string, tags: readonly string[], me: string): Promise<Found> {
    const keys = [key, `${key}:claim:`, ...tags.map((tag) => `v:tag:${tag}`)];
    return (await this.#redis.callBuffer('EVAL', look, keys.length, ...keys, me, 4_000)) as Found;
  }

  async #load<T>(key: string, me: string, version: Buffer, load: () => Promise<T>): Promise<T> {
    try {
      const value = await load();
      await this.#redis
        .eval(store, 1, key, version, serialize([value]), value === null ? 10_000 : 60_000)
        .catch(() => undefined);
      return value;
    } finally {
      await this.#redis.eval(letGo, 1, `${key}:claim:${String(version)}`, me).catch(() => undefined);
    }
  }
}

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  return storeOver(mysqlUrl, new ScriptedCache(redisUrl));
}
