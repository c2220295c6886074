import { createPool, type RowDataPacket } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { Article, ArticleStore, StoreOptions } from '../../contract.ts';

const mostRows = 500;

// No index can help `LIKE '%...%'`: MySQL reads every row, sorts what matches, and keeps the first few.
// ORDER BY and LIMIT stand in the SQL, so that only those few cross the network.
const searchSql = `SELECT * FROM articles WHERE Sentence LIKE ?
  ORDER BY PublishedDate DESC, OBJECTID LIMIT ?`;

const byIdSql = `SELECT a.*, r.Readers, r.LastReadAt
  FROM articles a JOIN article_reads r ON r.OBJECTID = a.OBJECTID
  WHERE a.OBJECTID = ?`;

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): ArticleStore {
  // One pool for the life of the process. A connection costs several round trips to open; MySQL allows 151 of them.
  const pool = createPool({
    uri: mysqlUrl,
    connectionLimit: 10,
    // BIGINT comes as a string, digits intact, instead of a number that may have been rounded.
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  // GAP 1: a Redis client for `redisUrl`. What should a read do while Redis refuses, or does not answer?
  void redisUrl;

  return {
    async search(term, limit) {
      const params = searchParams(term, limit);
      // GAP 2: look in Redis first; after this query, store its rows with an expiry of a minute.
      const [rows] = await pool.execute<RowDataPacket[]>(searchSql, params);
      return rows as ArticleRow[];
    },

    async byId(id) {
      // GAP 3: the same here. JSON knows neither bigint nor Date, and "there is no such article" is an answer too.
      const [[row]] = await pool.execute<RowDataPacket[]>(byIdSql, [id]);
      return row && ({ ...row, Readers: BigInt(row['Readers']) } as Article);
    },

    async explainSearch(term, limit) {
      const [[plan]] = await pool.execute<RowDataPacket[]>(`EXPLAIN ${searchSql}`, searchParams(term, limit));
      if (!plan) throw new Error('EXPLAIN returned no row');
      return { access: plan['type'], key: plan['key'], rows: Number(plan['rows']) };
    },

    async close() {
      // GAP 4: and the Redis client.
      await pool.end();
    },
  };
}

/** The statement never changes; what the visitor typed travels apart from it and can't become SQL. */
function searchParams(term: string, limit: number): [like: string, limit: number] {
  if (!Number.isInteger(limit) || limit < 1 || limit > mostRows) {
    throw new RangeError(`limit: a whole number from 1 to ${mostRows} wanted, got ${limit}`);
  }
  // A placeholder does not take the meaning out of % and _: LIKE reads the value after SQL has been parsed.
  const literal = term.replace(/[\\%_]/g, String.raw`\$&`);
  return [`%${literal}%`, limit];
}
