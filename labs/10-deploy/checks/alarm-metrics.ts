import { fail } from '@workshop/lab-kit';
import { alarmsOf, type WatchedMetric } from '../template/alarms.ts';
import {
  instanceMetrics,
  nodeMetrics,
  otherNamespaces,
  rdsMetrics,
  serverlessMetrics,
} from '../template/metrics.ts';
import { counted, stackCheck, type StackCheck, type Subject } from './lab-check.ts';
import { membersOf } from './members.ts';
import { cachesOf, databasesOf, isServerless } from './parts.ts';
import { instancesOf } from './servers.ts';

export const alarmMetrics: StackCheck = stackCheck({
  id: 'alarm-metrics',
  title: 'Every alarm looks at a metric that there is',
  expected:
    'a namespace, a metric and dimensions under which this database, this cache or this server reports',
  hint: 'GAP 4. CloudWatch takes any name: an alarm on one that nobody reports stays at INSUFFICIENT_DATA for good.',
  hints: [
    'Under which name does the one node of your replication group report? And a serverless cache?',
    'Dimensions are `DBInstanceIdentifier` (RDS), `CacheClusterId` with the member `<id>-001` (a replication group), `clusterId` (a serverless cache), `InstanceId` (EC2).',
    { file: 'workshop-stack.ts', from: 'const ofCache', to: '});' },
  ],
  judge(subject) {
    const alarms = alarmsOf(subject);
    for (const { id, metrics } of alarms) for (const metric of metrics) judgeMetric(subject, id, metric);
    return `${counted(alarms.length, 'alarm')}, each on a metric that is reported`;
  },
});

const never = {
  leadsTo: 'The alarm never has data and never fires. It looks calm on the day it is needed.',
};

/** Whose metrics they are: their names, and the sets of dimensions under which they are reported. */
interface Reporter {
  readonly called: string;
  readonly metrics: ReadonlySet<string>;
  readonly dimensions: readonly Readonly<Record<string, string>>[];
}

function reportersIn(subject: Subject, namespace: string): readonly Reporter[] | undefined {
  switch (namespace) {
    case 'AWS/RDS':
      return databasesOf(subject).map(({ ref }) => ({
        called: 'a database',
        metrics: rdsMetrics,
        dimensions: [{ DBInstanceIdentifier: ref }],
      }));
    case 'AWS/EC2':
      return instancesOf(subject).map(({ ref }) => ({
        called: 'an instance',
        metrics: instanceMetrics,
        dimensions: [{ InstanceId: ref }],
      }));
    case 'AWS/ElastiCache':
      return cachesOf(subject).map((cache): Reporter =>
        isServerless(cache)
          ? {
              called: 'a serverless cache',
              metrics: serverlessMetrics,
              dimensions: [{ clusterId: cache.ref }],
            }
          : {
              called: 'a member of a replication group',
              metrics: nodeMetrics,
              dimensions: membersOf(subject, cache).flatMap((member): Reporter['dimensions'] => [
                { CacheClusterId: member },
                { CacheClusterId: member, CacheNodeId: '0001' },
              ]),
            },
      );
    default:
      return undefined;
  }
}

function judgeMetric(subject: Subject, alarm: string, metric: WatchedMetric): void {
  const { namespace, name, dimensions } = metric;
  const reporters = reportersIn(subject, namespace);
  if (!reporters) {
    // What an application reports itself has a namespace of its own.
    if (!namespace.toLowerCase().startsWith('aws/') || otherNamespaces.has(namespace)) return;
    fail(`the alarm ${alarm} looks into the namespace ${namespace}, which AWS does not have`, {
      mistake: 'no-such-namespace',
      ...never,
    });
  }
  const reported = reporters.filter(({ metrics }) => metrics.has(name));
  if (reported.length === 0) {
    fail(
      `the alarm ${alarm} looks at ${name || 'no metric'}, which ${reporters[0]?.called ?? 'nothing here'} does not report to ${namespace}`,
      {
        mistake: 'no-such-metric',
        ...never,
      },
    );
  }
  const wanted = reported.flatMap((reporter) => reporter.dimensions);
  if (wanted.some((set) => sameSet(set, dimensions))) {
    judgeUnit(alarm, metric);
    return;
  }
  const [example = {}] = wanted;
  const names = Object.keys(dimensions);
  if (!wanted.some((set) => Object.keys(set).toSorted().join() === names.toSorted().join())) {
    fail(
      `the alarm ${alarm} has ${names.length === 0 ? 'no dimension' : `the dimensions ${names.join(', ')}`}, expected ${Object.keys(example).join(', ')}`,
      {
        mistake: 'no-such-dimension',
        ...never,
      },
    );
  }
  fail(
    `the alarm ${alarm} looks at ${shown(dimensions)}; ${reported[0]?.called} reports as ${shown(example)}`,
    {
      mistake: 'wrong-dimension-value',
      ...never,
    },
  );
}

function judgeUnit(alarm: string, { name, unit }: WatchedMetric): void {
  const isPercent = /Utilization$|Percentage$|^CacheHitRate$/.test(name);
  if (!isPercent || unit === '' || unit === 'Percent') return;
  fail(`the alarm ${alarm} looks for ${name} in ${unit}; it is reported in Percent`, {
    mistake: 'wrong-unit',
    ...never,
  });
}

function sameSet(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function shown(dimensions: Readonly<Record<string, string>>): string {
  return Object.entries(dimensions)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
