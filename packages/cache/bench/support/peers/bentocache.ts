import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisDriver } from 'bentocache/drivers/redis';
import { connectTo } from '../place.ts';
import type { OpenPeer } from './peer.ts';
import { PEER_TTL_MS } from './peer.ts';

/** A store with its Redis driver, whose errors are not to reach the reader (with a memory layer that is its default). */
export const openBentocache: OpenPeer = async (place, prefix, { withMemory = false } = {}) => {
  const connection = connectTo(place, { autoPipelined: true });
  const store = bentostore().useL2Layer(redisDriver({ connection }));
  if (withMemory) store.useL1Layer(memoryDriver({ maxItems: 1_000 }));
  const cache = new BentoCache({
    default: 'redis',
    prefix,
    ttl: PEER_TTL_MS,
    suppressL2Errors: true,
    stores: { redis: store },
  });
  return {
    getOrLoad: (key, load) => cache.getOrSet({ key, factory: load }),
    invalidate: (key) => cache.delete({ key }),
    clear: () => cache.clear(),
    close: async () => connection.disconnect(),
  };
};
