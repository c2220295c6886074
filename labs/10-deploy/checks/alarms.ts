import { fail } from '@workshop/lab-kit';
import { alarmsOf, type WatchedMetric, type WrittenAlarm } from '../template/alarms.ts';
import { named, resourcesOf } from '../template/stack-model.ts';
import { listOf, textOf, valuesOf } from '../template/template.ts';
import { counted, stackCheck, type StackCheck, type Subject } from './lab-check.ts';
import { membersOf, vcpusOf } from './members.ts';
import { cachesOf, databasesOf, isServerless } from './parts.ts';

const longestSeconds = 15 * 60;

export const alarms: StackCheck = stackCheck({
  id: 'alarms',
  title: "The database's CPU, the cache's CPU and its memory raise an alarm that somebody hears",
  expected:
    'an alarm for each, above a threshold that can be reached, within 15 minutes, with an SNS topic as its action',
  hint: 'GAP 4. The table in the guide has the metrics and the range for each threshold.',
  hints: [
    'What is the highest value that this metric can have on this node, and how long must it last until the alarm fires?',
    '`new Alarm(...)` with `GREATER_THAN_THRESHOLD`, and `addAlarmAction(new SnsAction(topic))`. CPUUtilization of a cache node counts all vCPUs, and commands run on one.',
    { file: 'workshop-stack.ts', from: 'const alarms = new Topic', to: "watch('CacheMemory'" },
  ],
  judge(subject) {
    const written = alarmsOf(subject);
    const wanted = wantedAlarms(subject);
    for (const want of wanted) {
      const candidates = written.filter(({ metrics }) => metrics.some((metric) => watches(metric, want)));
      if (candidates.length === 0) {
        fail(
          `no alarm on ${want.what}: ${counted(written.length, 'alarm')} in the template, expected ${wanted.length} or more`,
          {
            mistake: 'alarm-missing',
            leadsTo: 'It fills up at night, and the visitors are the first to notice.',
          },
        );
      }
      // A second alarm on the same may warn earlier or of something else.
      const failures = candidates.map((alarm) => unfit(alarm, want));
      const failure = failures.find((each) => each !== undefined);
      if (failure && failures.every((each) => each !== undefined)) fail(failure.seen, failure);
    }
    checkHeard(subject, written);
    return `${counted(written.length, 'alarm')}, each with a topic`;
  },
});

/** What must be watched: any of these metrics of one reporter. */
interface Wanted {
  readonly what: string;
  readonly namespace: string;
  readonly dimension: string;
  readonly value: string;
  /** The metrics that will do, with the lowest and the highest threshold for each. */
  readonly metrics: Readonly<Record<string, readonly [from: number, to: number]>>;
}

const percent = [50, 95] as const;

function wantedAlarms(subject: Subject): readonly Wanted[] {
  const databases = databasesOf(subject).filter(
    ({ properties }) => !properties['SourceDBInstanceIdentifier'],
  );
  const ofDatabases = databases.map((database): Wanted => ({
    what: 'CPUUtilization of the database',
    namespace: 'AWS/RDS',
    dimension: 'DBInstanceIdentifier',
    value: database.ref,
    metrics: { CPUUtilization: percent },
  }));
  const ofCaches = cachesOf(subject).flatMap((cache): Wanted[] => {
    const namespace = 'AWS/ElastiCache';
    if (isServerless(cache)) {
      const own = { namespace, dimension: 'clusterId', value: cache.ref };
      const any = [Number.MIN_VALUE, Infinity] as const;
      return [
        {
          what: 'ElastiCacheProcessingUnits or ThrottledCmds of the cache',
          ...own,
          metrics: { ElastiCacheProcessingUnits: any, ThrottledCmds: [0, Infinity] },
        },
        { what: 'BytesUsedForCache of the cache', ...own, metrics: { BytesUsedForCache: any } },
      ];
    }
    const vcpus = vcpusOf(cache);
    return membersOf(subject, cache).flatMap((value): Wanted[] => {
      const own = { namespace, dimension: 'CacheClusterId', value };
      const member = value.slice(cache.ref.length);
      return [
        {
          what: `CPUUtilization or EngineCPUUtilization of the cache's member ${member}`,
          ...own,
          metrics: {
            EngineCPUUtilization: percent,
            CPUUtilization: [percent[0] / vcpus, percent[1] / vcpus] as const,
          },
        },
        {
          what: `DatabaseMemoryUsagePercentage of the cache's member ${member}`,
          ...own,
          metrics: { DatabaseMemoryUsagePercentage: percent },
        },
      ];
    });
  });
  return [...ofDatabases, ...ofCaches];
}

