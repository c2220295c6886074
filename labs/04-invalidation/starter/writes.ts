import type { Pool, PoolConnection, ResultSetHeader } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { Revision, WritableStore } from '../../contract.ts';

const columns = [
  'OBJECTID',
  'SHA',
  'PossiblePlace',
  'Sentence',
  'MatchedPlace',
  'DOI',
  'Title',
  'Abstract',
  'PublishedDate',
  'Authors',
  'Journal',
  'Source',
  'License',
] as const satisfies (keyof ArticleRow)[];

/** What `revise` may change: a column's name can't be a placeholder, so none comes from outside. */
const revisable = ['Title', 'Sentence', 'PublishedDate'] as const satisfies (keyof Revision)[];

export function createWrites(pool: Pool): Pick<WritableStore, 'publish' | 'revise' | 'countRead'> {
  /** All of `work` or nothing. `work` says whether it changed anything. */
  async function write(work: (connection: PoolConnection) => Promise<boolean>): Promise<boolean> {
    const connection = await pool.getConnection();
    try {
      await connection.beginTransaction();
      const changed = await work(connection);
      await connection.commit();
      return changed;
    } catch (error) {
      // A connection that can't roll back is not lent out again; MySQL rolls back when it ends.
      await connection.rollback().catch(() => connection.destroy());
      throw error;
    } finally {
      connection.release();
    }
  }

  // GAP 1: what is in Redis knows nothing of these writes. Which entries does each of them make old? When may they go: before the
  // commit, after it, and what if there is none? And what of a load that is under way at that moment?
  return {
    async publish(article) {
      await write(async (connection) => {
        const marks = columns.map(() => '?').join(', ');
        await connection.execute(
          `INSERT INTO articles (${columns.join(', ')}) VALUES (${marks})`,
          columns.map((column) => article[column]),
        );
        await connection.execute(
          'INSERT INTO article_reads (OBJECTID, Readers, LastReadAt) VALUES (?, 0, ?)',
          [article.OBJECTID, new Date()],
        );
        return true;
      });
    },

    async revise(id, changes) {
      const changed = revisable.filter((column) => changes[column] !== undefined);
      if (changed.length === 0)
        throw new TypeError(`nothing to change: one of ${revisable.join(', ')} wanted`);
      return await write(async (connection) => {
        const [{ affectedRows }] = await connection.execute<ResultSetHeader>(
          `UPDATE articles SET ${changed.map((column) => `${column} = ?`).join(', ')} WHERE OBJECTID = ?`,
          [...changed.map((column) => changes[column] ?? ''), id],
        );
        return affectedRows > 0;
      });
    },

    async countRead(id) {
      return await write(async (connection) => {
        const [{ affectedRows }] = await connection.execute<ResultSetHeader>(
          'UPDATE article_reads SET Readers = Readers + 1, LastReadAt = ? WHERE OBJECTID = ?',
          [new Date(), id],
        );
        return affectedRows > 0;
      });
    },
  };
}
