import type { Redis } from 'ioredis';
import type { SiteStore, Standing } from '../../../contract-site.ts';

/** Everybody down to the points of the last row, so that no one who ties with it is left out; sorted here. */
const best = `
local last = redis.call('zrevrange', KEYS[1], ARGV[1], ARGV[1], 'withscores')[2] or '-inf'
return redis.call('zrangebyscore', KEYS[1], last, '+inf', 'withscores')`;

const place = `
local points = redis.call('zscore', KEYS[1], ARGV[1])
return points and {tonumber(points), redis.call('zcount', KEYS[1], '(' .. points, '+inf')}`;

/** A list of times, the oldest first. */
const enter = `
while tonumber(redis.call('lindex', KEYS[1], 0) or 'inf') <= ARGV[1] - 60000 do redis.call('lpop', KEYS[1]) end
if redis.call('llen', KEYS[1]) >= 10 then return 0 end
redis.call('rpush', KEYS[1], ARGV[1])
return redis.call('expire', KEYS[1], 61)`;

type Counters = 'addPoints' | 'top' | 'standing' | 'allow' | 'countReader' | 'uniqueReaders';

export function createCounters(redis: Redis): Pick<SiteStore, Counters> {
  return {
    async addPoints(reader, points) {
      whole(points, 1_000_000);
      return Number(await redis.zincrby('points', points, reader));
    },

    async top(count) {
      whole(count, 100);
      const reply = (await redis.eval(best, 1, 'points', count - 1)) as string[];
      const rows: Standing[] = [];
      for (let at = 0; at < reply.length; at += 2)
        rows.push({ reader: reply[at]!, points: Number(reply[at + 1]), rank: 0 });
      rows.sort(
        (a, b) => b.points - a.points || Buffer.compare(Buffer.from(a.reader), Buffer.from(b.reader)),
      );
      for (const row of rows) row.rank = 1 + rows.findIndex(({ points }) => points === row.points);
      return rows.slice(0, count);
    },

    async standing(reader) {
      const reply = (await redis.eval(place, 1, 'points', reader)) as [number, number] | null;
      return reply ? { reader, points: reply[0], rank: 1 + reply[1] } : undefined;
    },

    allow: async (visitor, at) => (await redis.eval(enter, 1, `times/${visitor}`, at)) === 1,

    async countReader(article, visitor) {
      await redis.pfadd(`article/${article}`, visitor);
    },

    async uniqueReaders(articles) {
      const [first, ...others] = articles.map((article) => `article/${article}`);
      return first === undefined ? 0 : await redis.pfcount(first, ...others);
    },
  };
}

function whole(number: number, most: number): void {
  if (!Number.isSafeInteger(number) || number < 1 || number > most)
    throw new RangeError(`${number}: 1 to ${most}`);
}
