// Another right way: entries deleted by name, and leases in Lua scripts: whoever loads may store only while nobody has
// deleted their lease. Classes, RESP2, V8's serializer; single statements commit by themselves.
import { createPool, type Pool, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type {
  Article,
  QueryPlan,
  Readers,
  Revision,
  StoreOptions,
  WritableStore,
} from '../../../contract.ts';
import { LeasedCache } from './leased-cache.ts';

const searchSql =
  "SELECT * FROM articles WHERE Sentence LIKE ? ESCAPE '!' ORDER BY PublishedDate DESC, OBJECTID LIMIT ?";
const byIdSql = 'SELECT * FROM articles NATURAL JOIN article_reads WHERE OBJECTID = ?';

class LeasedStore implements WritableStore {
  readonly #pool: Pool;
  readonly #cache: LeasedCache;

  constructor({ mysqlUrl, redisUrl }: StoreOptions) {
    this.#pool = createPool({ uri: mysqlUrl, supportBigNumbers: true, bigNumberStrings: true });
    this.#cache = new LeasedCache(redisUrl);
  }

  async search(term: string, limit: number): Promise<ArticleRow[]> {
    const values = bound(term, limit);
    const load = async () => (await this.#rows(searchSql, values)) as ArticleRow[];
    return await this.#cache.throughList(`${limit}/${term}`, load);
  }

  async byId(id: number): Promise<Article | undefined> {
    const load = async () => {
      const rows = await this.#rows(byIdSql, [id]);
      return rows.map((row) => ({ ...row, Readers: BigInt(row['Readers']) }) as Article);
    };
    return (await this.#cache.through(`article/${id}`, load))[0];
  }

  async readers(id: number): Promise<Readers | undefined> {
    const load = async () => {
      const rows = await this.#rows('SELECT * FROM article_reads WHERE OBJECTID = ?', [id]);
      return rows.map((row) => ({ Readers: BigInt(row['Readers']), LastReadAt: row['LastReadAt'] as Date }));
    };
    return (await this.#cache.through(`readers/${id}`, load))[0];
  }

  async publish(article: ArticleRow): Promise<void> {
    const connection = await this.#pool.getConnection();
    let asked = false;
    try {
      await connection.query('START TRANSACTION');
      await connection.query('INSERT INTO articles SET ?', [article]);
      await connection.query('INSERT INTO article_reads VALUES (?, 0, UTC_TIMESTAMP(3))', [article.OBJECTID]);
      asked = true;
      await connection.query('COMMIT');
      connection.release();
    } catch (error) {
      // MySQL rolls back what a connection that ends has begun.
      connection.destroy();
      throw error;
    } finally {
      if (asked) await this.#forget(article.OBJECTID, true);
    }
  }

  async revise(id: number, { Title, Sentence, PublishedDate }: Revision): Promise<boolean> {
    const text =
      'UPDATE articles SET Title = IFNULL(?, Title), Sentence = IFNULL(?, Sentence), PublishedDate = IFNULL(?, PublishedDate) WHERE OBJECTID = ?';
    return await this.#update(text, [Title ?? null, Sentence ?? null, PublishedDate ?? null, id], id, true);
  }

  async countRead(id: number): Promise<boolean> {
    const text =
      'UPDATE article_reads SET Readers = Readers + 1, LastReadAt = UTC_TIMESTAMP(3) WHERE OBJECTID = ?';
    return await this.#update(text, [id], id, false);
  }

  async explainSearch(term: string, limit: number): Promise<QueryPlan> {
    const [row] = await this.#rows(`EXPLAIN ${searchSql}`, bound(term, limit));
    return { access: row?.['type'], key: row?.['key'], rows: Number(row?.['rows']) };
  }

  async close(): Promise<void> {
    this.#cache.close();
    await this.#pool.end();
  }

  async #update(
    text: string,
    values: (string | number | null)[],
    id: number,
    lists: boolean,
  ): Promise<boolean> {
    try {
      const [{ affectedRows }] = await this.#pool.query<ResultSetHeader>(text, values);
      if (affectedRows > 0) await this.#forget(id, lists);
      return affectedRows > 0;
    } catch (error) {
      // An error with a number came from MySQL, which has not done it; without one, the answer was lost.
      if ((error as { errno?: number; sqlState?: string }).sqlState === undefined)
        await this.#forget(id, lists);
      throw error;
    }
  }

  async #forget(id: number, lists: boolean): Promise<void> {
    await this.#cache.forget([`article/${id}`, `readers/${id}`], lists);
  }

  async #rows(text: string, values: (string | number)[]): Promise<RowDataPacket[]> {
    const [rows] = await this.#pool.query<RowDataPacket[]>(text, values);
    return rows.map((row) => ({ ...row }));
  }
}

function bound(term: string, limit: number): [string, number] {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 500) throw new RangeError(`limit ${limit}`);
  return [`%${term.replace(/[!%_]/g, '!$&')}%`, limit];
}

export function createArticleStore(options: StoreOptions): WritableStore {
  return new LeasedStore(options);
}
