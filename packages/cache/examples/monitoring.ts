import { createCache, quantile } from '@workshop/cache';

export async function example({ redis, prefix }: { redis: string; prefix: string }) {
  const cache = createCache({ redis, prefix });
  const log: string[] = [];
  cache.events.on('read', ({ outcome, reason }) => log.push(`${outcome}: ${reason}`));
  cache.events.on('load', ({ key, ms }) => {
    if (ms > 1_000) console.warn(`${key} took ${ms} ms to load`);
  });

  const title = () => cache.getOrLoad('title', () => 'The Po delta', { ttlMs: 60_000 });
  await title();
  await title();
  await cache.invalidate('title');
  await title();

  const { hits, misses, loads, latency } = cache.stats();
  const p99 = quantile(latency.redis, 0.99); // in milliseconds; undefined when there was no round trip
  await cache.close();
  return { log, hits, misses, loads, isMeasured: p99 !== undefined };
}
