import type { QueryResult } from './article-store.ts';
import type { Query } from './queries/query.ts';

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
  readonly #times = new Map<string, LastTime>();
  readonly #limit: number;

  constructor(limit = 1_000) {
    this.#limit = limit;
  }

  get({ address }: Query): LastTime | undefined {
    return this.#times.get(address);
  }

  record({ address }: Query, result: QueryResult): void {
    const mysqlMs = mysqlMsOf(result);
    if (mysqlMs === undefined) return;
    this.#times.delete(address);
    this.#times.set(address, { mysqlMs, at: Date.now() });
    if (this.#times.size <= this.#limit) return;
    const [oldest] = this.#times.keys();
    if (oldest !== undefined) this.#times.delete(oldest);
  }
}

function mysqlMsOf(result: QueryResult): number | undefined {
  if (result.source === 'mysql') return result.mysqlMs;
  if (result.source === 'watched')
    return result.watched.outcome === 'hit' ? undefined : result.watched.tookMs;
  return result.answer.outcome === 'hit' ? undefined : result.answer.loadMs;
}
