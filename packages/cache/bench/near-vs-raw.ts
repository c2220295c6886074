import { createCache } from '../src/index.ts';
import { contest, ratio, ratiosLine } from './support/contest.ts';
import type { Figure } from './support/figure.ts';
import { withHits } from './support/hits.ts';
import type { OpenPeer } from './support/peers/peer.ts';
import { PEER_TTL_MS } from './support/peers/peer.ts';

/** Hits of 1 KB over 1,000 keys by 64 callers, all of them in the near cache, over GETs by hand. */
export default {
  id: 'near-vs-raw',
  title: 'Near-cache hits per second, over GETs by hand',
  target: { atLeast: 20 },
  async measure({ redisUrl, log }) {
    let notNear = Number.NaN;
    const openNear: OpenPeer = async ({ url }, prefix) => {
      const cache = createCache({ redis: url, prefix, near: { maxEntries: 2_000 } });
      return {
        getOrLoad: (key, load) => cache.getOrLoad(key, load, { ttlMs: PEER_TTL_MS }),
        invalidate: (key) => cache.invalidate(key),
        close: () => {
          const { hits, nearHits } = cache.stats();
          notNear = (hits - nearHits) / hits;
          return cache.close();
        },
      };
    };
    const times = await withHits(redisUrl, { near: openNear }, async (contestants) => {
      const rates = await contest(contestants, { callers: 64, rounds: 75, slice: { ms: 25 } });
      log(`raw = 1.00: ${ratiosLine(rates, 'raw')}`);
      return ratio(rates, 'near', 'raw');
    });
    // The near cache goes off for a moment when this process keeps its own heartbeat from being read; what that costs is part of the figure.
    log(`${(notNear * 100).toFixed(2)} % of the hits, the first of each key among them, came from Redis`);
    return times;
  },
} satisfies Figure;
