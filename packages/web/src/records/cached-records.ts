import { cacheKey, type Cache, type LoadOptions } from '@workshop/cache';
import { Invalidations } from '@workshop/cache/mysql';
import { withFreshTime } from '../store/fresh-time.ts';
import type { ArticleRecords, Change, FoundRecord } from './article-records.ts';
import type { MysqlRecords } from './mysql-records.ts';

export interface CachedRecordsOptions {
  readonly cache: Cache;
  readonly mysql: MysqlRecords;
  readonly ttlMs: number;
  /** How much longer an article is kept, to be served only while MySQL cannot answer. */
  readonly staleIfErrorMs: number;
}

/** That there is no such article is soon not true any more, and is asked by those who guess. */
const ABSENT_SHARE = 1 / 6;

const keyOf = (id: number): string => cacheKey(['article', id]);

/** Articles out of the cache, or out of MySQL and then kept. */
export class CachedRecords implements ArticleRecords {
  readonly #cache: Cache;
  readonly #mysql: MysqlRecords;
  readonly #times: Pick<LoadOptions, 'absentTtlMs' | 'staleIfErrorMs'> & { readonly ttlMs: number };

  constructor({ cache, mysql, ttlMs, staleIfErrorMs }: CachedRecordsOptions) {
    this.#cache = cache;
    this.#mysql = mysql;
    this.#times = { ttlMs, absentTtlMs: Math.max(1, Math.round(ttlMs * ABSENT_SHARE)), staleIfErrorMs };
  }

  async get(id: number): Promise<FoundRecord> {
    const load = async (): Promise<Buffer | undefined> => await this.#mysql.get(id);
    const answer = await this.#cache.getOrLoadWithOutcome(keyOf(id), load, this.#times);
    return { json: answer.value, answer: withFreshTime(answer, this.#times.staleIfErrorMs ?? 0) };
  }

  async getMany(ids: readonly number[]): Promise<ReadonlyMap<number, Buffer>> {
    const load = async (missing: number[]): Promise<Map<number, Buffer>> =>
      await this.#mysql.getMany(missing);
    return await this.#cache.getOrLoadMany(ids, load, { ...this.#times, key: keyOf });
  }

  async changeTitle(id: number, title: string, isExpected: (json: Buffer) => boolean): Promise<Change> {
    const invalidations = new Invalidations(this.#cache);
    invalidations.key(keyOf(id));
    // Titles stand in lists too, and in which ones nobody knows.
    invalidations.tags(['articles']);
    let change: Change | undefined;
    try {
      change = await this.#mysql.changeTitle(id, title, isExpected);
      return change;
    } finally {
      // After COMMIT, never before. Where it is not known whether that came about, it is taken to have.
      const isUndone = change !== undefined && change.outcome !== 'changed';
      if (isUndone) invalidations.drop();
      else await invalidations.apply();
    }
  }
}
