// Another right way: two files; names in place of question marks; first the ids, then their rows, over one connection
// that is borrowed and given back by a function; dates read as text and made Dates here.
import { createPool, type Pool, type PoolConnection, type RowDataPacket } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { Article, ArticleStore, StoreOptions } from '../../../contract.ts';
import { findArticle, findIds, findRows } from './sql.ts';

type Values = Record<string, string | number | number[]>;
type Ask = (sql: string, values: Values) => Promise<RowDataPacket[]>;

class LimitError extends RangeError {}

export function createArticleStore({ mysqlUrl }: StoreOptions): ArticleStore {
  const pool = createPool({
    uri: mysqlUrl,
    connectionLimit: 20,
    namedPlaceholders: true,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });

  return {
    search: async (term, limit) => {
      const values = { term, limit: checked(limit) };
      return await borrow(pool, async (ask) => {
        const ids = (await ask(findIds, values)).map((row) => row['OBJECTID'] as number);
        return ids.length === 0 ? [] : ((await ask(findRows, { ids })) as ArticleRow[]);
      });
    },
    byId: async (id) =>
      await borrow(pool, async (ask) => {
        const [row] = await ask(findArticle, { id });
        if (!row) return undefined;
        const LastReadAt = new Date(`${String(row['LastReadAt']).replace(' ', 'T')}Z`);
        return { ...row, LastReadAt, Readers: BigInt(row['Readers']) } as Article;
      }),
    explainSearch: async (term, limit) =>
      await borrow(pool, async (ask) => {
        const [plan] = await ask(`EXPLAIN ${findIds}`, { term, limit: checked(limit) });
        return { access: plan?.['type'], key: plan?.['key'], rows: Number(plan?.['rows']) };
      }),
    close: async () => await pool.end(),
  };
}

async function borrow<T>(pool: Pool, use: (ask: Ask) => Promise<T>): Promise<T> {
  const connection: PoolConnection = await pool.getConnection();
  try {
    return await use(async (sql, values) => (await connection.query<RowDataPacket[]>(sql, values))[0]);
  } finally {
    connection.release();
  }
}

function checked(limit: number): number {
  if (Number.isInteger(limit) && limit > 0 && limit <= 500) return limit;
  throw new LimitError(`A limit is 1 to 500, not ${limit}.`);
}
