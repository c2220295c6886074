import type { Answer } from '@workshop/cache';
import type { ArticleRow } from '@workshop/dataset';
import type { Step } from './steps.ts';

/** What a visitor asks for. */
export interface SearchRequest {
  /** Matched as it is written, anywhere in `Sentence`. */
  readonly term: string;
  readonly limit: number;
}

/** Where an answer is to come from. */
export type Source = 'mysql' | 'cache';

/** What another's code did for its rows, told by who watched it. */
export interface Watched {
  readonly outcome: 'hit' | 'miss' | 'mysql';
  readonly headline: string;
  readonly tookMs: number;
  readonly steps: readonly Step[];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** The rows, and how they were come by. */
export type SearchResult =
  | { readonly source: 'mysql'; readonly rows: readonly ArticleRow[]; readonly mysqlMs: number }
  | { readonly source: 'cache'; readonly rows: readonly ArticleRow[]; readonly answer: Answer<unknown> }
  | { readonly source: 'watched'; readonly rows: readonly ArticleRow[]; readonly watched: Watched };

export interface EngineState {
  readonly engine: Engine;
  readonly ok: boolean;
  /** How long it took to answer, or to be found away. */
  readonly ms: number;
}

export type Engine = 'mysql' | 'redis';

/**
 * All that the demo's pages ask of the engines. The demo brings its own; whatever else can do this can be shown on the
 * same pages.
 */
export interface ArticleStore {
  /** Whose code answers for the cache, for every page to say: "your lab 02, labs/02-cache-aside/work". Default: the demo's own. */
  readonly name?: string;

  /** The statement of a search as MySQL gets it, its placeholders filled in for reading. */
  statement(request: SearchRequest): string;

  /** Throws `EngineAwayError` when MySQL is needed and cannot answer. */
  search(source: Source, request: SearchRequest): Promise<SearchResult>;

  /** Removes what this demo has cached, and nothing else; tells how many keys. Throws `EngineAwayError` for Redis. */
  deleteCache(): Promise<number>;

  /** Asks each engine for a sign of life. Never rejects. */
  check(): Promise<readonly EngineState[]>;

  /** Closes the connections. No other call may be under way. */
  close(): Promise<void>;
}
