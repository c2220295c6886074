import { testKeyPrefix } from '@workshop/engines/test-space';
import { createCache } from '../src/index.ts';
import { article } from './support/articles.ts';
import type { Contestant } from './support/contest.ts';
import { contest, ratio } from './support/contest.ts';
import type { Figure } from './support/figure.ts';
import { connectTo } from './support/place.ts';

const BYTES = 180_000;
/** Several, so that callers do not all ask for the same one, which a cache may fetch for all of them at once. */
const KEYS = 100;
const TTL_MS = 600_000;

/** Hits of 180 KB that are handed on as bytes, by 64 callers, over `getBuffer` of the same JSON. */
export default {
  id: 'bytes-vs-raw',
  title: 'Raw-bytes hits of 180 KB per second, over getBuffer',
  target: { atLeast: 0.9 },
  async measure({ redisUrl, log }) {
    const prefix = testKeyPrefix();
    const redis = connectTo({ url: redisUrl });
    const cache = createCache({ redis: redisUrl, prefix: `${prefix}ours` });
    try {
      const value = article(1, BYTES);
      const text = JSON.stringify(value);
      const options = { ttlMs: TTL_MS };
      for (let id = 0; id < KEYS; id += 1) {
        await redis.set(`${prefix}raw:${id}`, text, 'PX', TTL_MS);
        await cache.getOrLoadJson(`${id}`, () => value, options);
      }
      const hit = await cache.getOrLoadJson('0', () => 'not a hit', options);
      if (hit.toString() !== text) throw new Error('The bytes of a hit are not the JSON of the value.');
      const contestants: Contestant[] = [
        { name: 'raw', read: (turn) => redis.getBuffer(`${prefix}raw:${turn % KEYS}`) },
        { name: 'ours', read: (turn) => cache.getOrLoadJson(`${turn % KEYS}`, () => value, options) },
      ];
      let times = Number.NaN;
      for (const callers of [1, 8, 64]) {
        const rates = await contest(contestants, { callers, rounds: 81, slice: { reads: 2 * callers } });
        times = ratio(rates, 'ours', 'raw');
        log(`with ${callers} caller${callers === 1 ? '' : 's'} ${times.toFixed(2)}`);
      }
      return times;
    } finally {
      await redis.unlink(...Array.from({ length: KEYS }, (_, id) => `${prefix}raw:${id}`));
      redis.disconnect();
      await cache.clear();
      await cache.close();
    }
  },
} satisfies Figure;
