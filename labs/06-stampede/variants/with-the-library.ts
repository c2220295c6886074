// Another right way: the library of this repository. Its leases are the locks; what is stale for a while is served at
// once and loaded again behind the reader's back.
import { createCache } from '@workshop/cache';
import type { MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver } from '../../shared/store-over.ts';

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  const cache = createCache({ redis: redisUrl, prefix: 'v', timeoutMs: 400 });
  return storeOver(mysqlUrl, {
    getOrLoad: async (key, tags, load) =>
      await cache.getOrLoad(key, load, { ttlMs: 48_000, staleWhileRevalidateMs: 12_000, tags }),
    invalidate: async (tags) => void (await cache.invalidateTags(tags)),
    close: async () => await cache.close(),
  });
}
