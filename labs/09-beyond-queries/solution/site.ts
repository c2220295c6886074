import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import type { SiteStore } from '../../contract-site.ts';
import type { StoreOptions } from '../../contract.ts';
import { createLeaderboard } from './leaderboard.ts';
import { createNews } from './news.ts';
import { createPlaces } from './places.ts';
import { createRateLimit } from './rate-limit.ts';
import { createSessions } from './sessions.ts';
import { createUniqueReaders } from './unique-readers.ts';

export type { SiteStore };

export function createSite({ mysqlUrl, redisUrl }: StoreOptions): SiteStore {
  // Not the cache's client: what is kept here is nowhere else, so a call may wait longer for it.
  const redis = new Redis(redisUrl, {
    commandTimeout: 1_000,
    connectTimeout: 1_000,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
    // Of a command whose reply was lost nobody knows whether it ran. Sent again, points would be added twice.
    autoResendUnfulfilledCommands: false,
  });
  // Each call rejects by itself.
  redis.on('error', () => {});
  const pool = createPool({ uri: mysqlUrl, connectionLimit: 2 });
  const news = createNews(redis);

  return {
    ...createSessions(redis),
    ...createLeaderboard(redis),
    ...createRateLimit(redis),
    ...createPlaces(redis, pool),
    ...createUniqueReaders(redis),
    publishNews: news.publishNews,
    newsSince: news.newsSince,
    nextNews: news.nextNews,

    async close() {
      news.close();
      redis.disconnect();
      await pool.end();
    },
  };
}
