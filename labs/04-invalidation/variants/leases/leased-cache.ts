import { randomUUID } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { Redis, type Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    look(entry: string, lease: string, token: string): Result<Buffer | null, Context>;
    lookBuffer(entry: string, lease: string, token: string): Result<Buffer | null, Context>;
    keep(entry: string, lease: string, token: string, bytes: Buffer, ms: number): Result<number, Context>;
  }
}

const scripts = {
  // A hit; or the lease goes to who asks now, and who had it may not store any more.
  look: {
    numberOfKeys: 2,
    lua: `local found = redis.call('GET', KEYS[1])
      if not found then redis.call('SET', KEYS[2], ARGV[1], 'PX', 60000) end
      return found`,
  },
  keep: {
    numberOfKeys: 2,
    lua: `if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
      redis.call('DEL', KEYS[2])
      redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
      return 1`,
  },
};

/** What is to be removed or renewed in Redis: a function that is tried until it succeeds. */
type Debt = () => Promise<unknown>;

/** Entries are deleted by name together with the lease of who is loading them; lists have a name that changes. */
export class LeasedCache {
  readonly #redis: Redis;
  #debts: Debt[] = [];

  constructor(url: string) {
    this.#redis = new Redis(url, {
      protocol: 2,
      commandTimeout: 500,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      retryStrategy: (attempt) => Math.min(50 * attempt, 500),
      scripts,
    });
    this.#redis.on('error', () => undefined);
  }

  async through<T>(name: string, load: () => Promise<T[]>): Promise<T[]> {
    const token = randomUUID();
    const keys = [`entry/${name}`, `lease/${name}`] as const;
    const looked = await this.#settled()
      .then(async () => ({ bytes: await this.#redis.lookBuffer(...keys, token) }))
      .catch(() => undefined);
    if (looked?.bytes) return deserialize(looked.bytes) as T[];
    const rows = await load();
    if (looked) {
      const ms = Math.round((rows.length > 0 ? 60_000 : 10_000) * (0.92 + 0.16 * Math.random()));
      await this.#redis.keep(...keys, token, serialize(rows), ms).catch(() => 0);
    }
    return rows;
  }

  /** A list of which there is one for each question: nobody can name all of them, so they share a part of their names. */
  async throughList<T>(name: string, load: () => Promise<T[]>): Promise<T[]> {
    const edition = await this.#settled()
      .then(async () => await this.#edition())
      .catch(() => undefined);
    return edition === undefined ? await load() : await this.through(`list/${edition}/${name}`, load);
  }

  async forget(names: readonly string[], lists: boolean): Promise<void> {
    const keys = names.flatMap((name) => [`entry/${name}`, `lease/${name}`]);
    this.#debts.push(async () => await this.#redis.del(keys));
    if (lists) this.#debts.push(async () => await this.#redis.set('edition', randomUUID(), 'EX', 7_200));
    await this.#settled().catch(() => undefined);
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #edition(): Promise<string> {
    const found = await this.#redis.get('edition');
    if (found !== null) return found;
    const made = randomUUID();
    return (await this.#redis.set('edition', made, 'EX', 7_200, 'NX', 'GET')) ?? made;
  }

  /** @throws while Redis does not take what it is owed */
  async #settled(): Promise<void> {
    const debts = this.#debts;
    if (debts.length === 0) return;
    this.#debts = [];
    const outcomes = await Promise.allSettled(debts.map(async (pay) => await pay()));
    const unpaid = debts.filter((_, index) => outcomes[index]?.status === 'rejected');
    this.#debts.push(...unpaid);
    if (unpaid.length > 0) throw new Error(`${unpaid.length} invalidations are owed`);
  }
}
