import type { PoolConnection, ResultSetHeader } from 'mysql2/promise';
import type { ArticleRow } from '@workshop/dataset';
import type { Revision, WritableStore } from '../../contract.ts';
import type { Cache } from './cache.ts';
import type { Lend } from './mysql.ts';

/** Invalidated by every write that may change which articles a search finds, or what it shows of them. */
export const listsTag = 'lists';
export const articleTag = (id: number): string => `article:${id}`;

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

export function createWrites(
  lend: Lend,
  cache: Pick<Cache, 'invalidate'>,
): Pick<WritableStore, 'publish' | 'revise' | 'countRead'> {
  /** All of `work` or nothing, and then nothing stale under `tags`. `work` says whether it changed anything. */
  async function write(
    tags: readonly string[],
    work: (connection: PoolConnection) => Promise<boolean>,
  ): Promise<boolean> {
    let isCommitting = false;
    let changed = true;
    try {
      return await lend(async (connection) => {
        try {
          await connection.beginTransaction();
          changed = await work(connection);
          isCommitting = true;
          await connection.commit();
          return changed;
        } catch (error) {
          // A connection that can't roll back is not lent out again; MySQL rolls back when it ends.
          await connection.rollback().catch(() => connection.destroy());
          throw error;
        }
      });
    } finally {
      // After COMMIT: a read between an earlier invalidation and the commit would store the old row again. Also when
      // COMMIT failed, or took too long: it may have been carried out. But not for a write that was rolled back.
      if (isCommitting && changed) await cache.invalidate(tags);
    }
  }

  return {
    async publish(article) {
      await write([articleTag(article.OBJECTID), listsTag], async (connection) => {
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
      return await write([articleTag(id), listsTag], async (connection) => {
        const [{ affectedRows }] = await connection.execute<ResultSetHeader>(
          `UPDATE articles SET ${changed.map((column) => `${column} = ?`).join(', ')} WHERE OBJECTID = ?`,
          [...changed.map((column) => changes[column] ?? ''), id],
        );
        return affectedRows > 0;
      });
    },

    async countRead(id) {
      // No search shows readers, so the lists stay.
      return await write([articleTag(id)], async (connection) => {
        const [{ affectedRows }] = await connection.execute<ResultSetHeader>(
          'UPDATE article_reads SET Readers = Readers + 1, LastReadAt = ? WHERE OBJECTID = ?',
          [new Date(), id],
        );
        return affectedRows > 0;
      });
    },
  };
}
