import type { Redis } from 'ioredis';
import type { SiteStore } from '../../contract-site.ts';

const most = 10;
const windowMs = 60_000;

export function createRateLimit(redis: Redis): Pick<SiteStore, 'allow'> {
  return {
    async allow(visitor, at) {
      // GAP 3: a counter for each minute. How many requests can there be in the 60 s around its end?
      const key = `rate-limit:${visitor}:${Math.floor(at / windowMs)}`;
      const count = await redis.incr(key);
      if (count === 1) await redis.pexpire(key, windowMs);
      return count <= most;
    },
  };
}
