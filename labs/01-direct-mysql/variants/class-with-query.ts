// Another right way: a class, `query` (the driver escapes each value into the text), and an ESCAPE of its own.
import mysql, { type Pool, type RowDataPacket } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { Article, ArticleStore, QueryPlan, StoreOptions } from '../../contract.ts';

const sql =
  "SELECT * FROM articles WHERE Sentence LIKE ? ESCAPE '!' ORDER BY PublishedDate DESC, OBJECTID ASC LIMIT ?";

class PooledStore implements ArticleStore {
  readonly #pool: Pool;

  constructor(mysqlUrl: string) {
    this.#pool = mysql.createPool({ uri: mysqlUrl, connectionLimit: 5, supportBigNumbers: true });
  }

  async search(term: string, limit: number): Promise<ArticleRow[]> {
    const [rows] = await this.#pool.query<RowDataPacket[]>(sql, this.#values(term, limit));
    return rows as ArticleRow[];
  }

  async byId(id: number): Promise<Article | undefined> {
    const [rows] = await this.#pool.query<RowDataPacket[]>(
      `SELECT articles.*, CAST(Readers AS CHAR) AS Readers, LastReadAt
       FROM articles INNER JOIN article_reads USING (OBJECTID) WHERE OBJECTID = ? LIMIT 1`,
      [id],
    );
    const row = rows[0] as Omit<Article, 'Readers'> & { Readers: string };
    return row === undefined ? undefined : { ...row, Readers: BigInt(row.Readers) };
  }

  async explainSearch(term: string, limit: number): Promise<QueryPlan> {
    const [rows] = await this.#pool.query<RowDataPacket[]>('EXPLAIN ' + sql, this.#values(term, limit));
    const [{ type: access, key, rows: count }] = rows as [RowDataPacket];
    return { access, key, rows: Number(count) };
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  #values(term: string, limit: number): [string, number] {
    if (typeof limit !== 'number' || !(limit >= 1 && limit <= 500) || limit % 1 !== 0) {
      throw new RangeError(`bad limit ${limit}`);
    }
    return [`%${term.replace(/[!%_]/g, '!$&')}%`, limit];
  }
}

export async function createArticleStore(options: StoreOptions): Promise<ArticleStore> {
  return new PooledStore(options.mysqlUrl);
}
