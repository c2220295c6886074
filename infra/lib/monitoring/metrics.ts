import { Duration } from 'aws-cdk-lib/core';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';

export interface Reading {
  /** `Average`, `Maximum`, `Sum`, `p90`, ... @default 'Average' */
  readonly statistic?: string;
  /** Length of a period. @default 1 */
  readonly minutes?: number;
  /** What the graph's legend calls it. @default CloudWatch's own words */
  readonly label?: string;
}

/** Where a thing reports: the namespace, and the dimensions that pick it out. */
export interface Reporter {
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** What the graph's legend calls it. */
  readonly label?: string;
}

/** One metric of one reporter. */
export const metricOf = (reporter: Reporter, metricName: string, reading: Reading = {}): Metric =>
  new Metric({
    namespace: reporter.namespace,
    metricName,
    dimensionsMap: { ...reporter.dimensions },
    statistic: reading.statistic ?? 'Average',
    period: Duration.minutes(reading.minutes ?? 1),
    label: reading.label ?? reporter.label,
  });

export interface Formula extends Reading {
  /** The metrics a reporter's term uses, by the name that the term calls them: `{ lag: 'ReplicaLag' }`. */
  readonly metrics: Readonly<Record<string, string>>;
  /** One reporter's term. Gives metric math, with each metric's name made unique by `id`. @default the metric itself */
  readonly term?: (id: (name: string) => string) => string;
  /** How the terms of several reporters become one number. */
  readonly combine: 'MAX' | 'MIN' | 'SUM';
}

/**
 * One number out of what several report. With one reporter and one metric it is that metric.
 * An alarm takes at most ten metrics:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
 */
export function formulaOf(reporters: readonly Reporter[], formula: Formula): IMetric {
  const names = Object.entries(formula.metrics);
  const [only, ...others] = reporters;
  const [first, ...rest] = names;
  if (!only || !first) throw new Error('a formula needs a reporter and a metric');
  if (others.length === 0 && rest.length === 0 && !formula.term) return metricOf(only, first[1], formula);

  const usingMetrics: Record<string, IMetric> = {};
  const terms = reporters.map((reporter, index) => {
    const id = (name: string) => `${name}${index}`;
    for (const [name, metricName] of names) usingMetrics[id(name)] = metricOf(reporter, metricName, formula);
    return formula.term ? formula.term(id) : id(first[0]);
  });
  return new MathExpression({
    expression: terms.length === 1 ? String(terms[0]) : `${formula.combine}([${terms.join(', ')}])`,
    usingMetrics,
    // A formula's period goes for the metrics in it.
    period: Duration.minutes(formula.minutes ?? 1),
    label: formula.label ?? Object.values(formula.metrics).join(', '),
  });
}

/** An alarm's limit of metrics. */
const metricsAnAlarm = 10;

/**
 * Makes a watch for each group of reporters that fits into one alarm: one watch, until there are many shards.
 * @param metricsEach how many metrics the formula takes of each
 * @param make gets the group, and what to put behind the watch's id and its graph's title: nothing, ` 2`, ` 3`, ...
 */
export function inGroups<W>(
  reporters: readonly Reporter[],
  metricsEach: number,
  make: (group: readonly Reporter[], suffix: string) => W,
): W[] {
  const size = Math.floor(metricsAnAlarm / metricsEach);
  const groups = Math.ceil(reporters.length / size);
  return Array.from({ length: groups }, (_, index) =>
    make(reporters.slice(index * size, (index + 1) * size), index === 0 ? '' : ` ${index + 1}`),
  );
}
