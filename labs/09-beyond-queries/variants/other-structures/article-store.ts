// Another right way: RESP2, keys under a prefix, commands defined from scripts, classes; JSON in place of hashes, lists
// in place of a sorted set and of a stream, pub/sub to wake who waits, and MySQL's own lock to load the cities.
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import type { SiteStore } from '../../../contract-site.ts';
import type { StoreOptions } from '../../../contract.ts';
import { createCounters } from './counters.ts';
import { Newsroom } from './newsroom.ts';
import { createAtlas } from './atlas.ts';
import { Visits } from './visits.ts';

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): SiteStore {
  const redis = new Redis(redisUrl, {
    protocol: 2,
    keyPrefix: 'site/',
    connectTimeout: 500,
    commandTimeout: 800,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => 60,
  });
  redis.on('error', () => undefined);
  const pool = createPool({ uri: mysqlUrl, connectionLimit: 3 });
  const visits = new Visits(redis);
  const newsroom = new Newsroom(redis);

  return {
    ...createCounters(redis),
    ...createAtlas(redis, pool),
    signIn: async (user) => await visits.begin(user),
    session: async (id) => await visits.find(id),
    remember: async (id, name, value) => (await visits.find(id, name, value)) !== undefined,
    signOut: async (id) => await visits.end(id),
    signOutEverywhere: async (user) => await visits.endAll(user),
    publishNews: async (text) => await newsroom.publish(text),
    newsSince: async (id) => await newsroom.since(id),
    nextNews: async (id, waitMs) => await newsroom.next(id, waitMs),

    async close() {
      newsroom.close();
      redis.disconnect();
      await pool.end();
    },
  };
}
