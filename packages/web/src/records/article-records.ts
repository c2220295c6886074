import type { Answer } from '@workshop/cache';

/** An article as JSON bytes, and how they were come by. `json` is undefined for one that does not exist. Do not write into it. */
export interface FoundRecord {
  readonly json: Buffer | undefined;
  readonly answer: Answer<unknown>;
}

/** `stale`: the article was not what the caller took it for, and is as it was. `absent`: there is none. */
export type Change =
  | { readonly outcome: 'changed'; readonly json: Buffer }
  | { readonly outcome: 'stale' | 'absent' };

/** One article at a time. */
export interface ArticleRecords {
  /** Throws `EngineAwayError` when MySQL is needed and cannot answer. */
  get(id: number): Promise<FoundRecord>;

  /** The articles of these ids that exist, as JSON bytes. Throws `EngineAwayError`. */
  getMany(ids: readonly number[]): Promise<ReadonlyMap<number, Buffer>>;

  /**
   * Gives an article another title, if `isExpected` says so of what it is now. Once this resolves, nobody reads the old title who begins
   * to read then; unless Redis is away, in which case other processes may, until it is back. Throws `EngineAwayError`.
   */
  changeTitle(id: number, title: string, isExpected: (json: Buffer) => boolean): Promise<Change>;
}
