// Another right way: one client, which reads from replicas; what has to be new is read by a script, which a client sends
// to the primary, since it might write. Every entry holds the versions it was loaded under: its key never changes, and an
// entry of before is recognised wherever it is found.
import { randomUUID } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { Cluster } from 'ioredis';
import type { MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver, type VariantCache } from '../../shared/store-over.ts';

interface Entry {
  versions: string;
  value: unknown;
}

class VersionedCache implements VariantCache {
  readonly #cluster: Cluster;
  readonly #loads = new Map<string, Promise<unknown>>();
  readonly #unsaid = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(redisUrl: string) {
    const { hostname: host, port, password } = new URL(redisUrl);
    this.#cluster = new Cluster([{ host, port: Number(port) }], {
      redisOptions: { password, commandTimeout: 400 },
      maxRedirections: 3,
      slotsRefreshInterval: 700,
      scaleReads: 'slave',
    });
    this.#cluster.on('error', () => undefined);
    this.#timer = setInterval(() => void this.#say([...this.#unsaid]), 300).unref();
  }

  async getOrLoad<T>(key: string, tags: readonly string[], load: () => Promise<T>): Promise<T> {
    if (tags.some((tag) => this.#unsaid.has(tag))) return await load();
    const versions = await this.#versions(tags).catch(() => undefined);
    if (versions === undefined) return await load();
    const fromReplica = await this.#cluster.getBuffer(key).catch(() => null);
    const copy = this.#open(fromReplica, versions);
    if (copy) return copy.value as T;
    const flight = `${key} ${versions}`;
    const underWay = this.#loads.get(flight) ?? this.#load(key, versions, load);
    this.#loads.set(flight, underWay);
    try {
      return (await underWay) as T;
    } finally {
      this.#loads.delete(flight);
    }
  }

  async invalidate(tags: readonly string[]): Promise<void> {
    for (const tag of tags) this.#unsaid.add(tag);
    await this.#say(tags);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#cluster.disconnect();
  }

  async #load<T>(key: string, versions: string, load: () => Promise<T>): Promise<T> {
    const there = this.#open(await this.#fromPrimary(key).catch(() => null), versions);
    if (there) return there.value as T;
    const value = await load();
    const entry: Entry = { versions, value };
    await this.#cluster.set(key, serialize(entry), 'PX', value === null ? 10_000 : 55_000).catch(() => null);
    return value;
  }

  async #fromPrimary(key: string): Promise<Buffer | null> {
    const script = "return redis.call('GET', KEYS[1])";
    return (await this.#cluster.callBuffer('EVAL', script, 1, key)) as Buffer | null;
  }

  #open(bytes: Buffer | null, versions: string): Entry | undefined {
    if (!bytes) return undefined;
    const entry = deserialize(bytes) as Entry;
    return entry.versions === versions ? entry : undefined;
  }

  async #versions(tags: readonly string[]): Promise<string> {
    const found = tags.map(async (tag) => {
      const key = `v:version:${tag}`;
      const version = await this.#fromPrimary(key);
      if (version !== null) return String(version);
      await this.#cluster.set(key, randomUUID(), 'EX', 86_400, 'NX');
      const made = await this.#fromPrimary(key);
      if (made === null) throw new Error('no version');
      return String(made);
    });
    return (await Promise.all(found)).join(' ');
  }

  /** A new version, until Redis has taken it. */
  async #say(tags: readonly string[]): Promise<void> {
    const said = tags.map(async (tag) => {
      await this.#cluster.set(`v:version:${tag}`, randomUUID(), 'EX', 86_400);
      this.#unsaid.delete(tag);
    });
    await Promise.allSettled(said);
  }
}

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  return storeOver(mysqlUrl, new VersionedCache(redisUrl));
}
