import type { Cache, CacheEntry } from '@epic-web/cachified';
import { cachified, totalTtl } from '@epic-web/cachified';
import { connectTo } from '../place.ts';
import type { OpenPeer } from './peer.ts';
import { PEER_TTL_MS } from './peer.ts';

/** It brings no driver and asks for get, set and delete; these are the shortest that keep an entry in Redis as JSON. */
export const openCachified: OpenPeer = async (place, prefix) => {
  const redis = connectTo(place, { autoPipelined: true });
  const nameOf = (key: string) => `${prefix}:${key}`;
  const cache: Cache = {
    async get(key) {
      const text = await redis.get(nameOf(key));
      return text === null ? null : (JSON.parse(text) as CacheEntry);
    },
    set: (key, entry) =>
      redis.set(nameOf(key), JSON.stringify(entry), 'PX', Math.min(totalTtl(entry.metadata), PEER_TTL_MS)),
    delete: (key) => redis.del(nameOf(key)),
  };
  return {
    getOrLoad: (key, load) => cachified({ key, cache, ttl: PEER_TTL_MS, getFreshValue: load }),
    invalidate: async (key) => cache.delete(key),
    close: async () => redis.disconnect(),
  };
};
