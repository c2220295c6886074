import { LRUCache } from 'lru-cache';
import type { QueryResult } from '../store/article-store.ts';
import type { Query } from '../queries/query.ts';

/** How long MySQL took for a query, and when (milliseconds since 1970). */
export interface LastTime {
  readonly mysqlMs: number;
  readonly at: number;
}

/**
 * MySQL's latest time for each query that this process has seen, so that a hit can be shown next to what it saved. Bounded:
 * the query that was measured longest ago goes first.
 */
export class LastTimes {
  readonly #times: LRUCache<string, LastTime>;

  constructor(limit = 1_000) {
    this.#times = new LRUCache({ max: limit });
  }

  get({ address }: Query): LastTime | undefined {
    // What is looked at is not measured anew.
    return this.#times.peek(address);
  }

  record({ address }: Query, result: QueryResult): void {
    const mysqlMs = mysqlMsOf(result);
    if (mysqlMs !== undefined) this.#times.set(address, { mysqlMs, at: Date.now() });
  }
}

function mysqlMsOf(result: QueryResult): number | undefined {
  if (result.source === 'mysql') return result.mysqlMs;
  if (result.source === 'watched')
    return result.watched.outcome === 'hit' ? undefined : result.watched.tookMs;
  return result.answer.outcome === 'hit' ? undefined : result.answer.loadMs;
}
