import { contest, median, ratio } from './support/contest.ts';
import type { Figure } from './support/figure.ts';
import { withHits } from './support/hits.ts';
import { openOurs } from './support/peers/ours.ts';

/** The time of a hit when nothing else is read at the moment, over that of `JSON.parse(await redis.get(key))`. */
export default {
  id: 'lone-vs-raw',
  title: 'Time of a lone hit, over that of a GET by hand',
  target: { atMost: 1.05 },
  measure: ({ redisUrl, log }) =>
    withHits(redisUrl, { ours: openOurs }, async (contestants) => {
      // Short turns and many of them: one read is mostly waiting, which whatever else the machine does disturbs most.
      const twoOfThem = contestants.filter(({ name }) => name !== 'raw auto-pipelined');
      const rates = await contest(twoOfThem, { callers: 1, rounds: 2_001, slice: { reads: 20 } });
      const microseconds = (name: string) => (1e6 / median(rates.get(name)!)).toFixed(1);
      log(`a hit takes ${microseconds('ours')} microseconds, a GET by hand ${microseconds('raw')}`);
      return ratio(rates, 'raw', 'ours');
    }),
} satisfies Figure;
