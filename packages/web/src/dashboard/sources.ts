import type { CacheStats } from '@workshop/cache';
import type { KeyReport } from './sample.ts';

/** What Redis says of itself, summed over the primaries of a cluster. */
export interface RedisFigures {
  readonly usedMemoryBytes: number;
  /** 0: no limit is set. */
  readonly maxMemoryBytes: number;
  /** Since it started. */
  readonly evictedKeys: number;
  readonly connectedClients: number;
  readonly keys: KeyReport;
}

export interface MysqlFigures {
  /** Statements from clients since it started, but for those that asked for this. */
  readonly questions: number;
}

/** Where the dashboard's figures come from. What is left out is shown as not watched. */
export interface Sources {
  /** Default: hits and misses are those of the requests that were answered. */
  readonly cacheStats?: (() => CacheStats) | undefined;
  /** Rejects when Redis is away. On `signal` nobody waits for the answer any more. */
  readonly askRedis?: ((signal: AbortSignal) => Promise<RedisFigures>) | undefined;
  /** Rejects when MySQL is away. */
  readonly askMysql?: (() => Promise<MysqlFigures>) | undefined;
}
