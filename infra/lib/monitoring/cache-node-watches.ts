import type { Cache } from '../cache/cache.ts';
import type { CacheConfig } from '../config/config.ts';
import { creditWatches } from './credits.ts';
import { formulaOf, inGroups, metricOf, type Formula, type Reporter } from './metrics.ts';
import type { Watch } from './watch.ts';

type Nodes = readonly Reporter[];
type Given = Omit<Watch, 'row' | 'metric' | 'lines'> & {
  readonly row?: Watch['row'];
  readonly formula: Formula;
};

/**
 * What is watched of a cache made of nodes. A replication group has no metrics of its own: each node reports under its
 * own name. So an alarm is the worst of all nodes, ten metrics an alarm:
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.html
 */
export function cacheNodeWatches(cache: Cache, config: Pick<CacheConfig, 'engine' | 'nodeType'>): Watch[] {
  const nodes = cache.members.map(nodeOf);
  const replicas = cache.members.filter(({ mayBeReplica }) => mayBeReplica).map(nodeOf);
  return [
    ...hitRate(nodes),
    ...readLatency(nodes, config.engine),
    ...cpu(nodes, cache.vCpus),
    ...memory(nodes, 80, {
      id: 'CacheMemory',
      meaning:
        'A cache node has used more than 80 % of its memory: time for a larger one, or for shorter expiries.',
    }),
    ...memory(nodes, 90, {
      id: 'CacheMemoryFull',
      meaning: 'A cache node has used more than 90 % of its memory: soon it evicts what is still wanted.',
    }),
    ...evictions(nodes),
    ...connections(nodes),
    ...replicationLag(replicas),
    ...(cache.isBurstable ? credits(nodes, config.nodeType) : []),
  ];
}

const nodeOf = ({ label, cacheClusterId }: Cache['members'][number]): Reporter => ({
  namespace: 'AWS/ElastiCache',
  dimensions: { CacheClusterId: cacheClusterId },
  label,
});

/** The worst of the nodes in one watch, and each node a line of its graph. */
function watchesOf(nodes: Nodes, { formula, ...given }: Given): Watch[] {
  const [name = ''] = Object.values(formula.metrics);
  return inGroups(nodes, Object.keys(formula.metrics).length, (group, suffix) => ({
    row: 'Cache',
    ...given,
    id: `${given.id}${suffix.trim()}`,
    graph: `${given.graph}${suffix}`,
    metric: formulaOf(group, formula),
    lines: group.map((node) =>
      metricOf(node, name, { statistic: formula.statistic, minutes: formula.minutes }),
    ),
  }));
}

/**
 * The engine's thread is busy for more than 90 % of five minutes. On nodes with fewer than four vCPUs the background work counts as
 * well, so there it is CPUUtilization, of which one vCPU's share is 90 divided by their number. A node that says nothing counts as busy.
 *
 * Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html; 5 of 5 minutes from
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#ElastiCache
 */
function cpu(nodes: Nodes, vCpus: number): Watch[] {
  const isLarge = vCpus >= 4;
  return watchesOf(nodes, {
    id: 'CacheCpu',
    graph: isLarge ? 'CPU of the engine' : 'CPU',
    unit: '%',
    meaning: 'A cache node is at the end of what it can compute, or no longer reports.',
    formula: {
      metrics: { cpu: isLarge ? 'EngineCPUUtilization' : 'CPUUtilization' },
      // A formula passes over what is missing, so one silent node among others would look calm.
      term: nodes.length > 1 ? (of) => `FILL(${of('cpu')}, 100)` : undefined,
      combine: 'MAX',
    },
    limit: { above: isLarge ? 90 : 90 / vCpus },
    periods: 5,
    silence: 'trouble',
  });
}

/**
 * used_memory of maxmemory: 80 % warns while there is time to scale, at 90 % evictions are near.
 *
 * Source: the metric and 5 of 5 minutes from
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#ElastiCache,
 * which leaves the percentage to the user: these two are ours.
 */
function memory(nodes: Nodes, above: number, given: Pick<Watch, 'id' | 'meaning'>): Watch[] {
  return watchesOf(nodes, {
    ...given,
    graph: 'Memory used',
    unit: '%',
    formula: { metrics: { memory: 'DatabaseMemoryUsagePercentage' }, combine: 'MAX' },
    limit: { above },
    periods: 5,
    silence: 'unknown',
  });
}

/**
 * Keys that had not expired went to make room, in each of three times five minutes. One burst is a cache at work; going on for a
 * quarter of an hour means that what is wanted does not fit.
 *
 * Source: "determine your own alarm threshold" of
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html. Ours is none, for the demo's data fit.
 */
