import type { ResultSetHeader } from 'mysql2/promise';
import type { LoadingConnection } from './connection.ts';
import { tryLoadLock, withLoadLock } from './connection.ts';
import { ForeignTableError } from './errors.ts';
import { dropLeftovers, replaceBy } from './load-table.ts';
import { articleReadsTable as table, articlesTable } from './schema.ts';
import { hasLeftovers, readTableState } from './table-state.ts';
import type { Replace } from './verdict.ts';
import { judge } from './verdict.ts';

/** Raise it when the rows change. */
const VERSION = 1;

/**
 * By the article's number alone, so that they are the same everywhere. 9007199254740992 is 2^53: what is odd beyond it, a
 * JavaScript number can't hold. All times lie within 30 days.
 */
const rowsOf = (articles: string): string => `SELECT DISTINCT OBJECTID,
  IF(MOD(OBJECTID, 10) = 7, 9007199254740992, 0) + ABS(OBJECTID) * IF(MOD(OBJECTID, 10) = 7, 1, 3),
  TIMESTAMPADD(MICROSECOND, MOD(ABS(OBJECTID) * 61003, 2592000000) * 1000, '2026-01-05 09:30:00.250')
  FROM ${articles}`;

/**
 * Sees to it that `article_reads` has a row for each article, by one INSERT ... SELECT. Call it whenever `articles` may be another
 * than before, and not under the load lock, which it takes itself.
 *
 * @throws ForeignTableError, LoadFailedError
 */
export async function ensureArticleReads(
  loading: LoadingConnection,
  replace: Replace,
  onWait: () => void,
): Promise<void> {
  const { connection, database } = loading;
  const look = async () => {
    const { contents, rows } = await readTableState(connection, articlesTable);
    const source = contents ? `${contents.kind}, ${contents.made}` : 'of another make';
    const made = `reads ${VERSION} of ${rows} articles, ${source}`;
    const verdict = judge(await readTableState(connection, table), { made }, replace);
    if (verdict === 'refuse') throw new ForeignTableError(database, table.name);
    return { verdict, made };
  };
  if ((await look()).verdict === 'keep') {
    if (await hasLeftovers(connection, table))
      await tryLoadLock(loading, () => dropLeftovers(connection, table));
    return;
  }
  await withLoadLock(loading, onWait, async () => {
    const { verdict, made } = await look();
    if (verdict === 'keep') return;
    await replaceBy(
      { loading, table, contents: (rows) => ({ kind: 'generated', made, rows }) },
      async (aside) => {
        const columns = table.columns.join(', ');
        const [{ affectedRows }] = await connection.query<ResultSetHeader>(
          `INSERT INTO ${aside} (${columns}) ${rowsOf(articlesTable.name)}`,
        );
        return affectedRows;
      },
    );
  });
}
