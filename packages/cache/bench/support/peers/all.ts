import { openAsyncCacheDedupe } from './async-cache-dedupe.ts';
import { openBentocache } from './bentocache.ts';
import { openCacheManager } from './cache-manager.ts';
import { openCacheable } from './cacheable.ts';
import { openCachified } from './cachified.ts';
import type { OpenPeer } from './peer.ts';

/** The libraries this one is measured against, by the name of their package. */
export const PEERS = {
  bentocache: openBentocache,
  'async-cache-dedupe': openAsyncCacheDedupe,
  cachified: openCachified,
  cacheable: openCacheable,
  'cache-manager': openCacheManager,
} as const satisfies Record<string, OpenPeer>;
