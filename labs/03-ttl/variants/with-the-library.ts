// Another right way: the library of this repository for result sets and articles, with its own chance and its own life for
// what is not there; beside it, on the same connection, a record as a hash.
import { cacheClientOptions, createCache } from '@workshop/cache';
import { Redis } from 'ioredis';
import { createPool, type RowDataPacket } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { Article, ExpiringStore, Readers, StoreOptions } from '../../contract.ts';

const searchSql =
  "SELECT * FROM articles WHERE Sentence LIKE ? ESCAPE '!' ORDER BY PublishedDate DESC, OBJECTID LIMIT ?";

/** The library takes up to a fifth off; so does `randomLife`. */
const longest = { foundMs: 66_000, noneMs: 11_000, jitter: 0.18 };

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): ExpiringStore {
  const pool = createPool({ uri: mysqlUrl, supportBigNumbers: true, bigNumberStrings: true });
  const redis = new Redis(redisUrl, { ...cacheClientOptions, commandTimeout: 400 });
  redis.on('error', () => undefined);
  const cache = createCache({ redis, prefix: 'articles', timeoutMs: 400 });

  const rows = async (text: string, values: (string | number)[]): Promise<RowDataPacket[]> =>
    (await pool.query<RowDataPacket[]>(text, values))[0];

  const values = (term: string, limit: number): [string, number] => {
    if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw new RangeError(`limit ${limit}`);
    return [`%${term.replace(/[!%_]/g, '!$&')}%`, limit];
  };

  async function keep(key: string, fields: Record<string, string>, mostMs: number): Promise<void> {
    const lifeMs = Math.ceil(mostMs * (1 - longest.jitter * Math.random()));
    const done = await redis
      .multi([
        ['del', key],
        ['hset', key, fields],
        ['pexpire', key, lifeMs],
      ])
      .exec();
    for (const [error] of done ?? []) if (error) throw error;
  }

  return {
    async search(term: string, limit: number): Promise<ArticleRow[]> {
      const bound = values(term, limit);
      const load = async () => (await rows(searchSql, bound)).map((row) => ({ ...row }) as ArticleRow);
      return await cache.getOrLoad(`search:${limit}:${term}`, load, {
        ttlMs: (found: ArticleRow[]) => (found.length > 0 ? longest.foundMs : longest.noneMs),
        jitter: longest.jitter,
      });
    },

    async byId(id: number): Promise<Article | undefined> {
      const text =
        'SELECT a.*, Readers, LastReadAt FROM articles a NATURAL JOIN article_reads WHERE OBJECTID = ?';
      const load = async () => {
        const [row] = await rows(text, [id]);
        return row && ({ ...row, Readers: BigInt(row['Readers']) } as Article);
      };
      const { foundMs: ttlMs, noneMs: absentTtlMs, jitter } = longest;
      return await cache.getOrLoad(`id:${id}`, load, { ttlMs, absentTtlMs, jitter });
    },

    async readers(id: number): Promise<Readers | undefined> {
      const key = `readers:${id}`;
      const { Readers, LastReadAt, absent } = await redis
        .hgetall(key)
        .catch((): Record<string, string> => ({}));
      if (Readers && LastReadAt) return { Readers: BigInt(Readers), LastReadAt: new Date(+LastReadAt) };
      if (absent) return undefined;
      const [row] = await rows('SELECT Readers, LastReadAt FROM article_reads WHERE OBJECTID = ?', [id]);
      const record = row && { Readers: BigInt(row['Readers']), LastReadAt: row['LastReadAt'] as Date };
      const kept = record
        ? keep(key, { Readers: `${record.Readers}`, LastReadAt: `${+record.LastReadAt}` }, longest.foundMs)
        : keep(key, { absent: 'yes' }, longest.noneMs);
      await kept.catch(() => undefined);
      return record;
    },

    async explainSearch(term: string, limit: number) {
      const [row] = await rows(`EXPLAIN ${searchSql}`, values(term, limit));
      return { access: row?.['type'], key: row?.['key'], rows: Number(row?.['rows']) };
    },

    async close(): Promise<void> {
      await cache.close();
      redis.disconnect();
      await pool.end();
    },
  };
}
