import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** The dashboard's rows, from top to bottom. */
export const rows = ['What visitors feel', 'Cache', 'Database', 'Web'] as const;
export type Row = (typeof rows)[number];

/** Something that is watched: an alarm, and the graph it stands beside. */
export interface Watch {
  /** The alarm's name in the stack and in docs/alarms.md. */
  readonly id: string;
  readonly row: Row;
  /** The graph's title. Watches of one row that give the same title share the graph. */
  readonly graph: string;
  /** What the graph's axis counts: `%`, `µs`, ... */
  readonly unit: string;
  /** What it means when it fires, in a sentence or two: this is the text of the mail. */
  readonly meaning: string;
  /** What is compared with the limit. */
  readonly metric: IMetric;
  /** What is drawn. @default the metric */
  readonly lines?: readonly IMetric[];
  /** Where it fires, in the metric's unit: above this, or below that. */
  readonly limit: { readonly above: number } | { readonly below: number };
  /** How many periods in a row. */
  readonly periods: number;
  /**
   * What it means when nothing is reported.
   * `trouble`: it fires. `unknown`: it shows as "insufficient data", which is grey and never green. `calm`: it is well.
   */
  readonly silence: 'trouble' | 'unknown' | 'calm';
  /**
   * Whether a second message says that it is over. CloudWatch also sends one when the alarm is new and sees its
   * first data, so it is for the few that tell whether the site works.
   * @default false
   */
  readonly saysWhenOver?: boolean;
}

const missingData = {
  trouble: TreatMissingData.BREACHING,
  unknown: TreatMissingData.MISSING,
  calm: TreatMissingData.NOT_BREACHING,
} as const;

/** The number a watch compares with. */
export const thresholdOf = ({ limit }: Watch): number => ('above' in limit ? limit.above : limit.below);

/** Makes the alarm of a watch, which tells the topic. */
export function alarmOf(scope: Construct, watch: Watch, topic: ITopic): Alarm {
  const alarm = new Alarm(scope, watch.id, {
    metric: watch.metric,
    alarmDescription: `${watch.meaning} What to do: docs/alarms.md, ${watch.id}.`,
    threshold: thresholdOf(watch),
    comparisonOperator:
      'above' in watch.limit
        ? ComparisonOperator.GREATER_THAN_THRESHOLD
        : ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: watch.periods,
    datapointsToAlarm: watch.periods,
    treatMissingData: missingData[watch.silence],
  });
  alarm.addAlarmAction(new SnsAction(topic));
  if (watch.saysWhenOver) alarm.addOkAction(new SnsAction(topic));
  return alarm;
}
