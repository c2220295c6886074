import type { ArticleRow } from '@workshop/dataset';

/**
 * What every lab's file exports: `createArticleStore(options)`. It is called once in a process. From lab to lab the store
 * gets more functions; what it could do before, it still can.
 */
export type CreateArticleStore<Store extends ArticleStore = ArticleStore> = (
  options: StoreOptions,
) => Store | Promise<Store>;

export interface StoreOptions {
  /** `mysql://user:password@host:port/database` */
  mysqlUrl: string;
  /** `redis://host:port` (from lab 02 on); in lab 11 any node of a Redis Cluster. */
  redisUrl: string;
}

/** Labs 01 and 02. */
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

/** Lab 03: every entry expires, and one record is kept as a Redis hash. */
export interface ExpiringStore extends ArticleStore {
  /** The readers of one article, or undefined: a row of `article_reads`, cached as a hash with a field for each column. */
  readers(id: number): Promise<Readers | undefined>;
}

/** A row of `article_reads`, but for its key. */
export type Readers = Pick<Article, 'Readers' | 'LastReadAt'>;

/**
 * Lab 04: the store writes, too. Once a write has resolved, no read of any process returns what was there before.
 * A write that MySQL refuses rejects, and has changed nothing.
 */
export interface WritableStore extends ExpiringStore {
  /**
   * Adds an article, with 0 readers and `LastReadAt` now: both rows or none.
   * @throws when there is an article with this OBJECTID
   */
  publish(article: ArticleRow): Promise<void>;
  /** Changes columns of an article. @returns false when there is no such article */
  revise(id: number, changes: Revision): Promise<boolean>;
  /** One reader more, and `LastReadAt` is now. @returns false when there is no such article */
  countRead(id: number): Promise<boolean>;
}

/** At least one of them. */
export type Revision = Partial<Pick<ArticleRow, 'Title' | 'Sentence' | 'PublishedDate'>>;

/** Lab 05: the store can be watched. The names and rules are in the guide. */
export interface MonitoredStore extends WritableStore {
  /** What Prometheus reads from /metrics: its text format, version 0.0.4. */
  metrics(): Promise<string>;
  /** Every alarm, judged now. */
  alarms(): Promise<Alarm[]>;
}

export interface Alarm {
  name: AlarmName;
  firing: boolean;
  /** What was measured; null while there is nothing to measure. */
  value: number | null;
}

export type AlarmName = 'hit-ratio-low' | 'loads-slow' | 'redis-away' | 'memory-high' | 'evicting';

// Labs 06 (stampede), 07 (outage), 08 (near cache) and 11 (cluster) ask more of these same functions.
