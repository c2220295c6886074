import type { SearchRequest, SearchResult } from './article-store.ts';
import { formatMs, showBytes, showCount, showMs, showRatio, showSeconds, splitAtTerm } from './format.ts';
import type { LastTime } from './last-times.ts';
import type { Step } from './steps.ts';
import { stepsOf } from './steps.ts';

/** A result page in words and figures, ready to be printed. */
export interface ResultView {
  readonly request: SearchRequest;
  readonly sql: string;
  readonly kind: Kind;
  readonly badge: string;
  readonly headline: string;
  readonly figure: { readonly number: string; readonly unit: string };
  readonly comparison: Comparison | undefined;
  readonly advice: string | undefined;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly steps: readonly Step[];
  readonly rows: readonly RowView[];
  readonly rowCount: string;
}

export type Kind = 'mysql' | 'hit' | 'miss' | 'bypass';

export interface Comparison {
  readonly ratio: string;
  readonly bars: readonly {
    readonly name: string;
    readonly time: string;
    readonly perMille: number;
    readonly kind: Kind;
  }[];
}

export interface RowView {
  readonly id: number;
  /** The sentence, cut at the search term: odd elements are the term. */
  readonly sentence: readonly string[];
  readonly place: string;
  readonly title: string;
  readonly journal: string;
  readonly published: string;
}

export interface ResultInput {
  readonly request: SearchRequest;
  readonly result: SearchResult;
  readonly sql: string;
  /** MySQL's last time for the same search, if this process has seen it. */
  readonly lastTime: LastTime | undefined;
}

export function resultView({ request, result, sql, lastTime }: ResultInput): ResultView {
  const kind = kindOf(result);
  return {
    request,
    sql,
    kind,
    badge: BADGES[kind],
    headline: headlineOf(request, result),
    figure: formatMs(totalMs(result)),
    comparison:
      kind === 'hit' && lastTime !== undefined ? compare(totalMs(result), lastTime.mysqlMs) : undefined,
    advice:
      kind === 'bypass'
        ? 'The demo goes on working from MySQL. To have Redis back, start it with "npx pnpm services:up", or point REDIS_URL at a server that is up.'
        : undefined,
    facts: factsOf(result),
    steps: stepsOf(request, result),
    rows: result.rows.map((row) => ({
      id: row.OBJECTID,
      sentence: splitAtTerm(row.Sentence, request.term),
      place: row.MatchedPlace,
      title: row.Title,
      journal: row.Journal,
      published: row.PublishedDate,
    })),
    rowCount: showCount(result.rows.length, 'row'),
  };
}

function kindOf(result: SearchResult): Kind {
  if (result.source === 'watched') return result.watched.outcome;
  return result.source === 'mysql' ? 'mysql' : result.answer.outcome;
}

const BADGES: Record<Kind, string> = {
  mysql: 'From MySQL',
  hit: 'Cache hit',
  miss: 'Cache miss',
  bypass: 'Cache passed by',
};

function headlineOf({ limit }: SearchRequest, result: SearchResult): string {
  if (result.source === 'watched') return result.watched.headline;
  if (result.source === 'mysql') {
    return result.rows.length < limit
      ? 'MySQL read the whole table to answer this.'
      : 'MySQL read row after row until it had enough.';
  }
  switch (result.answer.outcome) {
    case 'hit':
      return 'Redis had the rows. MySQL was not asked.';
    case 'miss':
      return 'Redis did not have the rows yet, so MySQL was asked.';
    default:
      return 'Redis could not be asked, so MySQL answered.';
  }
}

/** What the visitor waited for: the engines, one after the other. */
function totalMs(result: SearchResult): number {
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

function factsOf(result: SearchResult): { name: string; value: string }[] {
  const rows = { name: 'Rows', value: String(result.rows.length) };
  if (result.source === 'watched') return [rows, ...result.watched.facts];
  if (result.source === 'mysql') return [rows];
  const { answer } = result;
  const key = { name: 'Key', value: answer.key };
  if (answer.outcome === 'hit') {
    const left = answer.ttlMs === undefined ? 'never' : `in ${showSeconds(answer.ttlMs)}`;
    return [rows, { name: 'Expires', value: left }, { name: 'Size', value: showBytes(answer.bytes) }, key];
  }
  if (!answer.storing.stored) return [rows, { name: 'Stored', value: 'no' }, key];
  return [
    rows,
    { name: 'Expires', value: `in ${showSeconds(answer.storing.ttlMs)}` },
    { name: 'Size', value: showBytes(answer.storing.bytes) },
    key,
  ];
}