function evictions(nodes: Nodes): Watch[] {
  return watchesOf(nodes, {
    id: 'CacheEvictions',
    graph: 'Evictions in 5 minutes',
    unit: 'keys',
    meaning:
      'For 15 minutes the cache has been evicting keys that had not expired: it is too small for what is wanted.',
    formula: { metrics: { evicted: 'Evictions' }, combine: 'SUM', statistic: 'Sum', minutes: 5 },
    limit: { above: 0 },
    periods: 3,
    silence: 'unknown',
  });
}

/**
 * More than 1,000 connections to a node for ten minutes. A server of the demo opens fewer than ten, so these are never closed.
 *
 * Source: "establish a baseline, and remember that each node can support up to 65,000", 10 of 10 minutes, of
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#ElastiCache
 */
function connections(nodes: Nodes): Watch[] {
  return watchesOf(nodes, {
    id: 'CacheConnections',
    graph: 'Connections',
    unit: 'connections',
    meaning:
      'A cache node has more than 1,000 connections, far more than the servers need: some are never closed.',
    formula: { metrics: { open: 'CurrConnections' }, combine: 'MAX' },
    limit: { above: 1000 },
    periods: 10,
    silence: 'unknown',
  });
}

/**
 * A replica is more than a second behind its primary for five minutes. Only what may be a replica is watched; while it is the
 * primary it reports none.
 *
 * Source: the metric from
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#ElastiCache, which
 * leaves the time to the application. A healthy replica is milliseconds behind, and a failover loses what it has not got.
 */
function replicationLag(replicas: Nodes): Watch[] {
  return watchesOf(replicas, {
    id: 'CacheReplicationLag',
    graph: 'Replication lag',
    unit: 's',
    meaning:
      'A replica of the cache is more than a second behind: who reads there gets old values, and a failover would lose writes.',
    formula: { metrics: { lag: 'ReplicationLag' }, combine: 'MAX' },
    limit: { above: 1 },
    periods: 5,
    silence: 'unknown',
  });
}

/**
 * Fewer than 80 % of the look-ups find their key for 15 minutes, and at least 20 a minute do not: a single visitor of a cold
 * cache is no trouble. With nobody there the rate is not reported, which is calm.
 *
 * Source: "lower than about 0.8 means that a significant amount of keys are evicted, expired or don't exist",
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html
 */
function hitRate(nodes: Nodes): Watch[] {
  return watchesOf(nodes, {
    id: 'CacheHitRate',
    row: 'What visitors feel',
    graph: 'Hit rate of the cache',
    unit: '%',
    meaning: 'For 15 minutes fewer than 80 % of the look-ups have found their key, so MySQL does the work.',
    formula: {
      metrics: { rate: 'CacheHitRate', missed: 'CacheMisses' },
      term: (of) => `IF(${of('missed')} >= 20, ${of('rate')}, 100)`,
      combine: 'MIN',
      minutes: 5,
    },
    limit: { below: 80 },
    periods: 3,
    silence: 'calm',
  });
}

/**
 * Reads take more than a millisecond on average inside the engine, for five minutes. A GET takes a few microseconds.
 * Redis OSS does not report SuccessfulReadRequestLatency, but the latency of its read commands.
 *
 * Source: the metrics from https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html; "microsecond latency" is
 * what ElastiCache promises, https://aws.amazon.com/elasticache/, so the limit is where it is none any more.
 */
function readLatency(nodes: Nodes, engine: CacheConfig['engine']): Watch[] {
  return watchesOf(nodes, {
    id: 'CacheReadLatency',
    row: 'What visitors feel',
    graph: 'Read latency of the cache',
    unit: 'µs',
    meaning:
      'Reads take the cache more than a millisecond on average: a command is slow, or the node is busy.',
    formula: {
      metrics: { latency: engine === 'valkey' ? 'SuccessfulReadRequestLatency' : 'GetTypeCmdsLatency' },
      combine: 'MAX',
    },
    limit: { above: 1000 },
    periods: 5,
    silence: 'calm',
  });
}

/** ElastiCache's burstable nodes run in standard mode: without credits they fall to a tenth or a fifth of a vCPU. */
function credits(nodes: Nodes, nodeType: string): readonly Watch[] {
  return creditWatches(nodes, nodeType, {
    id: 'CacheCredits',
    row: 'Cache',
    meaning: 'A cache node is using up its CPU credits. Without them it is slowed down to its baseline.',
  });
}
