import { isDeepStrictEqual } from 'node:util';
import type { ThrowawayServer } from '@workshop/engines/throwaway';
import type { Redis } from 'ioredis';
import type { Connection } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { MysqlTap, RedisTap } from '@workshop/wiretap';
import type { LabCluster } from './lab-cluster.ts';
import type { LearnerStore } from './lab.ts';
import type { Observation } from './observation.ts';

/** A second process with the learner's code, as another server would run it. It ends with the check. */
export interface AnotherProcess<Store extends LearnerStore = LearnerStore> {
  readonly store: Store;
  /** Ends it as a server would. False when something keeps it alive. */
  readonly finish: () => Promise<boolean>;
  /** Ends it as a crash would. */
  readonly kill: () => Promise<void>;
}

/** What a check works with. */
export interface CheckContext<Store extends LearnerStore = LearnerStore> {
  /** The learner's store, in its process: each call goes there and comes back, or fails within a limit. */
  readonly store: Store;
  /** Runs something and collects what reached the stores meanwhile, up to the last reply. */
  readonly observe: <T>(action: () => Promise<T>) => Promise<Observation & { value: T }>;
  /** A new process with a new store, for checks about starting, or after something that can't be undone. */
  readonly restart: () => Promise<void>;
  /** Ends the process as a server would. False when something keeps it alive. */
  readonly finish: () => Promise<boolean>;
  /** Starts another process with a store of its own, through the same wiretaps. */
  readonly another: () => Promise<AnotherProcess<Store>>;
  /**
   * Time passes, for Redis and for every process with the learner's code, without waiting for it: keys expire, clocks
   * move on, timers fire in their order, and what they ask of the stores is answered before later ones fire.
   */
  readonly passTime: (ms: number) => Promise<void>;
  /**
   * While it runs, no time passes for any process with the learner's code: what is held up can't be given up. Comes
   * back, and lets time go on, once all is done that needs none.
   */
  readonly holdTime: <T>(work: () => Promise<T>) => Promise<T>;
  /** Makes the weather between the learner's code and the stores. Cleared after every check. */
  readonly weather: { readonly mysql: MysqlTap['weather']; readonly redis: RedisTap['weather'] };
  /** TCP connections that are open now. */
  readonly connections: () => { mysql: number; redis: number };
  /** Around the wiretap, for looking at the stores and for preparing them. */
  readonly mysql: Connection;
  readonly redis: Redis;
  /** The server behind the Redis wiretap, for labs with `redis: 'own'`. A check that stops it need not start it again. */
  readonly redisServer: ThrowawayServer;
  /** For labs with `redis: 'cluster'`. Whatever a check does to it is put right before the next. */
  readonly redisCluster: LabCluster;
  /** What the `articles` table holds, in order of OBJECTID. */
  readonly articles: readonly ArticleRow[];
  /** Empties Redis. */
  readonly coldCache: () => Promise<void>;
}

/** Structural, as after a trip through another process: prototypes of rows don't count, types of values do. */
export function sameValue(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(structuredClone(a), structuredClone(b));
}
