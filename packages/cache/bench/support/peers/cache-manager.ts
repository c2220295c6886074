import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { closeKeyvStore, openKeyvStore } from './keyv-store.ts';
import type { OpenPeer } from './peer.ts';
import { PEER_TTL_MS } from './peer.ts';

export const openCacheManager: OpenPeer = async (place, prefix, { withMemory = false } = {}) => {
  const keyv = await openKeyvStore(place, prefix);
  const cache = createCache({ stores: withMemory ? [new Keyv(), keyv] : [keyv], ttl: PEER_TTL_MS });
  return {
    getOrLoad: (key, load) => cache.wrap(key, load),
    invalidate: (key) => cache.del(key),
    clear: () => cache.clear(),
    close: () => closeKeyvStore(keyv),
  };
};
