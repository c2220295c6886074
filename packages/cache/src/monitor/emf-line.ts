import type { Counter, ErrorKind } from './counters.ts';
import { zeroCounts, zeroErrors } from './counters.ts';
import type { HistogramSnapshot } from './histogram.ts';
import { histogramBetween } from './histogram.ts';
import type { CacheStats, Latencies } from './stats.ts';

/** A CloudWatch unit. */
export type EmfUnit = 'Count' | 'Bytes' | 'Milliseconds' | 'Percent';

/**
 * A histogram as CloudWatch takes it, so that it can give percentiles: at most 100 values, and how often each was observed. AWS's
 * exporter in the OpenTelemetry Collector (awsemfexporter) writes histograms so; the specification tells of plain arrays only.
 */
export interface EmfDistribution {
  readonly Values: readonly number[];
  readonly Counts: readonly number[];
  readonly Min: number;
  readonly Max: number;
  readonly Sum: number;
  readonly Count: number;
}

/** One metric of a period: undefined where nothing was observed, so there is no value to tell. */
interface EmfMetric {
  readonly unit: EmfUnit;
  readonly value: (before: CacheStats, after: CacheStats) => number | EmfDistribution | undefined;
}

export interface EmfLineOptions {
  /** The CloudWatch namespace. */
  readonly namespace: string;
  /** Names and values of the dimensions that all metrics get, as one set. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** The end of the period, in milliseconds since the epoch. */
  readonly timestampMs: number;
  /**
   * The members of the line that become metrics, for CloudWatch charges by the metric. The others stay, for a query of the logs.
   * @default all, see `EMF_METRICS`
   */
  readonly metrics?: readonly string[] | undefined;
}

/** What happened between two snapshots of one cache, as one line of CloudWatch embedded metric format, without its end. */
export function emfLine(before: CacheStats, after: CacheStats, options: EmfLineOptions): string {
  const { namespace, dimensions, timestampMs, metrics = EMF_METRICS } = options;
  const values = Object.fromEntries(
    [...METRICS]
      .map(([name, metric]) => [name, metric.value(before, after)] as const)
      .filter(([, value]) => value !== undefined),
  );
  const definitions = metrics
    .filter((name) => Object.hasOwn(values, name))
    .map((name) => ({ Name: name, Unit: METRICS.get(name)?.unit }));
  return JSON.stringify({
    _aws: {
      Timestamp: Math.floor(timestampMs),
      CloudWatchMetrics: [
        { Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics: definitions },
      ],
    },
    ...dimensions,
    ...values,
  });
}

const METRICS: ReadonlyMap<string, EmfMetric> = new Map([
  ['HitRate', { unit: 'Percent', value: hitRate }],
  ...(Object.keys(zeroCounts()) as Counter[]).map((field): [string, EmfMetric] => [
    capitalised(field),
    {
      unit: field.startsWith('bytes') ? 'Bytes' : 'Count',
      value: (before, after) => after[field] - before[field],
    },
  ]),
  ...(Object.keys(zeroErrors()) as ErrorKind[]).map((kind): [string, EmfMetric] => [
    `Errors${capitalised(kind)}`,
    { unit: 'Count', value: (before, after) => after.errors[kind] - before.errors[kind] },
  ]),
  [
    'LostInvalidations',
    { unit: 'Count', value: (before, after) => after.lostInvalidations - before.lostInvalidations },
  ],
  ['OwedInvalidations', { unit: 'Count', value: (_before, after) => after.owedInvalidations }],
  ['RunningLoads', { unit: 'Count', value: (_before, after) => after.runningLoads }],
  ['QueuedLoads', { unit: 'Count', value: (_before, after) => after.queuedLoads }],
  ['NearEntries', { unit: 'Count', value: (_before, after) => after.nearEntries }],
  ['BreakerOpen', { unit: 'Count', value: (_before, after) => (after.breakerOpen ? 1 : 0) }],
  ['RedisLatency', latency('redis')],
  ['LoadLatency', latency('load')],
  ['LeaseWaitLatency', latency('wait')],
  ['StaleAge', latency('stale')],
]);

/** The names of all metrics. CloudWatch takes at most 100 in one line. */
export const EMF_METRICS: readonly string[] = [...METRICS.keys()];

/** The share of reads in the period that were hits, in percent; undefined when there were none. */
function hitRate(before: CacheStats, after: CacheStats): number | undefined {
  const hits = after.hits - before.hits;
  const reads = hits + after.misses - before.misses + after.bypasses - before.bypasses;
  return reads === 0 ? undefined : (100 * hits) / reads;
}

function latency(field: keyof Latencies): EmfMetric {
  return {
    unit: 'Milliseconds',
    value: (before, after) => distribution(histogramBetween(before.latency[field], after.latency[field])),
  };
}

/** A bucket's value is its middle; above the last bound it is that bound. Empty buckets are left out. */
function distribution({ bounds, counts, sum, count }: HistogramSnapshot): EmfDistribution | undefined {
  const buckets = counts.flatMap((observed, bucket) => {
    const lower = bounds[bucket - 1] ?? 0;
    const middle = (lower + (bounds[bucket] ?? lower)) / 2;
    return observed > 0 ? [{ value: Number(middle.toPrecision(3)), observed }] : [];
  });
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return {
    Values: buckets.map(({ value }) => value),
    Counts: buckets.map(({ observed }) => observed),
    Min: first.value,
    Max: last.value,
    Sum: sum,
    Count: count,
  };
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
