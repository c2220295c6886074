import type { ThrowawayServer } from '@workshop/engines/throwaway';
import { createRedisTap, type RedisTap, type WireRecord } from '@workshop/wiretap';
import type { Redis } from 'ioredis';
import { startOwnCluster } from './cluster-space.ts';
import type { Lab } from './lab.ts';
import type { LabCluster } from './lab-cluster.ts';
import { startOwnRedis } from './own-redis.ts';
import { RedisClock } from './redis-clock.ts';
import { claimRedisDatabase } from './redis-database.ts';

/** Where the Redis keys of a run are: a database of the shared server, or a server of its own. */
export interface RedisPlace {
  /** Of the server. */
  url: URL;
  /** Every connection of the learner's is put on it. */
  database: number;
  /** A connection to that database, around the wiretap. */
  redis: Redis;
  /** Only a server of the run's own. */
  server?: ThrowawayServer;
  /** Only a cluster of the run's own. `url` is one of its nodes. */
  cluster?: LabCluster;
  /**
   * Makes it as it was at the start, and empty.
   * @param forNewProcess with the counters of a server of its own at 0
   * @returns false when connections to it were lost meanwhile
   */
  renew(forNewProcess: boolean): Promise<boolean>;
  release(): Promise<void>;
}

/** The Redis half of a space. */
export interface RedisSide extends RedisPlace {
  tap: RedisTap;
  /** As the learner's code sees it. */
  clock: RedisClock;
  /** For the learner's code: through the wiretap, or, of a cluster, a node itself. */
  learnerUrl: string;
}

export async function openRedisSide(
  redisUrl: string,
  lab: Pick<Lab, 'redis' | 'redisOptions'>,
  record: WireRecord,
): Promise<RedisSide> {
  const place = await startPlace(redisUrl, lab);
  const { url, database } = place;
  // Nobody else's data is on a server of its own.
  const clock = place.server || place.cluster ? new RedisClock(() => 'pass') : new RedisClock();
  try {
    const tap = await createRedisTap({
      upstream: { host: url.hostname, port: Number(url.port || 6379) },
      ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
      ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
      database,
      guard: clock.guard,
      record,
    });
    return {
      ...place,
      clock,
      tap,
      // Nodes of a cluster send clients to each other, past any wiretap: there it is the engines that count.
      learnerUrl: place.cluster ? url.href : tap.url(`redis://${url.host}`),
      async renew(forNewProcess) {
        clock.aheadMs = 0;
        return await place.renew(forNewProcess);
      },
      async release() {
        await tap.close();
        await place.release();
      },
    };
  } catch (error) {
    await place.release();
    throw error;
  }
}

async function startPlace(redisUrl: string, lab: Pick<Lab, 'redis' | 'redisOptions'>): Promise<RedisPlace> {
  if (lab.redis === 'cluster') return await startOwnCluster();
  return lab.redis === 'own' ? await startOwnRedis(lab.redisOptions) : await claimRedisDatabase(redisUrl);
}
