// Another right way: classes; an entry is a hash with the time until which it is fresh, and a script looks at it together
// with the versions of its tags. RESP2. One circuit for both stores, told apart by name; the line is a chain of promises.
import { randomBytes } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { Redis } from 'ioredis';
import type { MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver, type VariantCache } from '../../shared/store-over.ts';
import { createMysql } from '../solution/mysql.ts';
import { createWrites } from '../solution/writes.ts';

/** KEYS: entry, tags. Returns the tags' versions, the value, what is left of the entry. */
const look = `
local versions = {}
for n = 2, #KEYS do
  redis.call('SET', KEYS[n], ARGV[1], 'NX', 'EX', 86400)
  versions[#versions + 1] = redis.call('GET', KEYS[n])
end
local version = table.concat(versions, ' ')
local entry = redis.call('HMGET', KEYS[1], 'version', 'value')
if entry[1] ~= version then entry[2] = false end
return { version, entry[2], redis.call('PTTL', KEYS[1]) }`;

const store = `
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'value', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])`;

const spareMs = 600_000;

/** Closed until four failures in a row, then open for a second, then one may try. */
class Circuit {
  #inARow = 0;
  #retryAt = 0;

  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inARow >= 4) {
      if (Date.now() < this.#retryAt) throw new Error('open');
      this.#retryAt = Date.now() + 1_000;
    }
    try {
      const value = await work();
      this.#inARow = 0;
      return value;
    } catch (error) {
      this.#inARow++;
      this.#retryAt = Date.now() + 1_000;
      throw error;
    }
  }
}

class ScriptedCache implements VariantCache {
  readonly #redis: Redis;
  readonly #circuit = new Circuit();
  readonly #loads = new Map<string, Promise<unknown>>();
  readonly #owed = new Set<string>();

  constructor(url: string) {
    this.#redis = new Redis(url, { protocol: 2, commandTimeout: 250, maxRetriesPerRequest: 0 });
    this.#redis.on('error', () => undefined);
    this.#redis.on('ready', () => void this.#pay().catch(() => undefined));
  }

  async getOrLoad<T>(key: string, tags: readonly string[], load: () => Promise<T>): Promise<T> {
    const found = await this.#circuit.through(async () => await this.#look(key, tags)).catch(() => undefined);
    if (!found) return await load();
    const [version, bytes, left] = found;
    const value = bytes ? (deserialize(bytes) as [T]) : undefined;
    if (value && left > spareMs) return value[0];
    try {
      return await this.#share(`${key} ${String(version)}`, async () => {
        const loaded = await load();
        const life = spareMs + (loaded === null ? 10_000 : 58_000);
        await this.#circuit
          .through(async () => await this.#redis.eval(store, 1, key, version, serialize([loaded]), life))
          .catch(() => undefined);
        return loaded;
      });
    } catch (error) {
      if (value) return value[0];
      throw error;
    }
  }

  async invalidate(tags: readonly string[]): Promise<void> {
    for (const tag of tags) this.#owed.add(`v:tag:${tag}`);
    await this.#pay().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  async #pay(): Promise<void> {
    const keys = [...this.#owed];
    if (keys.length > 0) await this.#redis.del(keys);
    for (const key of keys) this.#owed.delete(key);
  }

  async #look(key: string, tags: readonly string[]): Promise<[Buffer, Buffer | null, number]> {
    await this.#pay();
    const keys = [key, ...tags.map((tag) => `v:tag:${tag}`)];
    const id = randomBytes(9).toString('base64');
    return (await this.#redis.callBuffer('EVAL', look, keys.length, ...keys, id)) as [
      Buffer,
      Buffer | null,
      number,
    ];
  }

  async #share<T>(name: string, load: () => Promise<T>): Promise<T> {
    const running = this.#loads.get(name) ?? load().finally(() => this.#loads.delete(name));
    this.#loads.set(name, running);
    return (await running) as T;
  }
}

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  const cache = new ScriptedCache(redisUrl);
  const mysql = createMysql(mysqlUrl);
  return storeOver(mysqlUrl, cache, {
    query: async (sql, values) => await mysql.query(sql, values),
    writes: createWrites(mysql.lend, cache),
    close: async () => await mysql.close(),
  });
}
