// Another right way: lives end at a time of the clock (PXAT, PEXPIREAT), and the chance is drawn from the key, so that every
// server gives an entry the same life. A hash is there with a mark of its version, and a record that is not is all mark.
import { createPool, type RowDataPacket } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { Article, CreateArticleStore, ExpiringStore, Readers } from '../../../contract.ts';
import { timedCache } from './timed-cache.ts';

const found =
  'SELECT * FROM articles WHERE INSTR(Sentence, ?) > 0 ORDER BY PublishedDate DESC, OBJECTID LIMIT ?';

export const createArticleStore: CreateArticleStore<ExpiringStore> = ({ mysqlUrl, redisUrl }) => {
  const pool = createPool({ uri: mysqlUrl, bigNumberStrings: true, supportBigNumbers: true });
  const cache = timedCache(redisUrl);

  async function query(sql: string, ...values: (string | number)[]): Promise<RowDataPacket[]> {
    const [rows] = await pool.query<RowDataPacket[]>(sql, values);
    return rows;
  }

  /** From 1 to 500, whatever was asked for. */
  const within = (limit: number): number => Math.min(500, Math.max(1, Math.trunc(limit) || 1));

  return {
    async search(term, limit) {
      const most = within(limit);
      const rows = await cache.text(['search', most, term], async () => await query(found, term, most));
      return rows as ArticleRow[];
    },

    async byId(id) {
      const rows = await cache.text(['article', id], async () => {
        const sql = 'SELECT a.*, Readers, LastReadAt FROM articles a JOIN article_reads r USING (OBJECTID)';
        return await query(`${sql} WHERE OBJECTID = ?`, id);
      });
      const [row] = rows as (ArticleRow & { Readers: string; LastReadAt: Date | string })[];
      return (
        row &&
        ({ ...row, Readers: BigInt(row.Readers), LastReadAt: new Date(row.LastReadAt) } satisfies Article)
      );
    },

    async readers(id) {
      const sql = 'SELECT Readers, LastReadAt FROM article_reads WHERE OBJECTID = ?';
      const fields = await cache.hash(['readers', id], ['Readers', 'LastReadAt'], async () => {
        const [row] = await query(sql, id);
        return row && { Readers: String(row['Readers']), LastReadAt: (row['LastReadAt'] as Date).toJSON() };
      });
      if (!fields) return undefined;
      const record: Readers = {
        Readers: BigInt(fields['Readers'] ?? 0),
        LastReadAt: new Date(fields['LastReadAt'] ?? 0),
      };
      return record;
    },

    async explainSearch(term, limit) {
      const [row] = await query(`EXPLAIN ${found}`, term, within(limit));
      return {
        access: String(row?.['type']),
        key: (row?.['key'] ?? null) as string | null,
        rows: Number(row?.['rows']),
      };
    },

    async close() {
      await Promise.all([cache.close(), pool.end()]);
    },
  };
};
