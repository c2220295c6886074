import type { Observation } from '@workshop/lab-kit';

export const notShared = {
  mistake: 'not-shared',
  leadsTo: 'Ten servers ask the database ten times, and each deployment begins with an empty cache.',
};

const readers = ['GET', 'HGETALL', 'MGET', 'GETEX', 'HMGET', 'HGET', 'JSON.GET'];
const writers = ['SET', 'SETEX', 'PSETEX', 'SETNX', 'MSET', 'HSET', 'HMSET', 'JSON.SET'];
/** What a script reads or writes can't be told from outside. */
const scripts = ['EVAL', 'EVALSHA', 'FCALL'];

/** "Redis: 3 reads, 0 found; 3 writes": what a reader needs to see why there was no hit. */
export function cacheTraffic(seen: Observation): string {
  if (seen.redis.length === 0) return 'nothing reached Redis';
  const reads = seen.commands(...readers);
  const found = reads.filter((event) => hasValue(event.reply)).length;
  const scripted = seen.commands(...scripts).length;
  return `Redis: ${reads.length} reads, ${found} found; ${seen.commands(...writers).length} writes${scripted ? `; ${scripted} scripts` : ''}`;
}

/** The name of what is wrong when a read that should be a hit reached MySQL. */
export function whyNoHit(seen: Observation): { mistake: string; leadsTo: string } {
  const leadsTo = 'The database carries every read, as if there were no cache; and Redis is paid for on top.';
  const reads = seen.commands(...readers, ...scripts);
  if (seen.redis.length === 0) return { mistake: 'no-cache', leadsTo };
  if (reads.some((event) => hasValue(event.reply))) return { mistake: 'hit-still-queries', leadsTo };
  return { mistake: reads.length === 0 ? 'never-looked-up' : 'nothing-stored', leadsTo };
}

function hasValue(reply: unknown): boolean {
  if (reply === null || reply === undefined) return false;
  if (Array.isArray(reply)) return reply.some(hasValue);
  if (reply instanceof Map) return reply.size > 0;
  return !(typeof reply === 'object' && 'error' in reply);
}
