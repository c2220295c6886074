import type { Redis } from 'ioredis';
import { decode, encode } from './codec.ts';

/** How an answer stands in Redis. */
export interface Form<T> {
  /** Undefined: not in Redis. Rejects when Redis can't say. */
  read(redis: Redis, key: string): Promise<T | undefined>;
  /** Stores it together with its expiry, in one go. */
  write(redis: Redis, key: string, value: T, lifeMs: number): Promise<unknown>;
}

/** As one text: a whole result set, or whatever else JSON can hold. */
export function asText<T>(): Form<T> {
  return {
    async read(redis, key) {
      const text = await redis.get(key);
      return text === null ? undefined : (decode(text) as T);
    },

    async write(redis, key, value, lifeMs) {
      // Value and expiry in one command: between two, the process may end, and the value would stay for good.
      return await redis.set(key, encode(value), 'PX', lifeMs);
    },
  };
}
