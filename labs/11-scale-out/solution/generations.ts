import { randomUUID } from 'node:crypto';
import type { Cluster } from 'ioredis';

/** Far beyond the life of any entry. A generation that is gone makes its entries misses, and nothing else. */
const generationSeconds = 86_400;

/** Where the generation of each tag is kept: a random text that stands for the tag's present state. */
export function generationKeys(tags: readonly string[]): string[] {
  return tags.map((tag) => `articles:{${tag}}:generation`);
}

/** The generations as of now; those that are missing are made. Rejects when Redis can't say. */
export async function generationsOf(primaries: Cluster, tags: readonly string[]): Promise<string[]> {
  // Each tag is in a slot of its own, so each is asked for by a command of its own. They leave at the same time.
  return await Promise.all(generationKeys(tags).map(async (key) => await generationOf(primaries, key)));
}

async function generationOf(primaries: Cluster, key: string): Promise<string> {
  const found = await primaries.get(key);
  if (found !== null) return found;
  // One key, so one slot: a transaction is allowed. NX: of two who make the same one, both get that of the first.
  const replies = await primaries
    .multi()
    .set(key, randomUUID(), 'EX', generationSeconds, 'NX')
    .get(key)
    .exec();
  const made = replies?.at(-1)?.[1];
  // "None" is no generation: it would be the same one after an invalidation.
  if (typeof made !== 'string') throw new Error('Redis took no new generation');
  return made;
}
