import { testKeyPrefix } from '@workshop/engines/test-space';
import type { Cache } from '../src/index.ts';
import { createCache } from '../src/index.ts';
import { median } from './support/contest.ts';
import type { Figure } from './support/figure.ts';

const FEW = 10;
const MANY = 100_000;
/** Each round takes the next of them, and all entries have them all. */
const TAGS = 9;
const ROUNDS = 99;
const CHUNK = 1_000;
const TTL_MS = 600_000;

const tagsOf = (group: string): string[] => Array.from({ length: TAGS }, (_, tag) => `${group}${tag}`);

/** The time of invalidating a tag of 100,000 entries, over that of one of 10. */
export default {
  id: 'tags-growth',
  title: 'Time to invalidate a tag of 100,000 entries, over one of 10',
  target: { atMost: 1.5 },
  async measure({ redisUrl, log }) {
    const prefix = testKeyPrefix().replace(/:$/, '');
    // A chunk of a thousand entries may take Redis longer than a read should wait on a busy machine.
    const cache = createCache({ redis: redisUrl, prefix, timeoutMs: 5_000 });
    try {
      await fill(cache, 'few', FEW);
      await fill(cache, 'many', MANY);
      const times = { few: [] as number[], many: [] as number[] };
      for (let round = 0; round < ROUNDS; round += 1) {
        // A tag that was invalidated before needs a new stamp to lose; the entries with the old one are all still in Redis.
        for (const group of ['few', 'many'])
          await cache.set(`${group}:0`, 0, { ttlMs: TTL_MS, tags: tagsOf(group) });
        for (const group of round % 2 === 0 ? (['few', 'many'] as const) : (['many', 'few'] as const)) {
          const startedAt = performance.now();
          const confirmed = await cache.invalidateTags([`${group}${round % TAGS}`]);
          times[group].push(performance.now() - startedAt);
          if (!confirmed) throw new Error('Redis did not confirm the invalidation.');
        }
      }
      for (const key of [`few:${FEW - 1}`, `many:${MANY - 1}`])
        if ((await cache.get(key)).outcome !== 'miss') throw new Error(`${key} outlived its tags.`);
      const [few, many] = [median(times.few), median(times.many)];
      log(`${FEW} entries ${(few * 1_000).toFixed(0)} microseconds, ${MANY} ${(many * 1_000).toFixed(0)}`);
      return many / few;
    } finally {
      await cache.clear();
      await cache.close();
    }
  },
} satisfies Figure;

async function fill(cache: Cache, group: string, entries: number): Promise<void> {
  const options = { ttlMs: TTL_MS, tags: tagsOf(group) };
  for (let first = 0; first < entries; first += CHUNK) {
    const ids = Array.from({ length: Math.min(CHUNK, entries - first) }, (_, place) => first + place);
    await Promise.all(ids.map((id) => cache.set(`${group}:${id}`, id, options)));
  }
  const last = await cache.get(`${group}:${entries - 1}`);
  if (last.outcome !== 'hit') throw new Error(`The entries of ${group} were not stored.`);
}
