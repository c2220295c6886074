import type { Load } from '../load/load.ts';
import type { LoadPlan } from '../load/plan.ts';
import { PLAN_RANGES } from '../load/plan.ts';
import type { ShownLoad } from '../load/show-load.ts';
import { showLoad } from '../load/show-load.ts';
import type { Chart, Line } from './charts.ts';
import { CHARTS } from './charts.ts';
import type { Sample } from './sample.ts';
import type { ShownKeys } from './show.ts';
import { showFigure, showKeys, showSession, showTrouble } from './show.ts';

/** What `views/dashboard.eta` is given: the latest sample in figures, which is all there is without a script. */
export interface DashboardPage {
  readonly title: string;
  /** Those that only this page has. */
  readonly stylesheets: readonly string[];
  readonly charts: readonly ChartOfPage[];
  readonly trouble: string | undefined;
  readonly session: string | undefined;
  readonly keys: ShownKeys | undefined;
  readonly load: ShownLoad | undefined;
  readonly fields: readonly LoadField[];
}

export interface ChartOfPage extends Chart {
  readonly lines: readonly (Line & { readonly now: string })[];
}

export interface LoadField {
  readonly name: keyof LoadPlan;
  readonly label: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly value: number;
}

export function dashboardPage(sample: Sample | undefined, load: Load | undefined): DashboardPage {
  return {
    title: 'Dashboard',
    stylesheets: ['/scripts/dashboard.css', '/dashboard.css'],
    charts: CHARTS.map((chart) => ({
      ...chart,
      lines: chart.lines.map((line) => ({
        ...line,
        now: showFigure(line.field, sample?.figures[line.field] ?? null, line.unit),
      })),
    })),
    trouble: sample && showTrouble(sample.state),
    session: sample && showSession(sample.state),
    keys: sample?.state.keys ? showKeys(sample.state.keys) : undefined,
    load: load && showLoad(load.state),
    fields: load ? fieldsOf(load) : [],
  };
}

function fieldsOf(load: Load): LoadField[] {
  const names = Object.keys(LABELS) as (keyof LoadPlan)[];
  return names
    .filter((name) => name !== 'mysqlShare' || !load.cacheOnly)
    .map((name) => ({
      name,
      label: LABELS[name],
      ...PLAN_RANGES[name],
      value: load.state.plan?.[name] ?? PLAN_RANGES[name].preset,
    }));
}

const LABELS: Record<keyof LoadPlan, string> = {
  requests: 'Requests at most',
  seconds: 'Seconds at most',
  callers: 'Callers at once',
  zipf: 'Zipf exponent',
  mysqlShare: '% straight to MySQL',
  limit: 'Rows at most',
};
