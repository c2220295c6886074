// Another right way: mysql2's callbacks, connections taken and given back by hand, INSTR in place of LIKE, and a
// limit that is cut to the range where the reference refuses it.
import { createPool, type PoolConnection, type RowDataPacket } from 'mysql2';
import type { ArticleRow } from '@workshop/dataset';
import type { Article, ArticleStore, StoreOptions } from '../../contract.ts';

const sql =
  'select * from articles where instr(Sentence, ?) > 0 order by PublishedDate desc, OBJECTID limit ?';

export const createArticleStore = ({ mysqlUrl }: StoreOptions): ArticleStore => {
  const pool = createPool({ uri: mysqlUrl, supportBigNumbers: true, bigNumberStrings: true, maxIdle: 2 });

  const ask = (text: string, values: (string | number)[]): Promise<RowDataPacket[]> =>
    new Promise((resolve, reject) => {
      pool.getConnection((refused: Error | null, connection: PoolConnection) => {
        if (refused) return reject(refused);
        connection.execute<RowDataPacket[]>(text, values, (error, rows) => {
          connection.release();
          if (error) reject(error);
          else resolve(rows);
        });
      });
    });

  const range = (limit: number) => {
    const whole = Math.trunc(limit);
    return String(Math.min(500, Math.max(1, Number.isNaN(whole) ? 1 : whole)));
  };

  return {
    search: async (term, limit) => (await ask(sql, [term, range(limit)])) as ArticleRow[],
    byId: async (id) => {
      const [article] = await ask('select * from articles where OBJECTID = ?', [id]);
      if (!article) return undefined;
      const [reads] = await ask('select Readers, LastReadAt from article_reads where OBJECTID = ?', [id]);
      return {
        ...article,
        LastReadAt: reads?.['LastReadAt'],
        Readers: BigInt(reads?.['Readers']),
      } as Article;
    },
    explainSearch: async (term, limit) => {
      const [row] = await ask(`explain ${sql}`, [term, range(limit)]);
      return { access: row?.['type'], key: row?.['key'], rows: Number(row?.['rows']) };
    },
    close: () => new Promise((resolve, reject) => pool.end((error) => (error ? reject(error) : resolve()))),
  };
};
