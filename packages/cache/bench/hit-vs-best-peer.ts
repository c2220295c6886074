import { contest, ratio, ratiosLine } from './support/contest.ts';
import type { Figure } from './support/figure.ts';
import { withHits } from './support/hits.ts';
import { PEERS } from './support/peers/all.ts';
import { openOurs } from './support/peers/ours.ts';

/**
 * Hits of 1 KB over 1,000 keys by 64 callers in one process, from Redis alone: this library against the fastest of its
 * peers. Their ioredis is auto-pipelined, which made each of those that use it faster when both ways were measured.
 */
export default {
  id: 'hit-vs-best-peer',
  title: 'Hits per second, over those of the fastest peer',
  target: { atLeast: 1.8 },
  measure: ({ redisUrl, log }) =>
    withHits(redisUrl, { ours: openOurs, ...PEERS }, async (contestants) => {
      const rates = await contest(contestants, { callers: 64, rounds: 41, slice: { ms: 25 } });
      log(`raw = 1.00: ${ratiosLine(rates, 'raw')}`);
      return Math.min(...Object.keys(PEERS).map((peer) => ratio(rates, 'ours', peer)));
    }),
} satisfies Figure;
