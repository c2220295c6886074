import { Redis } from 'ioredis';
import type { Form } from './form.ts';
import { lifeOf } from './life.ts';

export interface Cache {
  /** Cache-aside: look in Redis, load on a miss, store with an expiry, serve. */
  getOrLoad<T>(key: string, form: Form<T>, load: () => Promise<T>): Promise<T>;
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

  return {
    async getOrLoad<T>(key: string, form: Form<T>, load: () => Promise<T>): Promise<T> {
      const found = await form.read(redis, key).catch(() => undefined);
      if (found !== undefined) return found;
      // An error of the load goes to the caller, and nothing is stored.
      const value = await load();
      await form.write(redis, key, value, lifeOf(value)).catch(() => {});
      return value;
    },

    close() {
      redis.disconnect();
    },
  };
}
