import type { Cache } from '../cache/cache.ts';
import { formulaOf, metricOf, type Reporter } from './metrics.ts';
import type { Watch } from './watch.ts';

/** GB as AWS bills them: a power of ten. */
const GB = 1e9;
/** How much of a limit may be used before somebody is told. */
const share = 0.8;

/**
 * What is watched of a serverless cache. It reports as a whole, under the dimension `clusterId`, and under no other:
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/serverless-metrics-events-redis.html
 *
 * @throws Error on a cache that has no name
 */
export function cacheServerlessWatches(cache: Cache): Watch[] {
  const { serverlessName, maxEcpuPerSecond, maxGb } = cache;
  if (serverlessName === undefined)
    throw new Error('a serverless cache has no serverlessName to be watched by');
  const reporter: Reporter = { namespace: 'AWS/ElastiCache', dimensions: { clusterId: serverlessName } };
  return [
    hitRate(reporter),
    readLatency(reporter),
    throttled(reporter),
    ...(maxEcpuPerSecond === undefined ? [] : [ecpu(reporter, maxEcpuPerSecond)]),
    ...(maxGb === undefined ? [] : [storage(reporter, maxGb)]),
    evictions(reporter),
    connections(reporter),
  ];
}

/**
 * Commands were throttled in each of three minutes: more came than ElastiCache scales to, or than the limit on processing units lets through.
 * It may report none when there was none, which is calm.
 *
 * Source: the metric from
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/serverless-metrics-events-redis.html; any throttled command is one that failed, so the limit is none.
 */
const throttled = (reporter: Reporter): Watch => ({
  id: 'CacheThrottled',
  row: 'Cache',
  graph: 'Throttled commands a minute',
  unit: 'commands',
  meaning:
    'The serverless cache refuses commands: more come than it has scaled to, or than its limit lets through.',
  metric: metricOf(reporter, 'ThrottledCmds', { statistic: 'Sum' }),
  limit: { above: 0 },
  periods: 3,
  silence: 'calm',
});

/**
 * More than 80 % of the processing units that the stack allows, for five minutes. An idle cache uses none, which is calm.
 *
 * Source: the limit is the stack's own, and commands above it are throttled:
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html. The share is ours, as that of memory.
 */
const ecpu = (reporter: Reporter, maxEcpuPerSecond: number): Watch => ({
  id: 'CacheEcpu',
  row: 'Cache',
  graph: 'Processing units a minute',
  unit: 'ECPU',
  meaning:
    'The serverless cache uses more than 80 % of the processing units it is allowed: above, commands are throttled.',
  metric: metricOf(reporter, 'ElastiCacheProcessingUnits', { statistic: 'Sum' }),
  limit: { above: share * maxEcpuPerSecond * 60 },
  periods: 5,
  silence: 'calm',
});

/**
 * More than 80 % of the data that the stack allows, for five minutes.
 *
 * Source: the limit is the stack's own, and above it ElastiCache evicts:
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html. The share is ours, as that of memory.
 */
const storage = (reporter: Reporter, maxGb: number): Watch => ({
  id: 'CacheStorage',
  row: 'Cache',
  graph: 'Data kept',
  unit: 'bytes',
  meaning:
    'The serverless cache holds more than 80 % of the data it is allowed: above, it evicts what is still wanted.',
  metric: metricOf(reporter, 'BytesUsedForCache', { statistic: 'Maximum' }),
  limit: { above: share * maxGb * GB },
  periods: 5,
  silence: 'unknown',
});

/**
 * Keys that had not expired went, in each of three times five minutes.
 *
 * Source: as that of a node,
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html
 */
const evictions = (reporter: Reporter): Watch => ({
  id: 'CacheEvictions',
  row: 'Cache',
  graph: 'Evictions in 5 minutes',
  unit: 'keys',
  meaning:
    'For 15 minutes the cache has been evicting keys that had not expired: its limit is too low for what is wanted.',
  metric: metricOf(reporter, 'Evictions', { statistic: 'Sum', minutes: 5 }),
  limit: { above: 0 },
  periods: 3,
  silence: 'calm',
});

/**
 * More than 1,000 connections for ten minutes. A server of the demo opens fewer than ten, so these are never closed.
 *
 * Source: as that of a node,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#ElastiCache
 */
const connections = (reporter: Reporter): Watch => ({
  id: 'CacheConnections',
  row: 'Cache',
  graph: 'Connections',
  unit: 'connections',
  meaning:
    'The cache has more than 1,000 connections, far more than the servers need: some are never closed.',
  metric: metricOf(reporter, 'CurrConnections'),
  limit: { above: 1000 },
  periods: 10,
  silence: 'unknown',
});

/**
 * Fewer than 80 % of the look-ups find their key for 15 minutes, and at least 20 a minute do not.
 *
 * Source: as that of a node, https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html
 */
const hitRate = (reporter: Reporter): Watch => ({
  id: 'CacheHitRate',
  row: 'What visitors feel',
  graph: 'Hit rate of the cache',
  unit: '%',
  meaning: 'For 15 minutes fewer than 80 % of the look-ups have found their key, so MySQL does the work.',
  metric: formulaOf([reporter], {
    metrics: { rate: 'CacheHitRate', missed: 'CacheMisses' },
    term: (of) => `IF(${of('missed')} >= 20, ${of('rate')}, 100)`,
    combine: 'MIN',
    minutes: 5,
  }),
  lines: [metricOf(reporter, 'CacheHitRate', { minutes: 5 })],
  limit: { below: 80 },
  periods: 3,
  silence: 'calm',
});

/**
 * Reads take more than two milliseconds on average, for five minutes. It is twice what a node is given, for here a read goes through a proxy.
 *
 * Source: the metric from
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/serverless-metrics-events-redis.html. The time is ours, as that of a node.
 */
const readLatency = (reporter: Reporter): Watch => ({
  id: 'CacheReadLatency',
  row: 'What visitors feel',
  graph: 'Read latency of the cache',
  unit: 'µs',
  meaning:
    'Reads take the cache more than two milliseconds on average: a command is slow, or it has not scaled yet.',
  metric: metricOf(reporter, 'SuccessfulReadRequestLatency'),
  limit: { above: 2000 },
  periods: 5,
  silence: 'calm',
});
