// Another right way: one connection does the reading and is tracked for what it reads, without BCAST; its messages go to a
// second one. Entries carry the stamps of their tags; copies are known by the keys that they were made of.
import { randomUUID } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { Redis } from 'ioredis';
import type { MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver, type VariantCache } from '../../shared/store-over.ts';

const mostCopies = 400;
const mostMs = 5_000;
const dayMs = 86_400_000;

interface Entry {
  stamps: string[];
  value: unknown;
}

/** What has been read of some keys, until one of them changes. */
class Copies {
  readonly #copies = new Map<string, { keys: readonly string[]; bytes: Buffer; until: number }>();
  readonly #byKey = new Map<string, Set<string>>();
  /** One number for all keys: which of them changed during a read is not worth knowing. */
  changes = 0;

  get(name: string): Buffer | undefined {
    const copy = this.#copies.get(name);
    if (copy && copy.until > performance.now()) return copy.bytes;
    this.#remove(name);
    return undefined;
  }

  set(name: string, keys: readonly string[], bytes: Buffer, lifeMs: number): void {
    this.#remove(name);
    this.#copies.set(name, { keys, bytes, until: performance.now() + Math.min(lifeMs, mostMs) });
    for (const key of keys) {
      const names = this.#byKey.get(key) ?? new Set();
      this.#byKey.set(key, names.add(name));
    }
    const [oldest] = this.#copies.keys();
    if (this.#copies.size > mostCopies && oldest !== undefined) this.#remove(oldest);
  }

  changed(key: string): void {
    this.changes++;
    for (const name of this.#byKey.get(key) ?? []) this.#remove(name);
  }

  clear(): void {
    this.changes++;
    this.#copies.clear();
    this.#byKey.clear();
  }

  #remove(name: string): void {
    const copy = this.#copies.get(name);
    this.#copies.delete(name);
    for (const key of copy?.keys ?? []) {
      const names = this.#byKey.get(key);
      names?.delete(name);
      if (names?.size === 0) this.#byKey.delete(key);
    }
  }
}

class TrackedCache implements VariantCache {
  readonly #copies = new Copies();
  readonly #owed = new Set<string>();
  readonly #reading: Redis;
  readonly #listening: Redis;
  #listener = '';
  /** Both are there, and tracking is on. */
  #told = false;

  constructor(url: string) {
    const options = { protocol: 2, maxRetriesPerRequest: 0, autoResubscribe: false } as const;
    this.#reading = new Redis(url, { ...options, commandTimeout: 400 });
    this.#listening = new Redis(url, options);
    for (const client of [this.#reading, this.#listening]) {
      client.on('error', () => undefined);
      client.on('close', () => this.#deaf());
      client.on('ready', () => {
        this.#listen().catch(() => this.#deaf());
      });
    }
    this.#listening.on('messageBuffer', (_channel: Buffer, keys: unknown) => {
      if (!Array.isArray(keys)) this.#copies.clear();
      else for (const key of keys) this.#copies.changed(String(key));
    });
  }

  async getOrLoad<T>(key: string, tags: readonly string[], load: () => Promise<T>): Promise<T> {
    const copy = this.#copies.get(key);
    if (copy) return (deserialize(copy) as Entry).value as T;
    const mark = this.#copies.changes;
    const stampKeys = tags.map((tag) => `v:stamp:${tag}`);
    const found = await this.#find(key, stampKeys).catch(() => undefined);
    if (!found) return await load();
    if (found.bytes) {
      const entry = deserialize(found.bytes) as Entry;
      if (entry.stamps.join() === found.stamps.join()) {
        if (this.#told && mark === this.#copies.changes && found.leftMs > 0)
          this.#copies.set(key, [key, ...stampKeys], found.bytes, found.leftMs);
        return entry.value as T;
      }
    }
    const value = await load();
    const life = Math.round((value === null ? 10_000 : 60_000) * (0.9 + Math.random() / 5));
    const entry: Entry = { stamps: found.stamps, value };
    await this.#reading.set(key, serialize(entry), 'PX', life).catch(() => undefined);
    return value;
  }

  async invalidate(tags: readonly string[]): Promise<void> {
    const keys = tags.map((tag) => `v:stamp:${tag}`);
    for (const key of keys) this.#owed.add(key);
    await this.#pay().catch(() => undefined);
    for (const key of keys) this.#copies.changed(key);
  }

  async close(): Promise<void> {
    this.#reading.disconnect();
    this.#listening.disconnect();
  }

  #deaf(): void {
    this.#told = false;
    this.#copies.clear();
  }

  /** Once both connections are there, and again whenever one of them is new. */
  async #listen(): Promise<void> {
    if (this.#reading.status !== 'ready' || this.#listening.status !== 'ready') return;
    this.#deaf();
    if (this.#listening.mode !== 'subscriber') {
      this.#listener = String(await this.#listening.call('CLIENT', 'ID'));
      await this.#listening.subscribe('__redis__:invalidate');
    }
    await this.#reading.call('CLIENT', 'TRACKING', 'OFF');
    await this.#reading.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', this.#listener);
    this.#copies.clear();
    this.#told = true;
  }

  async #find(
    key: string,
    stampKeys: readonly string[],
  ): Promise<{ bytes: Buffer | null; leftMs: number; stamps: string[] }> {
    await this.#pay();
    const look = async () =>
      await Promise.all([this.#reading.mgetBuffer(key, ...stampKeys), this.#reading.pttl(key)]);
    let [[bytes = null, ...stamps], leftMs] = await look();
    if (stamps.includes(null)) {
      await Promise.all(
        stampKeys.map(async (name) => await this.#reading.set(name, randomUUID(), 'PX', dayMs, 'NX')),
      );
      [[bytes = null, ...stamps], leftMs] = await look();
    }
    return { bytes, leftMs, stamps: stamps.map(String) };
  }

  /** Sends what Redis has not confirmed. */
  async #pay(): Promise<void> {
    const keys = [...this.#owed];
    if (keys.length === 0) return;
    await this.#reading.unlink(keys);
    for (const key of keys) this.#owed.delete(key);
  }
}

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  return storeOver(mysqlUrl, new TrackedCache(redisUrl));
}
