import type { LoadingConnection } from './connection.ts';
import { withConnection } from './connection.ts';
import { ForeignTableError } from './errors.ts';
import type { ArticleRow, CityRow } from './rows.ts';
import type { Table } from './schema.ts';
import { articlesTable, citiesTable } from './schema.ts';
import { describeContents, readTableState } from './table-state.ts';

export interface Fixture {
  articles?: Iterable<ArticleRow>;
  cities?: Iterable<CityRow>;
}

const ROWS_AT_ONCE = 500;

/**
 * Makes both tables anew, in a database that exists, and puts the given rows in. For tests and labs: with plain INSERTs, so it needs
 * no LOAD DATA, and a few hundred rows take some ten milliseconds. What stood in the two tables is dropped, if it was ours.
 *
 * @throws ForeignTableError, ConnectionError, InvalidOptionError
 */
export async function loadFixture(mysqlUrl: string, { articles = [], cities = [] }: Fixture): Promise<void> {
  await withConnection(mysqlUrl, async (loading) => {
    await fill(loading, articlesTable, [...articles]);
    await fill(loading, citiesTable, [...cities]);
  });
}

async function fill<Row>(
  { connection, database }: LoadingConnection,
  table: Table<Row>,
  rows: readonly Row[],
): Promise<void> {
  const { exists, contents } = await readTableState(connection, table);
  if (exists && contents === undefined) throw new ForeignTableError(database, table.name);
  await connection.query(`DROP TABLE IF EXISTS ${table.name}`);
  const comment = describeContents({ kind: 'fixture', made: 'loadFixture', rows: rows.length });
  await connection.query(table.create(table.name, comment));
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const values = rows.slice(at, at + ROWS_AT_ONCE).map((row) => table.columns.map((column) => row[column]));
    await connection.query(`INSERT INTO ${table.name} (${table.columns.join(', ')}) VALUES ?`, [values]);
  }
}
