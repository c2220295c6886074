import { resourcesOf, type StackModel } from './stack-model.ts';
import { isTrue, listOf, textOf, valuesOf, type Values } from './template.ts';

/** A metric that an alarm looks at. */
export interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly periodSeconds: number;
  /** Only values that were reported in this unit count; empty: all do. */
  readonly unit: string;
  /** What is compared with the threshold is on its scale: the metric itself, or the worst of several. */
  readonly direct: boolean;
}

export interface WrittenAlarm {
  readonly id: string;
  readonly metrics: readonly WatchedMetric[];
  readonly comparison: string;
  /** Undefined for a band that CloudWatch learns. */
  readonly threshold?: number;
  readonly evaluationPeriods: number;
  readonly datapoints: number;
  readonly actions: readonly string[];
  readonly actionsEnabled: boolean;
}

export function alarmsOf(model: StackModel): readonly WrittenAlarm[] {
  return resourcesOf(model, 'AWS::CloudWatch::Alarm').map(({ id, properties }) => {
    const { Threshold, ComparisonOperator, EvaluationPeriods, DatapointsToAlarm, ActionsEnabled } =
      properties;
    return {
      id,
      metrics: metricsOf(properties),
      comparison: textOf(ComparisonOperator),
      ...(Threshold === undefined ? {} : { threshold: Number(Threshold) }),
      evaluationPeriods: Number(EvaluationPeriods),
      datapoints: Number(DatapointsToAlarm ?? EvaluationPeriods),
      actions: listOf(properties['AlarmActions']).map(textOf),
      actionsEnabled: ActionsEnabled === undefined || isTrue(ActionsEnabled),
    };
  });
}

function metricsOf(alarm: Values): readonly WatchedMetric[] {
  if (alarm['MetricName'] !== undefined) {
    const statistic = textOf(alarm['Statistic'] ?? alarm['ExtendedStatistic']);
    return [metricOf(alarm, statistic, alarm, true)];
  }
  const queries = listOf(alarm['Metrics']).map(valuesOf);
  const keepsScale = queries.every(
    ({ Expression }) => Expression === undefined || isWorst(textOf(Expression)),
  );
  return queries
    .filter(({ MetricStat }) => MetricStat !== undefined)
    .map(({ MetricStat, ReturnData }) => {
      const stat = valuesOf(MetricStat);
      const direct = ReturnData === undefined ? queries.length === 1 : isTrue(ReturnData);
      return metricOf(valuesOf(stat['Metric']), textOf(stat['Stat']), stat, direct || keepsScale);
    });
}

/** Does a formula only choose among its metrics, with numbers for what is missing? `MAX([FILL(cpu0, 100), cpu1])` */
function isWorst(expression: string): boolean {
  const names = expression.match(/[A-Za-z]\w*(?=\()/g) ?? [];
  return names.every((name) => /^(?:MAX|MIN|AVG|FILL|METRICS)$/.test(name)) && !/[-+*/<>=^]/.test(expression);
}

function metricOf(
  written: Values,
  statistic: string,
  { Period, Unit }: Values,
  direct: boolean,
): WatchedMetric {
  const dimensions = listOf(written['Dimensions']).map(valuesOf);
  return {
    namespace: textOf(written['Namespace']),
    name: textOf(written['MetricName']),
    dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [textOf(Name), textOf(Value)])),
    statistic,
    periodSeconds: Number(Period),
    unit: textOf(Unit),
    direct,
  };
}
