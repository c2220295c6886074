import type { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib/core';
import type { Monitoring } from '../../lib/monitoring/monitoring.ts';

/** A metric as the template has it. A dimension's value is text, or JSON where CloudFormation fills it in. */
export interface SeenMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly seconds: number;
}

export interface SeenAlarm {
  readonly id: string;
  readonly logicalId: string;
  readonly metrics: readonly SeenMetric[];
  readonly expressions: readonly string[];
  readonly properties: AlarmProperties;
}

interface Dimensioned {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

interface AlarmProperties extends Partial<Dimensioned> {
  readonly AlarmDescription: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
  readonly AlarmActions: readonly unknown[];
  readonly OKActions?: readonly unknown[];
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Period?: number;
  readonly Metrics?: readonly {
    readonly Expression?: string;
    readonly ReturnData?: boolean;
    readonly MetricStat?: { readonly Metric: Dimensioned; readonly Stat: string; readonly Period: number };
  }[];
}

/** The template's alarms in the order of the dashboard, each under the id it has in the code. */
export function alarmsOf({ template, monitoring, stack }: Seen): SeenAlarm[] {
  const resources = template.findResources('AWS::CloudWatch::Alarm');
  return monitoring.alarms.map((alarm) => {
    const logicalId = stack.getLogicalId(alarm.node.defaultChild as Parameters<Stack['getLogicalId']>[0]);
    const properties = resources[logicalId]?.['Properties'] as AlarmProperties;
    const { Metrics: queries = [] } = properties;
    return {
      id: alarm.node.id,
      logicalId,
      properties,
      expressions: queries.flatMap(({ Expression: expression }) => expression ?? []),
      metrics: properties.MetricName
        ? [seen(properties as Dimensioned, statisticOf(properties), properties.Period)]
        : queries.flatMap(({ MetricStat: stat }) => (stat ? seen(stat.Metric, stat.Stat, stat.Period) : [])),
    };
  });
}

export interface Seen {
  readonly template: Template;
  readonly monitoring: Monitoring;
  readonly stack: Stack;
}

const statisticOf = ({ Statistic, ExtendedStatistic }: AlarmProperties) =>
  Statistic ?? ExtendedStatistic ?? '';

function seen(metric: Dimensioned, statistic: string, seconds = 0): SeenMetric {
  const dimensions = (metric.Dimensions ?? []).map(({ Name, Value }) => [Name, textOf(Value)]);
  return {
    namespace: metric.Namespace,
    name: metric.MetricName,
    dimensions: Object.fromEntries(dimensions) as Record<string, string>,
    statistic,
    seconds,
  };
}

/** What CloudFormation fills in, as text that can be compared. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
