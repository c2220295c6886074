/**
 * Lab 09: what else a site keeps in Redis. These functions stand beside those of the `ArticleStore`. What they keep is
 * nowhere else, so here Redis is no cache:
 *
 * - When Redis can't be asked, a call rejects within 5 seconds. It never makes an answer up (`citiesNear` may answer
 *   from MySQL). When Redis is back, calls are answered again.
 * - A call whose reply was lost rejects, or finds out what became of it. It never does its work twice.
 * - Only what says so here expires. What expires gets its expiry in the same command, transaction or script as its first
 *   write, so that a process that ends in between leaves nothing behind for good.
 * - Each promise holds with any number of processes and calls at once.
 * - No call walks through all keys (KEYS, SCAN) or empties Redis.
 *
 * Names of users, readers and visitors, texts and values are any text of 1 to 1,000 characters.
 */
export interface SiteStore {
  /** Begins a session. @returns its id, made of at least 120 random bits */
  signIn(user: string): Promise<string>;
  /**
   * The session with this id, or undefined when there is none. A session ends 30 minutes after its last use: `signIn`,
   * `session` and `remember` are uses. An hour after the last use of all, Redis holds nothing of any.
   */
  session(id: string): Promise<Session | undefined>;
  /** Puts a value into a session, under any name. @returns false when there is no such session */
  remember(id: string, name: string, value: string): Promise<boolean>;
  /** Ends a session, if there is one. Once it has resolved, the session is gone for good. */
  signOut(id: string): Promise<void>;
  /** Ends every session of a user that had begun when it was called, and no one else's. */
  signOutEverywhere(user: string): Promise<void>;

  /**
   * Adds points to what a reader has; they never expire.
   * @param points a whole number from 1 to 1,000,000
   * @returns what the reader has now
   * @throws a RangeError for other points
   */
  addPoints(reader: string, points: number): Promise<number>;
  /**
   * The readers with the most points. Equal points go by the name, byte by byte, as Redis compares it (`Zoe` before `ann`).
   * @param count how many at most, 1 to 100
   * @throws a RangeError for any other count
   */
  top(count: number): Promise<Standing[]>;
  /** Where a reader stands, or undefined for one without points. Points and rank are those of one moment. */
  standing(reader: string): Promise<Standing | undefined>;

  /**
   * Whether this visitor may go on: when fewer than 10 requests of theirs were allowed in the 60,000 ms before `at`. A
   * request that is refused does not count. Two minutes after a visitor's last request, Redis holds nothing of them.
   * @param at when the request came, ms since 1970: the one clock that counts, here and not in Redis (no TIME)
   */
  allow(visitor: string, at: number): Promise<boolean>;

  /**
   * The cities of the table `cities` within `km` of a place, nearest first. They are kept in Redis, for all processes: one
   * reads the table, the others wait
   * for it, and then none does for a day (24 hours, or as long as Redis keeps it). A process that ends while it reads holds the
   * others up for 10 s at most. No call ever sees a part of the cities.
   * @param km more than 0, 1,000 at most
   * @param limit how many at most, 1 to 100
   * @throws a RangeError for any other `km` or `limit`
   */
  citiesNear(latitude: number, longitude: number, km: number, limit: number): Promise<NearCity[]>;

  /** Notes that a visitor has read an article. Kept for good. */
  countReader(article: number, visitor: string): Promise<void>;
  /**
   * How many different visitors have read at least one of these articles, to within 3 %; 0 for no articles. An article takes
   * at most 16 KiB of Redis, however many read it.
   */
  uniqueReaders(articles: readonly number[]): Promise<number>;

  /** Adds a piece of news: the newest 300 are kept for good, and never more than 500. @returns its id */
  publishNews(text: string): Promise<string>;
  /** The news after the piece with this id, oldest first; without an id, all that is kept. */
  newsSince(id?: string): Promise<News[]>;
  /**
   * As `newsSince`, but where there is none yet it waits for the next piece, and then returns at once. Meanwhile the process
   * answers other calls as always. A call that has ended leaves no connection of its own open: after ten of them, one after the
   * other, there are at most 2 more than before.
   * @param waitMs how long at most, 1 to 60,000; after that the answer is []
   */
  nextNews(id: string | undefined, waitMs: number): Promise<News[]>;

  /** Closes every connection, those of calls that wait for news too. */
  close(): Promise<void>;
}

export interface Session {
  user: string;
  /** What `remember` put there, by name. */
  remembered: Record<string, string>;
}

export interface Standing {
  reader: string;
  points: number;
  /** One more than the number of readers with more points: 1, 2, 2, 4. */
  rank: number;
}

export interface NearCity {
  id: number;
  name: string;
  /** ISO 3166-1 alpha-2 */
  country: string;
  /** As the crow flies, to within 0.5 %. */
  km: number;
}

export interface News {
  id: string;
  text: string;
}
