import type { Redis } from 'ioredis';
import type { SiteStore, Standing } from '../../contract-site.ts';

const key = 'leaderboard';

export function createLeaderboard(redis: Redis): Pick<SiteStore, 'addPoints' | 'top' | 'standing'> {
  return {
    // GAP 2: numbers that make no sense are for a RangeError.
    async addPoints(reader, points) {
      const sum = Number(await redis.zscore(key, reader)) + points;
      await redis.zadd(key, sum, reader);
      return sum;
    },

    async top(count) {
      // GAP 2: what are the ranks of readers with equal points, and in which order do they come?
      const reply = await redis.zrevrange(key, 0, count - 1, 'WITHSCORES');
      const rows: Standing[] = [];
      for (let at = 0; at < reply.length; at += 2) {
        rows.push({ reader: reply[at]!, points: Number(reply[at + 1]), rank: rows.length + 1 });
      }
      return rows;
    },

    async standing(reader) {
      // GAP 2: and what if points are added between the two?
      const points = await redis.zscore(key, reader);
      const position = await redis.zrevrank(key, reader);
      if (points === null || position === null) return undefined;
      return { reader, points: Number(points), rank: position + 1 };
    },
  };
}
