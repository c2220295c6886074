import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type HorizontalAnnotation,
  type IMetric,
  type IWidget,
  PeriodOverride,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Aws, Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Graph } from './graphs.ts';
import { rows, thresholdOf, type Row, type Watch } from './watch.ts';

/** Of the 24 columns of a dashboard. */
const width = 6;
const height = 6;

export interface Watched {
  readonly watch: Watch;
  readonly alarm: Alarm;
}

export interface DashboardParts {
  readonly watched: readonly Watched[];
  readonly graphs: readonly Graph[];
  /** The stack's name, which the dashboard's begins with. */
  readonly stackName: string;
}

/**
 * A row for each part of the site: the states of its alarms, then its graphs, in which each alarm's limit is a line.
 * An account's first three dashboards are free; each more is 3 USD a month. https://aws.amazon.com/cloudwatch/pricing/
 */
export function dashboardOf(
  scope: Construct,
  id: string,
  { watched, graphs, stackName }: DashboardParts,
): Dashboard {
  return new Dashboard(scope, id, {
    // An account has one list of dashboards for all regions.
    dashboardName: `${stackName}-${Aws.REGION}`,
    defaultInterval: Duration.hours(3),
    // The other, `auto`, makes minutes into hours on a long view, and "a minute" in a title would be wrong.
    periodOverride: PeriodOverride.INHERIT,
    widgets: rows.map((row) =>
      widgetsOf(
        row,
        watched.filter(({ watch }) => watch.row === row),
        graphs.filter((graph) => graph.row === row),
      ),
    ),
  });
}

/** The widgets flow from left to right, four in a line. */
function widgetsOf(row: Row, watched: readonly Watched[], graphs: readonly Graph[]): IWidget[] {
  const titles = [...new Set(watched.map(({ watch }) => watch.graph))];
  return [
    new TextWidget({ markdown: `## ${row}`, width: 24, height: 1 }),
    ...(watched.length === 0
      ? []
      : [
          new AlarmStatusWidget({
            title: 'Alarms',
            alarms: watched.map(({ alarm }) => alarm),
            width,
            height,
          }),
        ]),
    ...graphs.map((graph) => graphOf(graph)),
    ...titles.map((title) => {
      const here = watched.filter(({ watch }) => watch.graph === title).map(({ watch }) => watch);
      return graphOf({ title, unit: here[0]?.unit ?? '', lines: here.flatMap(linesOf) }, limitsOf(here));
    }),
  ];
}

const linesOf = ({ lines, metric }: Watch): readonly IMetric[] => lines ?? [metric];

/** Two alarms with one limit, such as those on reads and writes, have one line. */
function limitsOf(watches: readonly Watch[]): HorizontalAnnotation[] {
  return [...new Set(watches.map(thresholdOf))].map((value) => {
    const those = watches.filter((watch) => thresholdOf(watch) === value);
    return { value, label: those.map(({ id }) => id).join(', ') };
  });
}

function graphOf(
  { title, unit, lines }: Pick<Graph, 'title' | 'unit' | 'lines'>,
  leftAnnotations: HorizontalAnnotation[] = [],
): GraphWidget {
  return new GraphWidget({
    title,
    width,
    height,
    left: distinct(lines),
    leftAnnotations,
    leftYAxis: { label: unit, showUnits: false, min: 0 },
  });
}

/** Two alarms on the same metric, such as those on memory, draw it once. */
function distinct(lines: readonly IMetric[]): IMetric[] {
  const byStat = new Map(
    lines.map((line) => {
      const { metricStat } = line.toMetricConfig();
      return [metricStat ? JSON.stringify(metricStat) : line, line];
    }),
  );
  return [...byStat.values()];
}
