import type { ResultSetHeader } from 'mysql2/promise';
import type { DerivedTable } from './derived-table.ts';
import type { ArticleReadsRow } from './rows.ts';
import { articleReadsTable as table, articlesTable } from './schema.ts';

/**
 * By the article's number alone, so that they are the same everywhere. 9007199254740992 is 2^53: what is odd beyond it, a
 * JavaScript number can't hold. All times lie within 30 days.
 */
const rowsOf = (articles: string): string => `SELECT DISTINCT OBJECTID,
  IF(MOD(OBJECTID, 10) = 7, 9007199254740992, 0) + ABS(OBJECTID) * IF(MOD(OBJECTID, 10) = 7, 1, 3),
  TIMESTAMPADD(MICROSECOND, MOD(ABS(OBJECTID) * 61003, 2592000000) * 1000, '2026-01-05 09:30:00.250')
  FROM ${articles}`;

export const articleReads: DerivedTable<ArticleReadsRow> = {
  table,
  what: 'reads',
  version: 1,
  async fill(connection, into) {
    const [{ affectedRows }] = await connection.query<ResultSetHeader>(
      `INSERT INTO ${into} (${table.columns.join(', ')}) ${rowsOf(articlesTable.name)}`,
    );
    return affectedRows;
  },
};
