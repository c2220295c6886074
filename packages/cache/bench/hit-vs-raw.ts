import { contest, ratio, ratiosLine } from './support/contest.ts';
import type { Figure } from './support/figure.ts';
import { withHits } from './support/hits.ts';
import { openOurs } from './support/peers/ours.ts';

/** Hits of 1 KB over 1,000 keys by 64 callers, over `JSON.parse(await redis.get(key))` by an auto-pipelined ioredis. */
export default {
  id: 'hit-vs-raw',
  title: 'Hits per second, over GETs by hand',
  target: { atLeast: 0.95 },
  measure: ({ redisUrl, log }) =>
    withHits(redisUrl, { ours: openOurs }, async (contestants) => {
      const rates = await contest(contestants, { callers: 64, rounds: 101, slice: { ms: 25 } });
      log(`raw auto-pipelined = 1.00: ${ratiosLine(rates, 'raw auto-pipelined')}`);
      return ratio(rates, 'ours', 'raw auto-pipelined');
    }),
} satisfies Figure;
