import { showCount, showMs, showRatio } from '../pages/format.ts';
import { readableSql } from '../queries/query.ts';
import type { Kind } from '../pages/result-view.ts';
import type { Comparison } from './comparison.ts';
import type { Distribution } from './distribution.ts';
import { stripChart, type StripChart } from './strip-chart.ts';

/** A comparison in words and figures. */
export interface ComparisonView {
  /** "812", for the large type. */
  readonly ratio: string | undefined;
  /** The cache is slower, which a query that has an index can come to. */
  readonly isSlower: boolean;
  readonly progress: string;
  readonly isOver: boolean;
  readonly chart: StripChart | undefined;
  readonly lines: readonly TableLine[];
  readonly first: string | undefined;
  readonly sql: string;
}

interface TableLine {
  readonly name: string;
  readonly className: 'mysql' | 'redis';
  readonly p50: string;
  readonly p95: string;
  readonly p99: string;
}

export function comparisonView(comparison: Comparison): ComparisonView {
  const { mysql, cache, ratio, done, runs, isOver } = comparison;
  const isSlower = ratio !== undefined && ratio < 1;
  return {
    ratio: ratio === undefined ? undefined : showRatio(isSlower ? 1 / ratio : ratio),
    isSlower,
    progress: isOver ? `${showCount(done, 'run')} each, by turns.` : `Run ${done + 1} of ${runs} …`,
    isOver,
    chart: stripChart(mysql, cache),
    lines: [line('MySQL', 'mysql', mysql), line('Cache', 'redis', cache)].flatMap((each) => each ?? []),
    first: firstOf(comparison),
    sql: readableSql(comparison.query),
  };
}

function line(
  name: string,
  className: TableLine['className'],
  times: Distribution | undefined,
): TableLine | undefined {
  if (times === undefined) return undefined;
  return { name, className, p50: showMs(times.p50), p95: showMs(times.p95), p99: showMs(times.p99) };
}

const FIRST: Record<Kind, string> = {
  miss: 'A read of the cache went before, and was a miss',
  hit: 'A read of the cache went before, and was a hit',
  stale: 'A read of the cache went before, and got old rows',
  mysql: 'A read went before, which asked MySQL alone',
  bypass: 'A read went before, for which Redis could not be asked',
};

function firstOf({ first, noHits, done }: Comparison): string | undefined {
  if (first === undefined) return undefined;
  const others = noHits === 0 ? '' : ` ${noHits} of the ${done} reads of the cache after it were no hits.`;
  return `${FIRST[first.kind]} (${showMs(first.ms)}): it is not among these.${others}`;
}
