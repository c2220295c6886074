import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { RedisPlace } from './redis-side.ts';
import { SpaceError } from './space-error.ts';

/** A claim whose holder was killed frees itself after so long; a holder that lives renews it meanwhile. */
const claimMs = 5 * 60_000;

/** All databases are in use by other runs. */
export class NoDatabaseFree extends SpaceError {}

/**
 * Takes a Redis database that no other run is using. The claims are keys in database 0.
 * @throws {NoDatabaseFree}
 */
export async function claimRedisDatabase(redisUrl: string): Promise<RedisPlace> {
  const holder = randomUUID();
  const claims = new Redis(inDatabase(redisUrl, 0));
  const databases = await databasesOf(claims);
  const claimed = async (database: number) => {
    const [key, args] = [keyOf(database), [holder, claimMs]];
    return (await claims.eval(claimScript, 1, key, ...args)) === 1;
  };
  for (const database of databases) {
    if (!(await claimed(database))) continue;
    const redis = new Redis(inDatabase(redisUrl, database));
    await redis.flushdb();
    // A session of lab:watch may live for hours.
    const renewal = setInterval(() => void claimed(database).catch(() => {}), claimMs / 5).unref();
    return {
      url: new URL(redisUrl),
      database,
      redis,
      async renew() {
        // This machine may have slept for longer than the claim lasts.
        if (!(await claimed(database)))
          throw new SpaceError(
            `Redis database ${database} was taken by another run meanwhile. Run it again.`,
          );
        await redis.flushdb();
        return true;
      },
      async release() {
        clearInterval(renewal);
        if (await claimed(database)) await redis.flushdb();
        await claims.eval(releaseScript, 1, keyOf(database), holder);
        redis.disconnect();
        claims.disconnect();
      },
    };
  }
  claims.disconnect();
  throw new NoDatabaseFree(
    `All ${databases.length} Redis databases for lab runs are taken. Are other runs going on? A killed run's frees itself within 5 minutes.`,
  );
}

const keyOf = (database: number): string => `workshop:lab-space:${database}`;

/** 0 is the demo's; 14 and 15 are left to tests. */
async function databasesOf(redis: Redis): Promise<number[]> {
  // Redis has 16 unless told otherwise, and a server that is not ours may not tell.
  const [, count = '16'] = await redis.config('GET', 'databases').then(
    (answer) => answer,
    () => [],
  );
  return Array.from({ length: Number(count) }, (_, index) => index).filter(
    (database) => database !== 0 && database !== 14 && database !== 15,
  );
}

/** In the URL, since ioredis takes the number there before the one in its options. */
function inDatabase(redisUrl: string, database: number): string {
  const url = new URL(redisUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Takes it, or goes on holding it. */
const claimScript = `
local holder = redis.call('get', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
return 1`;

/** Only the holder may let go: after `claimMs` the claim could be another's. */
const releaseScript = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;
