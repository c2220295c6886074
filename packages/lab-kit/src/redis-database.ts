import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { SpaceError } from './space-error.ts';

/** Longer than any run: a claim whose holder was killed frees itself. */
const claimMs = 5 * 60_000;
/** Redis has 16 databases unless told otherwise. 0 is the demo's; 14 and 15 are left to tests. */
const databases = Array.from({ length: 13 }, (_, index) => index + 1);

export interface Claim {
  database: number;
  /** A connection to that database. */
  redis: Redis;
  release(): Promise<void>;
}

/**
 * Takes a Redis database that no other run is using. The claims are keys in database 0.
 * @throws when all of them are taken
 */
export async function claimRedisDatabase(redisUrl: string): Promise<Claim> {
  const holder = randomUUID();
  const claims = new Redis(inDatabase(redisUrl, 0));
  for (const database of databases) {
    const key = `workshop:lab-space:${database}`;
    if ((await claims.set(key, holder, 'PX', claimMs, 'NX')) !== 'OK') continue;
    const redis = new Redis(inDatabase(redisUrl, database));
    await redis.flushdb();
    return {
      database,
      redis,
      async release() {
        await redis.flushdb();
        await claims.eval(releaseScript, 1, key, holder);
        redis.disconnect();
        claims.disconnect();
      },
    };
  }
  claims.disconnect();
  throw new SpaceError(
    `All ${databases.length} Redis databases for lab runs are taken. Are other runs going on? A killed run's frees itself within 5 minutes.`,
  );
}

/** In the URL, since ioredis takes the number there before the one in its options. */
function inDatabase(redisUrl: string, database: number): string {
  const url = new URL(redisUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Only the holder may let go: after `claimMs` the claim could be another's. */
const releaseScript = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;
