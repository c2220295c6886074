import { Random } from './random.ts';

export const TTL_MS = 60_000;

/** A row of the database and the key under which it is cached. Its tags never change, or a tag's invalidation could not reach it. */
export interface Row {
  readonly key: string;
  readonly tags: readonly string[];
}

/** What a schedule does, apart from the order in which everything takes effect. */
export interface Plan {
  readonly seed: number;
  readonly processes: number;
  readonly maxConcurrent: number;
  /** How every read keeps and refreshes what it loads. */
  readonly keeping: Keeping;
  /** Whether some versions of a row are: there is no such row. */
  readonly hasGaps: boolean;
  readonly rows: readonly Row[];
  readonly operations: readonly Operation[];
}

export interface Keeping {
  readonly ttlMs: number;
  readonly staleWhileRevalidateMs?: number;
  readonly staleIfErrorMs?: number;
  readonly earlyRefresh?: number;
  readonly errorTtlMs?: number;
}

/** `process` is the number of the simulated process that does it. */
export type Operation = { readonly id: number; readonly process: number } & Act;

export type Act =
  | {
      readonly kind: 'read';
      readonly way: 'value' | 'outcome' | 'json' | 'lookup';
      readonly key: string;
      readonly fails: boolean;
    }
  | { readonly kind: 'readMany'; readonly keys: readonly string[]; readonly fails: boolean }
  /** The row changes and is committed, then its key is invalidated. */
  | { readonly kind: 'change'; readonly key: string }
  /** All rows with the tag change in one transaction, then the tag is invalidated. */
  | { readonly kind: 'changeTag'; readonly tag: string }
  /** The row changes, and its new value is `set` before its lock is let go. */
  | { readonly kind: 'set'; readonly key: string }
  /** Redis lets something go: its time was up, or it was evicted. */
  | { readonly kind: 'expire'; readonly what: 'value' | 'lease'; readonly key: string }
  | { readonly kind: 'expireTag'; readonly tag: string }
  /** A process dies, one that is loading if there is one, and another starts in its place. */
  | { readonly kind: 'crash' }
  /** A process loses its connection, which comes back later. */
  | { readonly kind: 'disconnect' }
  /** So much time passes that every value is past its TTL. */
  | { readonly kind: 'age' };

/** Few keys, so that what is done to them meets. */
const TABLES: readonly [Row[], ...Row[][]] = [
  [row('a')],
  [row('a'), row('b')],
  [row('a', ['t'])],
  [row('a', ['t']), row('b', ['t'])],
  [row('a', ['t', 'u']), row('b', ['u'])],
  [row('a'), row('b', ['t'])],
];

function row(key: string, tags: string[] = []): Row {
  return { key, tags };
}

/** So large that every hit refreshes: whether it does must not hang on how long a load took by the real clock. */
const ALWAYS = 1e15;

const KEEPINGS: readonly [Keeping, ...Keeping[]] = [
  { ttlMs: TTL_MS },
  { ttlMs: TTL_MS },
  { ttlMs: TTL_MS, staleWhileRevalidateMs: TTL_MS },
  { ttlMs: TTL_MS, staleWhileRevalidateMs: TTL_MS, staleIfErrorMs: 3 * TTL_MS },
  { ttlMs: TTL_MS, staleIfErrorMs: TTL_MS, errorTtlMs: 100 },
  { ttlMs: TTL_MS, earlyRefresh: ALWAYS },
];

/** The shares of changes, and of crashes and expiries, among a plan's operations. The rest are reads. */
interface Mix {
  readonly changes: number;
  readonly mishaps: number;
}

/** The plan of a seed: always the same one. */
export function makePlan(seed: number): Plan {
  const random = new Random(seed);
  const rows = random.pick(TABLES);
  const processes = 2 + random.below(2);
  const count = 4 + random.below(9);
  const mix = { changes: random.pick([0.15, 0.3, 0.45]), mishaps: random.pick([0, 0.1, 0.3]) };
  return {
    seed,
    processes,
    maxConcurrent: random.chance(0.15) ? 1 : 64,
    keeping: random.pick(KEEPINGS),
    hasGaps: random.chance(0.3),
    rows,
    operations: Array.from({ length: count }, (_, id) => ({
      id,
      process: random.below(processes),
      ...makeAct(rows, mix, random),
    })),
  };
}

function makeAct(rows: readonly Row[], mix: Mix, random: Random): Act {
  const keys = rows.map((each) => each.key);
  const tags = [...new Set(rows.flatMap((each) => each.tags))];
  const key = keys[random.below(keys.length)] ?? 'a';
  const tag = tags[random.below(tags.length)];
  const fails = random.chance(0.08);
  const draw = random.next();
  if (draw < mix.mishaps) {
    if (random.chance(0.4))
      return random.pick<Act>([{ kind: 'crash' }, { kind: 'disconnect' }, { kind: 'age' }]);
    if (tag !== undefined && random.chance(0.3)) return { kind: 'expireTag', tag };
    return { kind: 'expire', what: random.pick(['value', 'lease']), key };
  }
  if (draw < mix.mishaps + mix.changes) {
    if (tag !== undefined && random.chance(0.5)) return { kind: 'changeTag', tag };
    return random.chance(0.3) ? { kind: 'set', key } : { kind: 'change', key };
  }
  // One call has one set of options, so one set of tags.
  const alike = rows.filter((each) => each.tags.join() === tagsOf(rows, key).join()).map((each) => each.key);
  if (random.chance(0.2)) return { kind: 'readMany', keys: alike, fails };
  return { kind: 'read', way: random.pick(['value', 'value', 'outcome', 'json', 'lookup']), key, fails };
}

function tagsOf(rows: readonly Row[], key: string): readonly string[] {
  return rows.find((each) => each.key === key)?.tags ?? [];
}
