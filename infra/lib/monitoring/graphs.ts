import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Cache } from '../cache/cache.ts';
import type { WebTier } from '../web/web-tier.ts';
import { formulaOf, metricOf, type Reporter } from './metrics.ts';
import { balancerOf, serverOf } from './web-watches.ts';
import type { Row } from './watch.ts';

/** A graph without an alarm: what one wants to see beside those that have one. */
export interface Graph {
  readonly row: Row;
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly IMetric[];
}

/** What the site does, whether well or not. */
export function plainGraphs({ cache, web }: { readonly cache: Cache; readonly web: WebTier }): Graph[] {
  return [
    lookUps(cache),
    ...(web.balancer ? requests(balancerOf(web.balancer.loadBalancerFullName)) : []),
    cpu(web),
  ];
}

/** Of all nodes together. */
function lookUps({ members, serverlessName }: Cache): Graph {
  const namespace = 'AWS/ElastiCache';
  const reporters: Reporter[] =
    serverlessName === undefined
      ? members.map(({ cacheClusterId }) => ({ namespace, dimensions: { CacheClusterId: cacheClusterId } }))
      : [{ namespace, dimensions: { clusterId: serverlessName } }];
  const sum = (id: string, metricName: string, label: string) =>
    formulaOf(reporters, { metrics: { [id]: metricName }, combine: 'SUM', statistic: 'Sum', label });
  return {
    row: 'What visitors feel',
    title: 'Look-ups a minute',
    unit: 'look-ups',
    lines: [sum('hits', 'CacheHits', 'hits'), sum('misses', 'CacheMisses', 'misses')],
  };
}

function requests(balancer: Reporter): Graph[] {
  const time = (statistic: string) =>
    metricOf(balancer, 'TargetResponseTime', { statistic, label: statistic });
  return [
    {
      row: 'What visitors feel',
      title: 'Requests a minute',
      unit: 'requests',
      lines: [metricOf(balancer, 'RequestCount', { statistic: 'Sum', label: 'requests' })],
    },
    {
      row: 'What visitors feel',
      title: 'Time to the answer',
      unit: 's',
      lines: [time('p50'), time('p90'), time('p99')],
    },
  ];
}

/** EC2 reports every five minutes unless one pays for every minute. */
function cpu({ instance, group }: WebTier): Graph {
  const lines: Reporter[] = [
    ...(instance ? [serverOf(instance.instanceId)] : []),
    ...(group
      ? [{ namespace: 'AWS/EC2', dimensions: { AutoScalingGroupName: group.autoScalingGroupName } }]
      : []),
  ];
  return {
    row: 'Web',
    title: 'CPU of the servers',
    unit: '%',
    lines: lines.map((reporter) => metricOf(reporter, 'CPUUtilization', { minutes: 5, label: 'average' })),
  };
}
