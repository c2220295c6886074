/**
 * What the dashboard knows of one second, and how it travels to the browser. Shared by both sides, so nothing of Node and
 * nothing of the DOM stands here.
 */

/** The figures that are charted, in the order of a row. */
export const FIELDS = [
  /** When, in milliseconds since 1970. */
  'at',
  /** Hits of the cache's reads in the last second, 0 to 1; nothing when nobody read. */
  'hitRatio',
  /** The same since the server began. */
  'sessionHitRatio',
  /** Requests answered a second. */
  'requestRate',
  /** Those of them that failed: a status from 500 on, or no whole answer. */
  'failureRate',
  /** Times in milliseconds that a half, 95 % and 99 % of the last ten seconds' requests did not exceed. */
  'hitP50',
  'hitP95',
  'hitP99',
  /** The same of requests that MySQL had to answer: a miss, a bypass, or asked for. */
  'missP50',
  'missP95',
  'missP99',
  'usedMemoryBytes',
  /** 0: Redis has no limit set. */
  'maxMemoryBytes',
  /** Keys evicted a second. */
  'evictionRate',
  'connectedClients',
  /** Statements that MySQL was sent a second, by anybody, but for the dashboard's own. */
  'mysqlRate',
  /** Reads a second that the cache answered, so that MySQL was not asked. */
  'savedRate',
] as const;

export type Field = (typeof FIELDS)[number];

/** `null` where there is nothing to tell: nobody asked, or the engine was away. Never a zero in its place. */
export type Figures = Readonly<Record<Exclude<Field, 'at'>, number | null> & { at: number }>;

/** A sample's figures in the order of `FIELDS`. */
export type Row = readonly (number | null)[];

/** `unwatched`: this server was given no way to ask it. */
export type EngineWatch = 'ok' | 'away' | 'unwatched';

export interface KeyGroup {
  readonly name: string;
  readonly keys: number;
  /** The least and the most time to live among them, in milliseconds; `null` when none of them expires. */
  readonly leastTtlMs: number | null;
  readonly mostTtlMs: number | null;
  /** How many of them never expire. */
  readonly lasting: number;
}

export interface KeyReport {
  /** The largest first. */
  readonly groups: readonly KeyGroup[];
  /** All keys of the database. */
  readonly total: number;
  /** False when not every key was looked at: the counts are then "at least". */
  readonly complete: boolean;
}

/** How things stand now; only the latest is kept. */
export interface State {
  readonly redis: EngineWatch;
  readonly mysql: EngineWatch;
  readonly keys: KeyReport | null;
  /** Since the server began. */
  readonly session: { readonly requests: number; readonly reads: number; readonly hits: number };
}

export interface Sample {
  readonly figures: Figures;
  readonly state: State;
}

/** Something that happened and that the charts show as a line. */
export interface Mark {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

/** The data of a `history` event. */
export interface HistoryEvent {
  /** True when `rows` and `marks` only add to what this reader has already. */
  readonly resumed: boolean;
  readonly rows: readonly Row[];
  readonly marks: readonly Mark[];
  readonly state: State | null;
}

/** The data of a `sample` event. */
export interface SampleEvent {
  readonly row: Row;
  readonly state: State;
}

/** Four digits are more than a chart can show, and keep an hour of rows short. */
export function toRow(figures: Figures): Row {
  return FIELDS.map((field) => {
    const value = figures[field];
    return value === null || field === 'at' ? value : Number(value.toPrecision(4));
  });
}

export function fromRow(row: Row): Figures {
  return Object.fromEntries(FIELDS.map((field, index) => [field, row[index] ?? null])) as unknown as Figures;
}
