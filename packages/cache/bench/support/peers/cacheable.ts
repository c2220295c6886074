import { Cacheable } from 'cacheable';
import { closeKeyvStore, openKeyvStore } from './keyv-store.ts';
import type { OpenPeer } from './peer.ts';
import { PEER_TTL_MS } from './peer.ts';

/** Redis as its one store, or as the second after its memory. Told to pass on what a load throws: by default it gives undefined. */
export const openCacheable: OpenPeer = async (place, prefix, { withMemory = false } = {}) => {
  const keyv = await openKeyvStore(place, prefix);
  const stores = withMemory ? { secondary: keyv } : { primary: keyv };
  const cache = new Cacheable({ ...stores, ttl: PEER_TTL_MS });
  cache.on('error', () => {});
  return {
    getOrLoad: (key, load) => cache.getOrSet(key, load, { throwErrors: 'function' }),
    invalidate: (key) => cache.delete(key),
    clear: () => cache.clear(),
    close: () => closeKeyvStore(keyv),
  };
};
