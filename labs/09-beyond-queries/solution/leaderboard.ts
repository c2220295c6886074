import type { Redis } from 'ioredis';
import type { SiteStore, Standing } from '../../contract-site.ts';

const key = 'leaderboard';
const mostRows = 100;
const mostPoints = 1_000_000;

/**
 * A sorted set goes by the score, and equal scores by the name. Both upwards, or with REV both downwards; we want the
 * most points first and the names upwards. So the score is the points below zero.
 */
const standingScript = `
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score then return false end
return {score, redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. score)}`;

export function createLeaderboard(redis: Redis): Pick<SiteStore, 'addPoints' | 'top' | 'standing'> {
  return {
    async addPoints(reader, points) {
      if (!Number.isInteger(points) || points < 1 || points > mostPoints) {
        throw new RangeError(`points: a whole number from 1 to ${mostPoints} wanted, got ${points}`);
      }
      // One command, so two additions at once both count.
      return -Number(await redis.zincrby(key, -points, reader));
    },

    async top(count) {
      if (!Number.isInteger(count) || count < 1 || count > mostRows) {
        throw new RangeError(`count: a whole number from 1 to ${mostRows} wanted, got ${count}`);
      }
      const reply = await redis.zrange(key, 0, `${count - 1}`, 'WITHSCORES');
      const rows: Standing[] = [];
      for (let at = 0; at < reply.length; at += 2) {
        const points = -Number(reply[at + 1]);
        const before = rows.at(-1);
        // Equal points share the rank of the first of them: 1, 2, 2, 4.
        const rank = before?.points === points ? before.rank : rows.length + 1;
        rows.push({ reader: reply[at]!, points, rank });
      }
      return rows;
    },

    async standing(reader) {
      // Two commands would see two moments: points from before an addition, a rank from after it.
      const reply = (await redis.eval(standingScript, 1, key, reader)) as [string, number] | null;
      return reply ? { reader, points: -Number(reply[0]), rank: reply[1] + 1 } : undefined;
    },
  };
}
