import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Far beyond the life of any entry. A generation that is gone makes its entries misses, and nothing else. */
const generationSeconds = 86_400;

export const generationPrefix = 'articles:generation:';

/** Where the generation of each tag is kept: a random text that stands for the tag's present state. */
export function generationKeys(tags: readonly string[]): string[] {
  return tags.map((tag) => `${generationPrefix}${tag}`);
}

/** The generations as of now; those that are missing are made. Rejects when Redis can't say. */
export async function generationsOf(redis: Redis, tags: readonly string[]): Promise<string[]> {
  const keys = generationKeys(tags);
  const found = await redis.mget(keys);
  if (found.every((generation) => generation !== null)) return found;
  const transaction = redis.multi();
  // NX: of two who make the same one, both get that of the first.
  for (const key of keys) transaction.set(key, randomUUID(), 'EX', generationSeconds, 'NX');
  const replies = await transaction.mget(keys).exec();
  const made = replies?.at(-1)?.[1] as (string | null)[];
  // "None" is no generation: it would be the same one after an invalidation.
  if (!made.every((generation) => generation !== null)) throw new Error('Redis took no new generation');
  return made;
}
