import { showCount, showMs, showSeconds } from '../pages/format.ts';
import type { Unit } from './charts.ts';
import type { Figures, KeyGroup, KeyReport, State } from './sample.ts';

/** A figure as a room reads it, three digits at most and its unit; a dash when there is none. */
export function showFigure(field: keyof Figures, value: number | null, unit: Unit): string {
  if (value === null) return '–';
  if (field === 'maxMemoryBytes' && value === 0) return 'none';
  switch (unit) {
    case 'share':
      return `${showShare(value)} %`;
    case 'rate':
      return `${showNumber(value)} /s`;
    case 'ms':
      return showMs(value);
    case 'bytes':
      return `${showNumber(value / MIB)} MiB`;
    case 'count':
      return Math.round(value).toLocaleString('en-US');
  }
}

/** As Redis counts in its configuration, where it says `mb`. */
export const MIB = 1_048_576;

export interface ShownKeys {
  readonly rows: readonly (readonly [name: string, keys: string, soonest: string, latest: string])[];
  readonly caption: string;
}

export function showKeys(report: KeyReport): ShownKeys {
  const { groups, total, complete } = report;
  const count = showCount(total, 'key');
  const caption = complete
    ? `${count} in this database, and each was looked at.`
    : `${count} in this database. About 500 are looked at a second, and 5,000 at most: each count is “at least”.`;
  return { rows: groups.map((group) => row(group, complete)), caption };
}

function row(
  { name, keys, leastTtlMs, mostTtlMs, lasting }: KeyGroup,
  complete: boolean,
): ShownKeys['rows'][number] {
  const count = `${complete ? '' : 'at least '}${keys.toLocaleString('en-US')}`;
  const soonest = leastTtlMs === null ? 'never' : `in ${showSeconds(leastTtlMs)}`;
  const latest = lasting > 0 || mostTtlMs === null ? 'never' : `in ${showSeconds(mostTtlMs)}`;
  return [name, count, soonest, latest];
}

/** What is missing from the charts, and why; `undefined` when nothing is. */
export function showTrouble({ redis, mysql }: State): string | undefined {
  if (redis === 'away' && mysql === 'away')
    return 'Redis and MySQL are not answering: their lines have a gap until they do.';
  if (redis === 'away') return 'Redis is not answering: its lines have a gap until it does.';
  if (mysql === 'away') return 'MySQL is not answering: its line has a gap until it does.';
  return undefined;
}

export function showSession({ session }: State): string {
  const { requests, reads, hits } = session;
  return `Since the server began: ${showCount(requests, 'request')}, ${showCount(reads, 'read')} of the cache, ${showCount(hits, 'hit')}. Each hit is a query that MySQL was spared.`;
}

/** 99.97 % must not be shown as all of them, nor 0.2 % as none. */
function showShare(share: number): string {
  const percent = share * 100;
  if (percent > 99 && percent < 100) return (Math.floor(percent * 10) / 10).toFixed(1);
  if (percent > 0 && percent < 1) return (Math.ceil(percent * 10) / 10).toFixed(1);
  return Math.round(percent).toString();
}

function showNumber(value: number): string {
  if (value === 0) return '0';
  // Less than a tenth is not nothing.
  if (value < 0.095) return value.toPrecision(1);
  if (value < 9.95) return value.toFixed(1);
  return Math.round(value).toLocaleString('en-US');
}
