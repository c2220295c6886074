import type { CacheStats, Latencies } from './stats.ts';

/** One line of a scrape: a value, the labels it has besides the cache's own, and for a histogram the end of its name. */
export interface Sample {
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly value: number;
}

export interface MetricDefinition {
  /** Follows the prefix and a `_`. */
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: (stats: CacheStats) => readonly Sample[];
}

/** The labels that metrics give their samples; a cache's own labels cannot be called so. */
export const SAMPLE_LABELS: ReadonlySet<string> = new Set(['outcome', 'cause', 'by', 'result', 'kind', 'le']);

/**
 * What a cache shows to Prometheus, named by its conventions: base units (seconds, bytes), `_total` on counters, and labels that
 * add up, so that a sum over any of them is a number of something. Differences are taken only of counters that the cache counts
 * in one go: any other could fall between two scrapes, which Prometheus would take for a restart.
 */
export const METRICS: readonly MetricDefinition[] = [
  counter(
    'reads_total',
    'Reads, by how they were answered.',
    ({ hits, nearHits, staleHits, misses, bypasses }) => [
      { labels: { outcome: 'hit' }, value: hits - nearHits - staleHits },
      { labels: { outcome: 'near' }, value: nearHits },
      { labels: { outcome: 'stale' }, value: staleHits },
      { labels: { outcome: 'miss' }, value: misses },
      { labels: { outcome: 'bypass' }, value: bypasses },
    ],
  ),
  counter('loads_total', 'Values asked of a loader.', one('loads')),
  counter('load_errors_total', 'Loads that failed.', one('loadErrors')),
  counter('refreshes_total', 'Loads that no reader waited for.', ({ refreshes, earlyRefreshes }) => [
    { labels: { cause: 'stale' }, value: refreshes - earlyRefreshes },
    { labels: { cause: 'early' }, value: earlyRefreshes },
  ]),
  counter('voided_loads_total', 'Loads not stored: invalidated meanwhile.', one('voidedLoads')),
  counter('coalesced_reads_total', 'Reads that took the value of a load begun by another.', one('coalesced')),
  counter('lease_waits_total', 'Reads that waited for a load of another process.', one('leaseWaits')),
  counter('stale_on_error_total', 'Reads given an old value: the load had failed.', one('staleOnError')),
  counter(
    'remembered_errors_total',
    'Times that the error of an earlier load stood in for a load.',
    one('rememberedErrors'),
  ),
  counter('writes_total', 'Values that Redis confirmed to hold.', one('writes')),
  counter(
    'invalidations_total',
    'Keys and tags whose invalidation Redis confirmed.',
    ({ invalidations, tagInvalidations }) => [
      { labels: { by: 'key' }, value: invalidations },
      { labels: { by: 'tag' }, value: tagInvalidations },
    ],
  ),
  counter('lost_invalidations_total', 'Deletions given up: too many were owed.', one('lostInvalidations')),
  counter('probes_total', 'Hits compared with their loader.', ({ probes, staleProbes }) => [
    { labels: { result: 'fresh' }, value: probes - staleProbes },
    { labels: { result: 'stale' }, value: staleProbes },
  ]),
  counter(
    'read_bytes_total',
    'Bytes of the values that readers got from Redis; a read that several share counts for each.',
    one('bytesRead'),
  ),
  counter('written_bytes_total', 'Bytes of the values that Redis confirmed to hold.', one('bytesWritten')),
  counter('errors_total', 'Faults survived, by kind.', ({ errors }) =>
    Object.entries(errors).map(([kind, value]) => ({ labels: { kind }, value })),
  ),
  gauge('owed_invalidations', 'Deletions that Redis has not confirmed yet.', one('owedInvalidations')),
  gauge('running_loads', 'Loaders running now.', one('runningLoads')),
  gauge('queued_loads', 'Loads waiting for a place to run in.', one('queuedLoads')),
  gauge('near_entries', 'Entries in the near cache.', one('nearEntries')),
  gauge('breaker_open', '1 while the circuit breaker keeps reads from Redis.', ({ breakerOpen }) => [
    { value: breakerOpen ? 1 : 0 },
  ]),
  histogram('redis_seconds', 'Round trips to Redis.', 'redis'),
  histogram('load_seconds', 'Values asked of a loader.', 'load'),
  histogram('lease_wait_seconds', 'Waits for a load of another process.', 'wait'),
  histogram('stale_age_seconds', 'Ages of the hits that the probe found stale.', 'stale'),
];

type NumberField = { [F in keyof CacheStats]: CacheStats[F] extends number ? F : never }[keyof CacheStats];

function one(field: NumberField): MetricDefinition['samples'] {
  return (stats) => [{ value: stats[field] }];
}

function counter(name: string, help: string, samples: MetricDefinition['samples']): MetricDefinition {
  return { name, help, type: 'counter', samples };
}

function gauge(name: string, help: string, samples: MetricDefinition['samples']): MetricDefinition {
  return { name, help, type: 'gauge', samples };
}

function histogram(name: string, help: string, field: keyof Latencies): MetricDefinition {
  return {
    name,
    help,
    type: 'histogram',
    samples({ latency }) {
      const { bounds, counts, sum, count } = latency[field];
      let below = 0;
      const buckets = bounds.map((bound, bucket): Sample => {
        below += counts[bucket] ?? 0;
        return { suffix: '_bucket', labels: { le: bound / 1_000 }, value: below };
      });
      return [
        ...buckets,
        { suffix: '_bucket', labels: { le: '+Inf' }, value: count },
        { suffix: '_sum', value: sum / 1_000 },
        { suffix: '_count', value: count },
      ];
    },
  };
}
