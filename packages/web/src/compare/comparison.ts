import type { ArticleStore } from '../store/article-store.ts';
import type { Query } from '../queries/query.ts';
import { kindOf, totalMs, type Kind } from '../pages/result-view.ts';
import { distribution, type Distribution } from './distribution.ts';

/** How often a comparison may ask each of the two. */
export const RUNS = [10, 20, 50, 100] as const;
export type Runs = (typeof RUNS)[number];

/** The longest a comparison may take; then it ends with as many runs as it has. */
const LONGEST_MS = 60_000;

/** A comparison as far as it has come. */
export interface Comparison {
  readonly query: Query;
  readonly runs: Runs;
  /** How many runs of both are done. */
  readonly done: number;
  readonly isOver: boolean;
  readonly mysql: Distribution | undefined;
  readonly cache: Distribution | undefined;
  /** The read that came first, which fills the cache where it was empty. */
  readonly first: { readonly kind: Kind; readonly ms: number } | undefined;
  /** Reads of the cache after that which were no hits: they are among the times all the same. */
  readonly noHits: number;
  /** How many times faster the cache's median is. */
  readonly ratio: number | undefined;
}

/**
 * The same query from MySQL and from the cache by turns, so that whatever else the machine does meets both alike. Gives what it
 * has after each turn. Throws `EngineAwayError`; what was measured until then has been given.
 */
export async function* compare(
  store: ArticleStore,
  query: Query,
  runs: Runs,
  signal: AbortSignal,
): AsyncGenerator<Comparison> {
  const endAt = performance.now() + LONGEST_MS;
  const times = { mysql: [] as number[], cache: [] as number[] };
  let noHits = 0;
  const first = await store.ask('cache', query);
  const state = (isOver: boolean): Comparison => {
    const mysql = distribution(times.mysql);
    const cache = distribution(times.cache);
    return {
      query,
      runs,
      done: times.cache.length,
      isOver,
      mysql,
      cache,
      first: { kind: kindOf(first), ms: totalMs(first) },
      noHits,
      ratio: mysql && cache ? mysql.p50 / cache.p50 : undefined,
    };
  };
  yield state(false);
  for (let run = 1; run <= runs; run += 1) {
    times.mysql.push(totalMs(await store.ask('mysql', query)));
    const cached = await store.ask('cache', query);
    times.cache.push(totalMs(cached));
    if (kindOf(cached) !== 'hit') noHits += 1;
    if (signal.aborted) return;
    const isOver = run === runs || performance.now() > endAt;
    yield state(isOver);
    if (isOver) return;
  }
}
