import type { SearchRequest, SearchResult } from './article-store.ts';

/** How long MySQL took for a search, and when (milliseconds since 1970). */
export interface LastTime {
  readonly mysqlMs: number;
  readonly at: number;
}

/**
 * MySQL's latest time for each search that this process has seen, so that a hit can be shown next to what it saved. Bounded:
 * the search that was measured longest ago goes first.
 */
export class LastTimes {
  readonly #times = new Map<string, LastTime>();
  readonly #limit: number;

  constructor(limit = 1_000) {
    this.#limit = limit;
  }

  get(request: SearchRequest): LastTime | undefined {
    return this.#times.get(idOf(request));
  }

  record(request: SearchRequest, result: SearchResult): void {
    const mysqlMs = mysqlMsOf(result);
    if (mysqlMs === undefined) return;
    const id = idOf(request);
    this.#times.delete(id);
    this.#times.set(id, { mysqlMs, at: Date.now() });
    if (this.#times.size <= this.#limit) return;
    const [oldest] = this.#times.keys();
    if (oldest !== undefined) this.#times.delete(oldest);
  }
}

function mysqlMsOf(result: SearchResult): number | undefined {
  if (result.source === 'mysql') return result.mysqlMs;
  if (result.source === 'watched')
    return result.watched.outcome === 'hit' ? undefined : result.watched.tookMs;
  return result.answer.outcome === 'hit' ? undefined : result.answer.loadMs;
}

function idOf({ term, limit }: SearchRequest): string {
  return `${limit} ${term}`;
}