function watches(metric: WatchedMetric, { namespace, dimension, value, metrics }: Wanted): boolean {
  return metric.namespace === namespace && metric.dimensions[dimension] === value && metric.name in metrics;
}

interface Unfit {
  readonly seen: string;
  readonly mistake: string;
  readonly leadsTo: string;
}

/** Why an alarm would not fire when it should, or always does. */
function unfit(alarm: WrittenAlarm, want: Wanted): Unfit | undefined {
  const { id, comparison, threshold, evaluationPeriods, datapoints } = alarm;
  const metric = alarm.metrics.find((each) => watches(each, want));
  if (!metric) return undefined;
  const silent = {
    mistake: 'alarm-cannot-fire',
    leadsTo: 'The alarm is silent when it is needed, or always on and soon ignored.',
  };
  if (threshold === undefined || !/^GreaterThan(?:OrEqualTo)?Threshold$/.test(comparison)) {
    return {
      seen: `the alarm ${id} compares by ${comparison || 'nothing'}, expected GreaterThanThreshold`,
      ...silent,
    };
  }
  const [from, to] = want.metrics[metric.name] ?? percent;
  // What a formula makes of it may have any scale.
  if (metric.direct && !(threshold >= from && threshold <= to)) {
    const range = to === Infinity ? `at least ${from === 0 ? 0 : 'more than 0'}` : `${from} to ${to}`;
    return {
      seen: `the alarm ${id} fires above ${threshold}, expected ${range} for ${metric.name}`,
      ...silent,
    };
  }
  const sums = /^(?:ElastiCacheProcessingUnits|ThrottledCmds)$/.test(metric.name);
  if (
    !/^(?:Average|Maximum|p\d+(?:\.\d+)?|tm\d.*|TM\(.*|IQM)$/.test(metric.statistic) &&
    !(sums && metric.statistic === 'Sum')
  ) {
    return {
      seen: `the alarm ${id} looks at the ${metric.statistic || 'nothing'} of ${metric.name}, expected Average or Maximum`,
      ...silent,
    };
  }
  if (!(metric.periodSeconds >= 60 && metric.periodSeconds % 60 === 0)) {
    return {
      seen: `the alarm ${id} has a period of ${metric.periodSeconds} s, expected whole minutes`,
      ...silent,
    };
  }
  const seconds = metric.periodSeconds * evaluationPeriods;
  if (!(seconds <= longestSeconds)) {
    return {
      seen: `the alarm ${id} fires after ${seconds / 60} minutes, expected ${longestSeconds / 60} at most`,
      ...silent,
    };
  }
  if (datapoints > evaluationPeriods) {
    return { seen: `the alarm ${id} wants ${datapoints} of ${evaluationPeriods} periods`, ...silent };
  }
  return undefined;
}

function checkHeard(subject: Subject, written: readonly WrittenAlarm[]): void {
  const unheard = { mistake: 'alarm-unheard', leadsTo: 'The alarm fires in a console that nobody looks at.' };
  for (const { id, actions, actionsEnabled } of written) {
    const topics = actions.filter((action) => named(subject, action, 'AWS::SNS::Topic'));
    if (topics.length === 0)
      fail(
        `the alarm ${id} has ${counted(actions.length, 'action')}, none of them a topic of this stack`,
        unheard,
      );
    if (!actionsEnabled) fail(`the alarm ${id} has its actions switched off`, unheard);
    const { alarmEmail } = subject;
    if (
      alarmEmail !== undefined &&
      !topics.some((topic) => subscribersOf(subject, topic).includes(alarmEmail))
    ) {
      fail(`${alarmEmail} is not subscribed to the topic of the alarm ${id}`, unheard);
    }
  }
}

function subscribersOf(subject: Subject, topic: string): readonly string[] {
  const beside = resourcesOf(subject, 'AWS::SNS::Subscription').map(({ properties }) => properties);
  const inline = listOf(named(subject, topic, 'AWS::SNS::Topic')?.properties['Subscription']).map(valuesOf);
  return [...beside.filter(({ TopicArn }) => textOf(TopicArn) === topic), ...inline].map(({ Endpoint }) =>
    textOf(Endpoint),
  );
}
