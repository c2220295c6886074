import type { Hit } from '@workshop/cache';
import type { QueryResult } from '../store/article-store.ts';
import { formatMs, showBytes, showCount, showMs, showRatio, showSeconds } from './format.ts';
import type { LastTime } from './last-times.ts';
import type { PlanView } from '../store/plan.ts';
import { readableSql, type Query } from '../queries/query.ts';
import type { Step } from './steps.ts';
import { stepsOf } from './steps.ts';

/** A result page in words and figures, ready to be printed; the rows stand apart (`rows-view.ts`). */
export interface ResultView {
  readonly query: Query;
  readonly sql: string;
  readonly kind: Kind;
  readonly badge: string;
  readonly headline: string;
  readonly figure: { readonly number: string; readonly unit: string };
  readonly comparison: Comparison | undefined;
  readonly advice: string | undefined;
  readonly facts: readonly Fact[];
  readonly steps: readonly Step[];
  readonly plan: readonly PlanView[] | undefined;
  readonly rowCount: string;
}

/** `stale`: past its time, and served because MySQL is away. */
export type Kind = 'mysql' | 'hit' | 'stale' | 'miss' | 'bypass';

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** A time that runs out, in milliseconds: the page counts it down. */
  readonly leftMs?: number;
}

export interface Comparison {
  readonly ratio: string;
  readonly bars: readonly {
    readonly name: string;
    readonly time: string;
    readonly perMille: number;
    readonly kind: Kind;
  }[];
}

export interface ResultInput {
  readonly query: Query;
  readonly result: QueryResult;
  /** How many rows the result has. */
  readonly rows: number;
  /** MySQL's last time for the same query, if this process has seen it. */
  readonly lastTime: LastTime | undefined;
  readonly plan: readonly PlanView[] | undefined;
}

export function resultView({ query, result, rows, lastTime, plan }: ResultInput): ResultView {
  const kind = kindOf(result);
  return {
    query,
    sql: readableSql(query),
    kind,
    badge: BADGES[kind],
    headline: headlineOf(query, result, rows),
    figure: formatMs(totalMs(result)),
    comparison:
      kind === 'hit' && lastTime !== undefined ? compare(totalMs(result), lastTime.mysqlMs) : undefined,
    advice: ADVICE[kind],
    facts: [{ name: 'Rows', value: rows.toLocaleString('en-US') }, ...factsOf(result)],
    steps: stepsOf(query, result, rows),
    plan,
    rowCount: showCount(rows, 'row'),
  };
}

export function kindOf(result: QueryResult): Kind {
  if (result.source === 'watched') return result.watched.outcome;
  if (result.source === 'mysql') return 'mysql';
  return result.answer.reason === 'stale' ? 'stale' : result.answer.outcome;
}

const ADVICE: Partial<Record<Kind, string>> = {
  bypass:
    'The demo goes on working from MySQL. To have Redis back, start it with "npx pnpm services:up", or point REDIS_URL at a server that is up.',
  stale:
    'Old rows are better than none here, and the page says that they are old. To have MySQL back, start it with "npx pnpm services:up".',
};

const BADGES: Record<Kind, string> = {
  mysql: 'From MySQL',
  hit: 'Cache hit',
  stale: 'Stale hit',
  miss: 'Cache miss',
  bypass: 'Cache passed by',
};

function headlineOf({ kind, values }: Query, result: QueryResult, rows: number): string {
  if (result.source === 'watched') return result.watched.headline;
  if (result.source === 'mysql') return kind.work(rows, values).headline;
  switch (result.answer.outcome) {
    case 'hit':
      return HIT_HEADLINES[result.answer.reason];
    case 'miss':
      return 'Redis did not have the rows yet, so MySQL was asked.';
    default:
      return 'Redis could not be asked, so MySQL answered.';
  }
}

const HIT_HEADLINES: Record<Hit<unknown>['reason'], string> = {
  found: 'Redis had the rows. MySQL was not asked.',
  near: 'This process had the rows itself. Neither store was asked.',
  stale: 'MySQL cannot answer, so these are the rows of a while ago.',
};

/** What the visitor waited for: the engines, one after the other. */
export function totalMs(result: QueryResult): number {
  if (result.source === 'watched') return result.watched.tookMs;
  if (result.source === 'mysql') return result.mysqlMs;
  const { answer } = result;
  return answer.outcome === 'hit' ? answer.redisMs : answer.redisMs + answer.loadMs;
}

function compare(redisMs: number, mysqlMs: number): Comparison {
  const longest = Math.max(redisMs, mysqlMs);
  const bar = (name: string, durationMs: number, kind: Kind) => ({
    name,
    time: showMs(durationMs),
    // Never less than can be seen from the last row of a room.
    perMille: Math.max(4, Math.round((durationMs / longest) * 1_000)),
    kind,
  });
  return {
    ratio: showRatio(mysqlMs / redisMs),
    bars: [bar('MySQL', mysqlMs, 'mysql'), bar('Redis', redisMs, 'hit')],
  };
}

function factsOf(result: QueryResult): Fact[] {
  if (result.source === 'watched') return [...result.watched.facts];
  if (result.source === 'mysql') return [];
  const { answer } = result;
  const key = { name: 'Key', value: answer.key };
  if (answer.outcome === 'hit') {
    const isStale = answer.reason === 'stale';
    return [isStale ? { name: 'Expired', value: 'yes' } : expires(answer.ttlMs), size(answer.bytes), key];
  }
  if (!answer.storing.stored) return [{ name: 'Stored', value: 'no' }, key];
  return [expires(answer.storing.ttlMs), size(answer.storing.bytes), key];
}

function expires(ttlMs: number | undefined): Fact {
  const name = 'Expires';
  return ttlMs === undefined
    ? { name, value: 'never' }
    : { name, value: `in ${showSeconds(ttlMs)}`, leftMs: Math.round(ttlMs) };
}

function size(bytes: number): Fact {
  return { name: 'Size', value: showBytes(bytes) };
}
