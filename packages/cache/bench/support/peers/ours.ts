import type { CacheOptions } from '../../../src/index.ts';
import { cacheClientOptions, createCache } from '../../../src/index.ts';
import { Cluster } from 'ioredis';
import { passwordOf } from '../place.ts';
import type { OpenPeer } from './peer.ts';
import { PEER_TTL_MS } from './peer.ts';

/** This library with its defaults. */
export const openOurs: OpenPeer = async ({ url, nodes }, prefix, { withMemory = false } = {}) => {
  const redis: CacheOptions['redis'] =
    nodes === undefined
      ? url
      : new Cluster([...nodes], { redisOptions: { ...cacheClientOptions, password: passwordOf(url) } });
  if (typeof redis !== 'string') redis.on('error', () => {});
  const cache = createCache({ redis, prefix, ...(withMemory && { near: { maxEntries: 1_000 } }) });
  const options = { ttlMs: PEER_TTL_MS };
  return {
    getOrLoad: (key, load) => cache.getOrLoad(key, load, options),
    invalidate: (key) => cache.invalidate(key),
    clear: () => cache.clear(),
    close: async () => {
      await cache.close();
      if (typeof redis !== 'string') redis.disconnect();
    },
  };
};
