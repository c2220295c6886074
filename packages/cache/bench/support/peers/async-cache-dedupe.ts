import { createCache } from 'async-cache-dedupe';
import type { Redis } from 'ioredis';
import { connectTo } from '../place.ts';
import type { OpenPeer } from './peer.ts';
import { PEER_TTL_MS } from './peer.ts';

interface Call {
  readonly key: string;
  readonly load: () => Promise<unknown>;
}

/** Its Redis storage. A function is defined once and for all there, so the load of each call comes as an argument. */
export const openAsyncCacheDedupe: OpenPeer = async (place, prefix) => {
  // Typed for one server only, but nothing in its storage needs that.
  const client = connectTo(place, { autoPipelined: true }) as Redis;
  const cache = createCache({ ttl: PEER_TTL_MS / 1_000, storage: { type: 'redis', options: { client } } });
  const defined = cache.define(
    prefix,
    { serialize: ({ key }: Call) => key },
    ({ load }: Call): Promise<unknown> => load(),
  );
  const read = defined[prefix] as (call: Call) => Promise<unknown>;
  return {
    getOrLoad: (key, load) => read({ key, load }),
    invalidate: (key) => cache.clear(prefix, { key }),
    clear: () => cache.clear(),
    close: async () => client.disconnect(),
  };
};
