import { cacheKey, createCache } from '@workshop/cache';
import type { CacheOptions } from '@workshop/cache';

export async function example(options: CacheOptions, findRows: (term: string) => Promise<string[]>) {
  const cache = createCache(options); // { redis: 'redis://127.0.0.1:6379', prefix: 'articles' }
  const search = (term: string) =>
    cache.getOrLoad(cacheKey(['search', term]), () => findRows(term), {
      ttlMs: 60_000,
      staleIfErrorMs: 3_600_000, // an old answer is better than none, for an hour
      tags: ['articles'],
    });

  await search('delta'); // a miss: found in MySQL, and kept in Redis for a minute
  await search('delta'); // a hit: MySQL is not asked
  await cache.invalidateTags(['articles']); // once a change of any article is committed
  await search('delta'); // a miss again

  const { hits, misses, loads } = cache.stats();
  await cache.close();
  return { hits, misses, loads };
}
