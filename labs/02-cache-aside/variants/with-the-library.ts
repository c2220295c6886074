// Another right way: the library of this repository, which does all of this lab and more.
import { createCache } from '@workshop/cache';
import { createPool, type RowDataPacket } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { Article, ArticleStore, QueryPlan, StoreOptions } from '../../contract.ts';

const sql =
  "SELECT * FROM articles WHERE Sentence LIKE ? ESCAPE '!' ORDER BY PublishedDate DESC, OBJECTID LIMIT ?";

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): ArticleStore {
  const pool = createPool({ uri: mysqlUrl, supportBigNumbers: true, bigNumberStrings: true });
  const cache = createCache({ redis: redisUrl, prefix: 'articles', timeoutMs: 400 });
  const ttl = { ttlMs: 45_000 };

  const rows = async (text: string, values: (string | number)[]): Promise<RowDataPacket[]> =>
    (await pool.query<RowDataPacket[]>(text, values))[0];

  const values = (term: string, limit: number): [string, number] => {
    if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw new RangeError(`limit ${limit}`);
    return [`%${term.replace(/[!%_]/g, '!$&')}%`, limit];
  };

  return {
    async search(term: string, limit: number): Promise<ArticleRow[]> {
      const bound = values(term, limit);
      const load = async () => (await rows(sql, bound)).map((row) => ({ ...row }) as ArticleRow);
      return await cache.getOrLoad(`search:${limit}:${term}`, load, ttl);
    },

    async byId(id: number): Promise<Article | undefined> {
      const text =
        'SELECT a.*, Readers, LastReadAt FROM articles a NATURAL JOIN article_reads WHERE OBJECTID = ?';
      const load = async () => {
        const [row] = await rows(text, [id]);
        return row && ({ ...row, Readers: BigInt(row['Readers']) } as Article);
      };
      return await cache.getOrLoad(`id:${id}`, load, ttl);
    },

    async explainSearch(term: string, limit: number): Promise<QueryPlan> {
      const [row] = await rows(`EXPLAIN ${sql}`, values(term, limit));
      return { access: row?.['type'], key: row?.['key'], rows: Number(row?.['rows']) };
    },

    async close(): Promise<void> {
      await cache.close();
      await pool.end();
    },
  };
}
