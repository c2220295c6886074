import type { LoadingConnection, Tls } from './connection.ts';
import { tryLoadLock, withConnection, withLoadLock } from './connection.ts';
import { ensureDerivedTables } from './derived-tables.ts';
import { ForeignTableError } from './errors.ts';
import { DEFAULT_SEED, GENERATOR_VERSION, generateArticles } from './generate.ts';
import { dropLeftovers, replaceTable } from './load-table.ts';
import { checkRows } from './parse-rows.ts';
import { allCities, CITIES_VERSION } from './places.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter, waiting } from './progress.ts';
import type { Table } from './schema.ts';
import { articlesTable, citiesTable } from './schema.ts';
import type { TableState } from './table-state.ts';
import { hasLeftovers, readTableState } from './table-state.ts';
import { encodeRows } from './tsv.ts';
import type { Replace, Verdict } from './verdict.ts';
import { judge } from './verdict.ts';

export interface EnsureOptions {
  /** How many articles: 1,000 to 5,000,000. */
  rows: number;
  /** An integer; default `DEFAULT_SEED`. */
  seed?: number;
  /** Default `outdated`. */
  replace?: Replace;
  onProgress?: OnProgress;
  /** How the server proves who it is. Default: the connection is not encrypted. */
  tls?: Tls | undefined;
}

export interface EnsureResult {
  /** False when all articles and cities were there already. */
  loaded: boolean;
  /** How many articles there are now: as many as asked for, unless imported ones were found and kept. */
  rows: number;
  cities: number;
  source: 'generated' | 'imported';
}

/** A table with the rows it should hold. */
interface Wanted<Row> {
  table: Table<Row>;
  /** Everything its rows depend on. */
  made: string;
  /** Undefined where only the source knows. */
  totalRows?: number;
  rows: () => Iterable<Row>;
}

/**
 * Sees to it that `articles`, what is derived from it, and `cities` hold the wanted data, and loads what does not. The old table stays readable until
 * the new one is whole. Safe to call from several processes at once: one loads, the others wait and then find
 * it done. A load that was killed leaves the old table as it was, and the next call clears up after it.
 *
 * @throws InvalidOptionError, ConnectionError, LocalInfileOffError, ForeignTableError, LoadIncompleteError
 */
export async function ensureDataset(mysqlUrl: string, options: EnsureOptions): Promise<EnsureResult> {
  const { rows, seed = DEFAULT_SEED, replace = 'outdated', onProgress = () => undefined, tls } = options;
  checkRows(rows);
  const work = async (loading: LoadingConnection): Promise<EnsureResult> => {
    const articles = await ensureTable(
      loading,
      {
        table: articlesTable,
        made: `generator ${GENERATOR_VERSION}, seed ${seed}`,
        totalRows: rows,
        rows: () => generateArticles({ rows, seed }),
      },
      replace,
      onProgress,
    );
    // What is derived follows the articles, also those that were kept.
    const outdated = replace === 'nothing' ? 'outdated' : replace;
    await ensureDerivedTables(loading, outdated, (table) => onProgress(waiting(table)));
    const cities = await ensureTable(
      loading,
      { table: citiesTable, made: CITIES_VERSION, rows: allCities },
      replace,
      onProgress,
    );
    return {
      loaded: articles.loaded || cities.loaded,
      rows: articles.rows,
      cities: cities.rows,
      source: articles.imported ? 'imported' : 'generated',
    };
  };
  return withConnection(mysqlUrl, work, tls);
}

interface Outcome {
  loaded: boolean;
  rows: number;
  imported: boolean;
}

async function ensureTable<Row>(
  loading: LoadingConnection,
  wanted: Wanted<Row>,
  replace: Replace,
  onProgress: OnProgress,
): Promise<Outcome> {
  const { connection, database } = loading;
  const { table } = wanted;

  const look = async (): Promise<{ state: TableState; verdict: Verdict }> => {
    const state = await readTableState(connection, table);
    const verdict = judge(state, wanted, replace);
    if (verdict === 'refuse') throw new ForeignTableError(database, table.name);
    return { state, verdict };
  };
  const kept = ({ rows, contents }: TableState): Outcome => ({
    loaded: false,
    rows,
    imported: contents?.kind !== 'generated',
  });

  const found = await look();
  if (found.verdict === 'keep') {
    if (await hasLeftovers(connection, table))
      await tryLoadLock(loading, () => dropLeftovers(connection, table));
    return kept(found.state);
  }
  return withLoadLock(
    loading,
    () => onProgress(waiting(table.name)),
    async () => {
      // Whoever had the lock before us may have done the work.
      const { state, verdict } = await look();
      if (verdict === 'keep') return kept(state);
      const meter = new ProgressMeter(table.name, onProgress, wanted.totalRows);
      const rows = await replaceTable({
        loading,
        table,
        blocks: encodeRows(wanted.rows(), table),
        contents: (stored) => ({ kind: 'generated', made: wanted.made, rows: stored }),
        onSent: (sent) => meter.sent(sent),
      });
      meter.done();
      return { loaded: true, rows, imported: false };
    },
  );
}
