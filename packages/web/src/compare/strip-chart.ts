import { showMs } from '../pages/format.ts';
import type { Distribution } from './distribution.ts';

/** Where things stand on the chart: across in percent of its width, down in pixels. */
export interface StripChart {
  readonly height: number;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  readonly rows: readonly StripRow[];
}

export interface StripRow {
  readonly name: string;
  readonly className: 'mysql' | 'redis';
  /** The middle of the row. */
  readonly y: number;
  readonly dots: readonly { readonly x: number; readonly y: number }[];
  readonly marks: readonly { readonly x: number; readonly name: string; readonly time: string }[];
}

const ROW_HEIGHT = 104;
const AXIS_HEIGHT = 44;
/** Room at both ends, in percent, for the labels there. */
const MARGIN = 4;
/** The dots of a row lie on so many levels, so that equal times do not hide each other. */
const LEVELS = 7;

/**
 * Each time as a dot over a logarithmic axis: what differs a thousandfold fits on it, and equal distances are equal ratios. Undefined while
 * there are no times.
 */
export function stripChart(
  mysql: Distribution | undefined,
  cache: Distribution | undefined,
): StripChart | undefined {
  if (mysql === undefined || cache === undefined) return undefined;
  const all = [...mysql.timesMs, ...cache.timesMs];
  const from = Math.floor(Math.log10(Math.max(0.001, Math.min(...all))));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...all))));
  const x = (ms: number) =>
    round(MARGIN + ((Math.log10(Math.max(0.001, ms)) - from) / (to - from)) * (100 - 2 * MARGIN));
  const row = (
    name: string,
    className: StripRow['className'],
    { timesMs, ...rest }: Distribution,
    index: number,
  ) => {
    const y = ROW_HEIGHT * index + ROW_HEIGHT * 0.62;
    return {
      name,
      className,
      y,
      dots: timesMs.map((ms, n) => ({ x: x(ms), y: y + ((n % LEVELS) - (LEVELS - 1) / 2) * 4 })),
      marks: [{ x: x(rest.p50), name: 'p50', time: showMs(rest.p50) }],
    };
  };
  return {
    height: 2 * ROW_HEIGHT + AXIS_HEIGHT,
    ticks: Array.from({ length: to - from + 1 }, (_, n) => ({
      x: x(10 ** (from + n)),
      label: from + n >= 3 ? `${10 ** (from + n - 3)} s` : `${Number((10 ** (from + n)).toPrecision(1))} ms`,
    })),
    rows: [row('MySQL', 'mysql', mysql, 0), row('Cache', 'redis', cache, 1)],
  };
}

const round = (value: number) => Math.round(value * 100) / 100;
