import { articleReads } from './article-reads.ts';
import { articleSentences } from './article-sentences.ts';
import type { LoadingConnection } from './connection.ts';
import { tryLoadLock, withLoadLock } from './connection.ts';
import type { DerivedTable } from './derived-table.ts';
import { ForeignTableError } from './errors.ts';
import { dropLeftovers, replaceBy } from './load-table.ts';
import { articlesTable } from './schema.ts';
import { hasLeftovers, readTableState } from './table-state.ts';
import type { Replace } from './verdict.ts';
import { judge } from './verdict.ts';

/**
 * Sees to it that the tables derived from `articles` have a row for each article. Call it whenever `articles` may be another than
 * before, and not under the load lock, which it takes itself.
 *
 * @param onWait told the table for which another load is waited for
 * @throws ForeignTableError, LoadFailedError
 */
export async function ensureDerivedTables(
  loading: LoadingConnection,
  replace: Replace,
  onWait: (table: string) => void,
): Promise<void> {
  await ensureDerivedTable(loading, articleReads, replace, onWait);
  await ensureDerivedTable(loading, articleSentences, replace, onWait);
}

async function ensureDerivedTable<Row>(
  loading: LoadingConnection,
  { table, what, version, fill }: DerivedTable<Row>,
  replace: Replace,
  onWait: (table: string) => void,
): Promise<void> {
  const { connection, database } = loading;
  const look = async () => {
    const { contents, rows } = await readTableState(connection, articlesTable);
    const source = contents ? `${contents.kind}, ${contents.made}` : 'of another make';
    const made = `${what} ${version} of ${rows} articles, ${source}`;
    const verdict = judge(await readTableState(connection, table), { made }, replace);
    if (verdict === 'refuse') throw new ForeignTableError(database, table.name);
    return { verdict, made };
  };
  if ((await look()).verdict === 'keep') {
    if (await hasLeftovers(connection, table))
      await tryLoadLock(loading, () => dropLeftovers(connection, table));
    return;
  }
  await withLoadLock(
    loading,
    () => onWait(table.name),
    async () => {
      const { verdict, made } = await look();
      if (verdict === 'keep') return;
      await replaceBy(
        { loading, table, contents: (rows) => ({ kind: 'generated', made, rows }) },
        async (aside) => await fill(connection, aside),
      );
    },
  );
}
