// Another right way: the library of this repository, which has tags, leases and owed invalidations, and its transaction,
// which applies what was queued after COMMIT.
import { createCache } from '@workshop/cache';
import { inTransaction, type InvalidationQueue } from '@workshop/cache/mysql';
import { createPool, type PoolConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { Article, Readers, Revision, StoreOptions, WritableStore } from '../../contract.ts';

const searchSql =
  "SELECT * FROM articles WHERE Sentence LIKE ? ESCAPE '!' ORDER BY PublishedDate DESC, OBJECTID LIMIT ?";
const byIdSql =
  'SELECT a.*, Readers, LastReadAt FROM articles a NATURAL JOIN article_reads WHERE OBJECTID = ?';

/** The library takes up to `jitter` of it off. */
const life = { ttlMs: 66_000, absentTtlMs: 11_000, jitter: 0.18 };
const listLife = {
  ...life,
  ttlMs: (rows: ArticleRow[]) => (rows.length > 0 ? life.ttlMs : life.absentTtlMs),
};

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): WritableStore {
  const pool = createPool({ uri: mysqlUrl, supportBigNumbers: true, bigNumberStrings: true });
  const cache = createCache({ redis: redisUrl, prefix: 'articles', timeoutMs: 400 });

  const rows = async (text: string, values: (string | number)[]): Promise<RowDataPacket[]> =>
    (await pool.query<RowDataPacket[]>(text, values))[0];

  const values = (term: string, limit: number): [string, number] => {
    if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw new RangeError(`limit ${limit}`);
    return [`%${term.replace(/[!%_]/g, '!$&')}%`, limit];
  };

  async function change(
    tags: string[],
    work: (connection: PoolConnection) => Promise<ResultSetHeader>,
  ): Promise<boolean> {
    const write = async (connection: PoolConnection, invalidations: InvalidationQueue) => {
      const { affectedRows } = await work(connection);
      if (affectedRows > 0) invalidations.tags(tags);
      return affectedRows > 0;
    };
    return (await inTransaction(pool, cache, write)).value;
  }

  return {
    async search(term: string, limit: number): Promise<ArticleRow[]> {
      const bound = values(term, limit);
      const load = async () => (await rows(searchSql, bound)).map((row) => ({ ...row }) as ArticleRow);
      return await cache.getOrLoad(`search:${limit}:${term}`, load, { ...listLife, tags: ['lists'] });
    },

    async byId(id: number): Promise<Article | undefined> {
      const load = async () => {
        const [row] = await rows(byIdSql, [id]);
        return row && ({ ...row, Readers: BigInt(row['Readers']) } as Article);
      };
      return await cache.getOrLoad(`id:${id}`, load, { ...life, tags: [`id:${id}`] });
    },

    async readers(id: number): Promise<Readers | undefined> {
      const load = async () => {
        const [row] = await rows('SELECT Readers, LastReadAt FROM article_reads WHERE OBJECTID = ?', [id]);
        return row && { Readers: BigInt(row['Readers']), LastReadAt: row['LastReadAt'] as Date };
      };
      return await cache.getOrLoad(`readers:${id}`, load, { ...life, tags: [`id:${id}`] });
    },

    async publish(article: ArticleRow): Promise<void> {
      await change([`id:${article.OBJECTID}`, 'lists'], async (connection) => {
        await connection.query('INSERT INTO articles SET ?', [article]);
        const reads = { OBJECTID: article.OBJECTID, Readers: 0, LastReadAt: new Date() };
        const [done] = await connection.query<ResultSetHeader>('INSERT INTO article_reads SET ?', [reads]);
        return done;
      });
    },

    async revise(id: number, { Title, Sentence, PublishedDate }: Revision): Promise<boolean> {
      return await change([`id:${id}`, 'lists'], async (connection) => {
        const [done] = await connection.query<ResultSetHeader>(
          `UPDATE articles SET Title = COALESCE(?, Title), Sentence = COALESCE(?, Sentence),
             PublishedDate = COALESCE(?, PublishedDate) WHERE OBJECTID = ?`,
          [Title, Sentence, PublishedDate, id],
        );
        return done;
      });
    },

    async countRead(id: number): Promise<boolean> {
      return await change([`id:${id}`], async (connection) => {
        const [done] = await connection.query<ResultSetHeader>(
          'UPDATE article_reads SET Readers = Readers + 1, LastReadAt = ? WHERE OBJECTID = ?',
          [new Date(), id],
        );
        return done;
      });
    },

    async explainSearch(term: string, limit: number) {
      const [row] = await rows(`EXPLAIN ${searchSql}`, values(term, limit));
      return { access: row?.['type'], key: row?.['key'], rows: Number(row?.['rows']) };
    },

    async close(): Promise<void> {
      await cache.close();
      await pool.end();
    },
  };
}
