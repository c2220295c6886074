import { createCache } from '@workshop/cache';

export async function example({ prefix }: { prefix: string }) {
  const cache = createCache({
    redis: 'redis://127.0.0.1:1', // nobody listens there
    prefix,
    timeoutMs: 250, // what one read waits for Redis, all its commands together
    breaker: { faults: 5, openMs: 1_000 }, // after 5 time-outs in a row, nobody waits for a second
    loads: { maxConcurrent: 64 }, // what the database gets at once, whatever happens
  });

  const title = () => cache.getOrLoadWithOutcome('title', () => 'from MySQL', { ttlMs: 60_000 });
  const { value, outcome } = await title();
  const invalidated = await cache.invalidate('title'); // false: Redis has not heard of it yet
  const { bypasses, owedInvalidations } = cache.stats();

  await cache.close();
  return { value, outcome, invalidated, bypasses, owedInvalidations };
}
