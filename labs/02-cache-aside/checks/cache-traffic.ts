import type { Observation } from '@workshop/lab-kit';

export const notShared = {
  mistake: 'not-shared',
  leadsTo: 'Ten servers ask the database ten times, and each deployment begins with an empty cache.',
};

/** "3 GETs, 0 found; 3 SETs": what a reader needs to see why there was no hit. */
export function cacheTraffic(seen: Observation): string {
  const gets = seen.commands('GET', 'HGETALL', 'MGET', 'GETEX', 'HMGET', 'HGET');
  const found = gets.filter((event) => hasValue(event.reply)).length;
  const writes = seen.commands('SET', 'SETEX', 'PSETEX', 'HSET', 'HMSET', 'EVAL', 'EVALSHA', 'SETNX').length;
  return seen.redis.length === 0
    ? 'nothing reached Redis'
    : `Redis: ${gets.length} reads, ${found} found; ${writes} writes`;
}

function hasValue(reply: unknown): boolean {
  if (reply === null || reply === undefined) return false;
  if (Array.isArray(reply)) return reply.some(hasValue);
  return !(reply instanceof Map && reply.size === 0);
}

export function whyNoHit(seen: Observation): { mistake: string; leadsTo: string } {
  const leadsTo = 'The database carries every read, as if there were no cache; and Redis is paid for on top.';
  const gets = seen.commands('GET', 'HGETALL', 'MGET', 'GETEX', 'HMGET', 'HGET');
  if (seen.redis.length === 0) return { mistake: 'no-cache', leadsTo };
  if (gets.some((event) => hasValue(event.reply))) return { mistake: 'hit-still-queries', leadsTo };
  return { mistake: gets.length === 0 ? 'never-looked-up' : 'nothing-stored', leadsTo };
}
