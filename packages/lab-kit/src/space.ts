import type { ThrowawayServer } from '@workshop/engines/throwaway';
import { WireRecord, type Hold, type MysqlTap, type RedisTap, type WireEvent } from '@workshop/wiretap';
import type { ArticleRow } from '@workshop/dataset';
import type { Redis } from 'ioredis';
import type { Connection } from 'mysql2/promise';
import type { KeptTables } from './kept-tables.ts';
import type { Lab } from './lab.ts';
import type { LabCluster } from './lab-cluster.ts';
import { openMysqlSide } from './mysql-side.ts';
import type { RedisClock } from './redis-clock.ts';
import { openRedisSide } from './redis-side.ts';
import type { StoreOptions } from './sandbox/protocol.ts';
import { UnderWay, type Range } from './under-way.ts';

export interface EngineUrls {
  mysqlUrl: string;
  redisUrl: string;
}

/**
 * A schema, a MySQL user who may use only that schema, and a Redis database or server, made for one run and taken
 * away after it; with a wiretap before each. Nothing the learner's code does can reach other data.
 */
export interface Space {
  /** What the learner's code gets: both lead through the wiretaps. */
  urls: StoreOptions;
  record: WireRecord;
  mysqlTap: MysqlTap;
  redisTap: RedisTap;
  /** Around the wiretaps. */
  mysql: Connection;
  redis: Redis;
  /** Behind the Redis wiretap, where the lab has a server of its own. */
  redisServer: ThrowawayServer | undefined;
  /** Where the lab has a cluster of its own. */
  redisCluster: LabCluster | undefined;
  /** Redis's, as the learner's code sees it. */
  redisClock: RedisClock;
  /** What the table `articles` holds. */
  articles: readonly ArticleRow[];
  /** Its tables as at the start. */
  tables: KeptTables;
  /** What a check holds up at this moment. */
  holding: Set<Hold>;
  /** Whether the stores have answered what they were asked, but for what the weather holds up. */
  isAnswered(range?: Range): boolean;
  /** Whether that holds for all, and no check holds anything up. */
  isAtRest(): boolean;
  /**
   * Tables and settings as at the start, and Redis empty.
   * @param forNewProcess none of the learner's has seen it before
   * @returns false when connections of the learner's process ended by it
   */
  renew(forNewProcess: boolean): Promise<boolean>;
  close(): Promise<void>;
}

/** @param model a space of the same lab that is there already, and stays as long: it is then made faster */
export async function createSpace(
  engines: EngineUrls,
  lab: Pick<Lab, 'privileges' | 'tables' | 'redis' | 'redisOptions'>,
  model?: Space,
): Promise<Space> {
  const record = new WireRecord();
  const [mysql, redis] = await both(
    openMysqlSide(engines.mysqlUrl, lab, record, model?.tables),
    openRedisSide(engines.redisUrl, lab, record),
  );
  const underWay = new UnderWay(record);
  const holding = new Set<Hold>();
  const isHeld = ({ store, connection }: WireEvent) =>
    (store === 'mysql' ? mysql.tap : redis.tap).isHeld(connection);
  return {
    urls: { mysqlUrl: mysql.learnerUrl, redisUrl: redis.learnerUrl },
    record,
    mysqlTap: mysql.tap,
    redisTap: redis.tap,
    mysql: mysql.mysql,
    redis: redis.redis,
    redisServer: redis.server,
    redisCluster: redis.cluster,
    redisClock: redis.clock,
    articles: mysql.articles,
    tables: mysql.tables,
    holding,
    isAnswered: (range) => underWay.isAtRest(isHeld, range),
    // A check that holds something up does other things meanwhile, which take longer on a busy machine.
    isAtRest: () => holding.size === 0 && underWay.isAtRest(isHeld),
    async renew(forNewProcess) {
      const kept = await Promise.all([mysql.renew(), redis.renew(forNewProcess)]);
      return kept.every(Boolean);
    },
    // Each even when the other fails.
    close: async () => void (await Promise.allSettled([mysql.release(), redis.release()])),
  };
}

interface Side {
  release(): Promise<void>;
}

/** Both, or none: what is there is taken away again when the other fails. */
async function both<A extends Side, B extends Side>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  const settled = await Promise.allSettled([a, b]);
  try {
    return await Promise.all([a, b]);
  } catch (error) {
    for (const side of settled) if (side.status === 'fulfilled') await side.value.release();
    throw error;
  }
}
