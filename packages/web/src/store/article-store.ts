import type { Answer, CacheStats } from '@workshop/cache';
import type { Sources } from '../dashboard/sources.ts';
import type { Query } from '../queries/query.ts';
import type { ArticleRecords } from '../records/article-records.ts';
import type { ReadCounts } from '../records/read-counts.ts';
import type { Step } from '../pages/steps.ts';

/** Where an answer is to come from. */
export type Source = 'mysql' | 'cache';

/** What another's code did for its rows, told by who watched it. */
export interface Watched {
  readonly outcome: 'hit' | 'miss' | 'mysql';
  readonly headline: string;
  readonly tookMs: number;
  readonly steps: readonly Step[];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/**
 * The rows, and how they were come by. `json` is a JSON array of them, as UTF-8: what is in Redis is passed on as it is, and
 * nobody parses it who need not look into it. Do not write into it.
 */
export type QueryResult =
  | { readonly source: 'mysql'; readonly json: Buffer; readonly mysqlMs: number }
  | { readonly source: 'cache'; readonly json: Buffer; readonly answer: Answer<unknown> }
  | { readonly source: 'watched'; readonly json: Buffer; readonly watched: Watched };

/** One line of EXPLAIN, which MySQL and MariaDB write alike. */
export interface PlanLine {
  readonly table: string;
  /** How the table is read: "ALL", "index", "ref". */
  readonly type: string;
  readonly key: string | undefined;
  /** As MySQL guesses. */
  readonly rows: number | undefined;
  readonly extra: string;
}

export interface EngineState {
  readonly engine: Engine;
  readonly ok: boolean;
  /** How long it took to answer, or to be found away. */
  readonly ms: number;
}

export type Engine = 'mysql' | 'redis';

/** Connections to MySQL: how many there may be, how many are at work, and how many requests wait for one. */
export interface PoolState {
  readonly limit: number;
  readonly inUse: number;
  readonly waiting: number;
}

/**
 * All that the demo's pages ask of the engines. The demo brings its own; whatever else can do this can be shown on the
 * same pages.
 */
export interface ArticleStore {
  /** Whose code answers for the cache, for every page to say: "your lab 02, labs/02-cache-aside/work". Default: the demo's own. */
  readonly name?: string;

  /** Throws `EngineAwayError` when MySQL is needed and cannot answer. */
  ask(source: Source, query: Query): Promise<QueryResult>;

  /** MySQL's plan for a query. Throws `EngineAwayError`. */
  explain(query: Query): Promise<readonly PlanLine[]>;

  /** Removes what this demo has cached, and nothing else; tells how many keys. Throws `EngineAwayError` for Redis. */
  deleteCache(): Promise<number>;

  /** Asks each engine for a sign of life. Never rejects. */
  check(): Promise<readonly EngineState[]>;

  /** One article at a time. Default: there is no such thing, and the API says so. */
  readonly records?: ArticleRecords;

  /** Which articles were read most often. Default: they are not counted. */
  readonly reads?: ReadCounts;

  /** What the cache has counted. Default: nobody counts. */
  cacheStats?(): CacheStats;

  mysqlPool?(): PoolState;

  /** What the dashboard shows of the engines. */
  readonly askRedis?: Sources['askRedis'];
  readonly askMysql?: Sources['askMysql'];

  /** Closes the connections. No other call may be under way. */
  close(): Promise<void>;
}
