import type { ArticleRow } from '@workshop/dataset';

/** What every lab's file exports: `createArticleStore(options)`. It is called once in a process. */
export type CreateArticleStore = (options: StoreOptions) => ArticleStore | Promise<ArticleStore>;

export interface StoreOptions {
  /** `mysql://user:password@host:port/database` */
  mysqlUrl: string;
  /** `redis://host:port` (from lab 02 on) */
  redisUrl: string;
}

/** The module that grows through the labs. */
export interface ArticleStore {
  /**
   * The articles whose `Sentence` contains `term` (in capitals or not): `%` means a percent sign. Newest first
   * (`PublishedDate`), equal dates by `OBJECTID`.
   * @param limit how many at most, 1 to 500
   * @throws a RangeError for any other limit, before MySQL is asked (cutting it to the range is accepted, too)
   */
  search(term: string, limit: number): Promise<ArticleRow[]>;
  /** One article with its readers, or undefined. */
  byId(id: number): Promise<Article | undefined>;
  /** How MySQL will run `search`, from EXPLAIN. */
  explainSearch(term: string, limit: number): Promise<QueryPlan>;
  /** Closes every connection. */
  close(): Promise<void>;
}

/** A row of `articles` joined with its row of `article_reads`. */
export interface Article extends ArticleRow {
  /** BIGINT UNSIGNED: more than a number can count exactly. */
  Readers: bigint;
  /** DATETIME(3) */
  LastReadAt: Date;
}

/** The columns of EXPLAIN's row that say whether a query scans. */
export interface QueryPlan {
  /** EXPLAIN's `type`: `ALL` reads the whole table. */
  access: string;
  /** The index it uses, or null. */
  key: string | null;
  /** How many rows MySQL expects to read. */
  rows: number;
}
