// Another right way: the library of this repository, with its near cache. It finds a silent connection by a PING a second.
import { createCache } from '@workshop/cache';
import type { MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver } from '../../shared/store-over.ts';

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  const cache = createCache({
    redis: redisUrl,
    prefix: 'v',
    timeoutMs: 400,
    near: { maxEntries: 500, ttlMs: 10_000, heartbeatMs: 1_000 },
  });
  return storeOver(mysqlUrl, {
    getOrLoad: async (key, tags, load) =>
      await cache.getOrLoad(key, load, { ttlMs: 60_000, absentTtlMs: 10_000, tags }),
    invalidate: async (tags) => void (await cache.invalidateTags(tags)),
    close: async () => await cache.close(),
  });
}
