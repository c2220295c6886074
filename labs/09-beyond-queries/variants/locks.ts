// Another right way: no scripts but the one that lets go of a lock. What has to be one step is done by one server at a
// time, each name with a lock of its own. Slower, and right: a server that ends frees its lock within 5 s.
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import type { SiteStore } from '../../contract-site.ts';
import type { StoreOptions } from '../../contract.ts';
import { createLeaderboard } from '../solution/leaderboard.ts';
import { createNews } from '../solution/news.ts';
import { createPlaces } from '../solution/places.ts';
import { createUniqueReaders } from '../solution/unique-readers.ts';

const halfAnHour = 1_800;

export async function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): Promise<SiteStore> {
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    commandTimeout: 400,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => 40,
  });
  redis.on('error', () => undefined);
  await redis.connect();
  const pool = createPool(mysqlUrl);
  const news = createNews(redis);

  async function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
    const key = `lock/${name}`;
    const token = randomBytes(12).toString('hex');
    while ((await redis.set(key, token, 'EX', 5, 'NX')) === null) await setTimeout(5);
    try {
      return await work();
    } finally {
      await redis.eval(
        "return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('del', KEYS[1])",
        1,
        key,
        token,
      );
    }
  }

  /** Under the lock of the user, so the list of their sessions is true. */
  async function ofSession<T>(id: string, work: (user: string) => Promise<T>): Promise<T | undefined> {
    const user = await redis.hget(`s/${id}`, 'owner');
    if (user === null) return undefined;
    return await locked(`u/${user}`, async () => {
      if ((await redis.exists(`s/${id}`)) === 0) return undefined;
      return await work(user);
    });
  }

  const touch = (id: string, user: string) =>
    redis.multi().expire(`s/${id}`, halfAnHour).expire(`u/${user}`, halfAnHour);

  return {
    publishNews: news.publishNews,
    newsSince: news.newsSince,
    nextNews: news.nextNews,
    ...createLeaderboard(redis),
    ...createPlaces(redis, pool),
    ...createUniqueReaders(redis),

    async signIn(user) {
      const id = randomBytes(16).toString('base64url');
      return await locked(`u/${user}`, async () => {
        await redis
          .multi()
          .hset(`s/${id}`, 'owner', user)
          .sadd(`u/${user}`, id)
          .expire(`s/${id}`, 1_800)
          .expire(`u/${user}`, 1_800)
          .exec();
        return id;
      });
    },

    async session(id) {
      return await ofSession(id, async (user) => {
        await touch(id, user).exec();
        const { owner: _, ...fields } = await redis.hgetall(`s/${id}`);
        const entries = Object.entries(fields).map(([name, value]) => [
          name.slice('remembered '.length),
          value,
        ]);
        return { user, remembered: Object.fromEntries(entries) as Record<string, string> };
      });
    },

    async remember(id, name, value) {
      const done = await ofSession(id, async (user) => {
        await touch(id, user).hset(`s/${id}`, `remembered ${name}`, value).exec();
        return true;
      });
      return done ?? false;
    },

    async signOut(id) {
      await ofSession(id, async (user) => await redis.multi().del(`s/${id}`).srem(`u/${user}`, id).exec());
    },

    async signOutEverywhere(user) {
      await locked(`u/${user}`, async () => {
        const ids = await redis.smembers(`u/${user}`);
        await redis.unlink(`u/${user}`, ...ids.map((id) => `s/${id}`));
      });
    },

    async allow(visitor, at) {
      const key = `r/${visitor}`;
      return await locked(key, async () => {
        if ((await redis.zcount(key, at - 59_999, '+inf')) >= 10) return false;
        const member = randomBytes(8).toString('hex');
        await redis
          .multi()
          .zremrangebyscore(key, '-inf', at - 60_000)
          .zadd(key, at, member)
          .expire(key, 90)
          .exec();
        return true;
      });
    },

    async close() {
      news.close();
      redis.disconnect();
      await pool.end();
    },
  };
}
