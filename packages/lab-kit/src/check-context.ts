import { isDeepStrictEqual } from 'node:util';
import type { Redis } from 'ioredis';
import type { Connection } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { MysqlTap, RedisTap } from '@workshop/wiretap';
import type { LearnerStore } from './lab.ts';
import type { Observation } from './observation.ts';

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
  /** Makes the weather between the learner's code and the stores. Cleared after every check. */
  readonly weather: { readonly mysql: MysqlTap['weather']; readonly redis: RedisTap['weather'] };
  /** TCP connections that are open now. */
  readonly connections: () => { mysql: number; redis: number };
  /** Around the wiretap, for looking at the stores and for preparing them. */
  readonly mysql: Connection;
  readonly redis: Redis;
  /** What the `articles` table holds, in order of OBJECTID. */
  readonly articles: readonly ArticleRow[];
  /** Empties Redis and forgets the transcript so far of this check. */
  readonly coldCache: () => Promise<void>;
}

/** Structural, as after a trip through another process: prototypes of rows don't count, types of values do. */
export function sameValue(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(structuredClone(a), structuredClone(b));
}
