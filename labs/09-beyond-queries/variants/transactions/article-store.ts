// Another right way: no scripts at all. WATCH, read, MULTI, EXEC, and again when somebody came between.
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import type { SiteStore } from '../../../contract-site.ts';
import type { StoreOptions } from '../../../contract.ts';
import { createLeaderboard } from '../../solution/leaderboard.ts';
import { createNews } from '../../solution/news.ts';
import { createPlaces } from '../../solution/places.ts';
import { createUniqueReaders } from '../../solution/unique-readers.ts';
import { createWatched } from './watched.ts';

const lifeMs = 1_800_000;
const session = (id: string) => `site:session:${id}`;
const sessionsOf = (user: string) => `site:user:${user}`;

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): SiteStore {
  const redis = new Redis(redisUrl, {
    commandTimeout: 300,
    maxRetriesPerRequest: 1,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => 50,
  });
  redis.on('error', () => undefined);
  const pool = createPool(mysqlUrl);
  const watched = createWatched(redis);
  const news = createNews(redis);

  /** @param then adds what is to be done besides keeping the session */
  async function use(id: string, name?: string, value = ''): Promise<Record<string, string> | undefined> {
    return await watched.run([session(id)], async (own) => {
      const fields = await own.hgetall(session(id));
      const { user } = fields;
      if (user === undefined) return { commands: undefined, answer: undefined };
      const commands = own.multi().pexpire(session(id), lifeMs).pexpire(sessionsOf(user), lifeMs);
      if (name !== undefined) commands.hset(session(id), `value:${name}`, value);
      return { commands, answer: fields };
    });
  }

  return {
    ...createLeaderboard(redis),
    ...createPlaces(redis, pool),
    ...createUniqueReaders(redis),
    publishNews: news.publishNews,
    newsSince: news.newsSince,
    nextNews: news.nextNews,

    async signIn(user) {
      const id = randomUUID();
      await redis
        .multi()
        .hset(session(id), { user })
        .pexpire(session(id), lifeMs)
        .sadd(sessionsOf(user), id)
        .pexpire(sessionsOf(user), lifeMs)
        .exec();
      return id;
    },

    async session(id) {
      const { user, ...fields } = (await use(id)) ?? {};
      if (user === undefined) return undefined;
      const remembered = new Map(Object.entries(fields).map(([name, value]) => [name.slice(6), value]));
      return { user, remembered: Object.fromEntries(remembered) };
    },

    remember: async (id, name, value) => (await use(id, name, value)) !== undefined,

    async signOut(id) {
      const user = await redis.hget(session(id), 'user');
      if (user !== null) await redis.multi().unlink(session(id)).srem(sessionsOf(user), id).exec();
    },

    async signOutEverywhere(user) {
      await watched.run([sessionsOf(user)], async (own) => {
        const ids = await own.smembers(sessionsOf(user));
        const commands = own.multi().unlink(sessionsOf(user), ...ids.map(session));
        return { commands, answer: undefined };
      });
    },

    async standing(reader) {
      return await watched.run(['leaderboard'], async (own) => {
        const score = await own.zscore('leaderboard', reader);
        if (score === null) return { commands: undefined, answer: undefined };
        const rank = 1 + (await own.zcount('leaderboard', '-inf', `(${score}`));
        return {
          commands: own.multi().exists('leaderboard'),
          answer: { reader, points: -Number(score), rank },
        };
      });
    },

    async allow(visitor, at) {
      const key = `site:requests:${visitor}`;
      return await watched.run([key], async (own) => {
        if ((await own.zcount(key, `(${at - 60_000}`, '+inf')) >= 10)
          return { commands: undefined, answer: false };
        const commands = own
          .multi()
          .zadd(key, at, randomUUID())
          .zremrangebyscore(key, '-inf', at - 60_000)
          .pexpire(key, 100_000);
        return { commands, answer: true };
      });
    },

    async close() {
      news.close();
      watched.close();
      redis.disconnect();
      await pool.end();
    },
  };
}
