import { Redis } from 'ioredis';
import type { Form } from './form.ts';
import { generationKeys, generationsOf } from './generations.ts';
import { lifeOf } from './life.ts';

/** Where an answer is kept, and what it depends on. */
export interface Place<T> {
  key: string;
  form: Form<T>;
  /** When one of these is invalidated, the answer no longer counts. */
  tags: readonly string[];
}

export interface Cache {
  /** Cache-aside: look in Redis, load on a miss, store with an expiry, serve. */
  getOrLoad<T>(place: Place<T>, load: () => Promise<T>): Promise<T>;
  /**
   * From now on nothing counts that was loaded for these tags before, or is being loaded now. Never rejects: what Redis
   * does not take is owed to it, and until it is paid this process reads past the cache.
   */
  invalidate(tags: readonly string[]): Promise<void>;
  close(): void;
}

export function createCache(redisUrl: string): Cache {
  const redis = new Redis(redisUrl, {
    // A cache that answers late is worse than none: the read goes on to MySQL after this many ms.
    commandTimeout: 300,
    // While Redis is away, fail a command at the first lost connection instead of the twentieth.
    maxRetriesPerRequest: 1,
    // Look for it again at least every second, so that caching resumes soon after it is back.
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  // The cache being away is not an error of this program: reads go to MySQL meanwhile.
  redis.on('error', () => {});

  /** Generations whose removal Redis has not confirmed, each with the write that owes it. */
  const owed = new Map<string, symbol>();
  redis.on('ready', () => void payOwed().catch(() => {}));

  /** Rejects when Redis does not take it now. */
  async function payOwed(): Promise<void> {
    const sent = new Map(owed);
    const keys = [...sent.keys()];
    if (keys.length === 0) return;
    await redis.unlink(keys);
    // Owed until then: who reads meanwhile must not believe Redis. A later write may owe the same anew.
    for (const [key, write] of sent) if (owed.get(key) === write) owed.delete(key);
  }

  /** The generations by which entries count now. Rejects when Redis can't say, or has not heard of all that was written. */
  async function presentGenerations(tags: readonly string[]): Promise<string[]> {
    await payOwed();
    return await generationsOf(redis, tags);
  }

  return {
    async getOrLoad<T>({ key, form, tags }: Place<T>, load: () => Promise<T>): Promise<T> {
      // Before the load. What is invalidated while the query runs has another generation by then: this answer, old
      // already, is stored under a key that nobody reads any more.
      const generations = await presentGenerations(tags).catch(() => undefined);
      if (!generations) return await load();
      const current = `${key}@${generations.join()}`;
      const found = await form.read(redis, current).catch(() => undefined);
      if (found !== undefined) return found;
      // An error of the load goes to the caller, and nothing is stored.
      const value = await load();
      await form.write(redis, current, value, lifeOf(value)).catch(() => {});
      return value;
    },

    async invalidate(tags) {
      const write = Symbol();
      for (const key of generationKeys(tags)) owed.set(key, write);
      // What Redis does not take now stays owed.
      await payOwed().catch(() => {});
    },

    close() {
      redis.disconnect();
    },
  };
}
