import type { Counts, ErrorKind } from './counters.ts';
import type { HistogramSnapshot } from './histogram.ts';

/** How a cache stands at this moment. */
export interface Gauges {
  /** Deletions not confirmed by Redis yet; they are sent again when it is back. */
  readonly owedInvalidations: number;
  /** Deletions given up since the cache was made, because too many were owed at once. */
  readonly lostInvalidations: number;
  /** Loaders running now. */
  readonly runningLoads: number;
  /** Loads that wait for one of the places of `loads.maxConcurrent`. */
  readonly queuedLoads: number;
  /** Entries in the near cache; 0 without one. */
  readonly nearEntries: number;
  /** True while the circuit breaker keeps reads from Redis, and while one of them tries whether it answers again. */
  readonly breakerOpen: boolean;
}

/** The times that a cache measures, in milliseconds. */
export interface Latencies {
  /** One round trip to Redis: a command, a script, or the gathered reads of one tick. */
  readonly redis: HistogramSnapshot;
  /** One value asked of a loader, failed ones included, without its wait for a place to run in. */
  readonly load: HistogramSnapshot;
  /** One wait for a load in another process that held the lease. */
  readonly wait: HistogramSnapshot;
  /** How long ago a hit that the probe found stale was loaded: it has been wrong for at most so long. */
  readonly stale: HistogramSnapshot;
}

/**
 * What a cache has counted and measured since it was made, and how it stands now. A copy: it does not change afterwards. What
 * happened between two is the difference of their counters, and `histogramBetween` of their latencies.
 */
export interface CacheStats extends Counts, Gauges {
  /** Faults that reads and writes survived, by kind. */
  readonly errors: Readonly<Record<ErrorKind, number>>;
  readonly latency: Latencies;
}

/** What has a snapshot to give: a `Cache`. */
export interface StatsSource {
  stats(): CacheStats;
}
