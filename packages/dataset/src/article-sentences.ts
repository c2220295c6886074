import type { ResultSetHeader } from 'mysql2/promise';
import type { DerivedTable } from './derived-table.ts';
import type { ArticleSentenceRow } from './rows.ts';
import { articleSentencesTable as table, articlesTable } from './schema.ts';

export const articleSentences: DerivedTable<ArticleSentenceRow> = {
  table,
  what: 'sentences',
  version: 1,
  async fill(connection, into) {
    const columns = table.columns.join(', ');
    // DISTINCT would compare texts: an imported file may hold a number twice, and the first row of it will do.
    const [{ affectedRows }] = await connection.query<ResultSetHeader>(
      `INSERT IGNORE INTO ${into} (${columns}) SELECT ${columns} FROM ${articlesTable.name}`,
    );
    await connection.query(`ALTER TABLE ${into} ADD FULLTEXT KEY words (Sentence)`);
    return affectedRows;
  },
};
