import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { SiteStore } from '../../contract-site.ts';

const most = 10;
const windowMs = 60_000;

/**
 * The log of a visitor: a sorted set with the time of each request that was allowed. Counting and adding are one script,
 * or two servers that both count nine would both allow a tenth. What is refused leaves no mark, or a visitor who keeps
 * trying would never get in again.
 */
const allowScript = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1`;

export function createRateLimit(redis: Redis): Pick<SiteStore, 'allow'> {
  return {
    async allow(visitor, at) {
      // The member is unique: two requests of one millisecond are two.
      const values = [at, at - windowMs, most, randomUUID(), windowMs];
      return (await redis.eval(allowScript, 1, `rate-limit:${visitor}`, ...values)) === 1;
    },
  };
}
