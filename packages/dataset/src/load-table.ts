import { Readable } from 'node:stream';
import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { LoadingConnection } from './connection.ts';
import { LoadFailedError, LoadIncompleteError, LocalInfileOffError } from './errors.ts';
import type { Table } from './schema.ts';
import type { Contents } from './table-state.ts';
import { describeContents, loadingName, replacedName } from './table-state.ts';
import type { Block } from './tsv.ts';
import { tsvFormat } from './tsv.ts';

/** MySQL 8: ER_CLIENT_LOCAL_FILES_DISABLED. MariaDB and older MySQL: ER_NOT_ALLOWED_COMMAND; MariaDB from 10.5 on: 4166. */
const LOCAL_INFILE_OFF: ReadonlySet<number> = new Set([3948, 1148, 4166]);

type Blocks = Iterable<Block> | AsyncIterable<Block>;

interface Replacement<Row> {
  loading: LoadingConnection;
  table: Table<Row>;
  /** What the rows are, asked for once they have all been stored. */
  contents: (rows: number) => Contents;
}

export interface TableLoad<Row> extends Replacement<Row> {
  blocks: Blocks;
  /** Called with the number of rows in each block when it is handed to the connection. */
  onSent?: (rows: number) => void;
}

/**
 * Fills a new table with blocks of rows and puts it in the place of the old one.
 *
 * @returns the number of rows stored.
 * @throws LocalInfileOffError, LoadFailedError, LoadIncompleteError when the server did not store every row as it was sent, and whatever
 * `blocks` throws.
 */
export async function replaceTable<Row>({ blocks, onSent, ...load }: TableLoad<Row>): Promise<number> {
  const { table, loading } = load;
  return replaceBy(load, (aside) => sendBlocks(loading.connection, table, aside, blocks, onSent));
}

/**
 * Fills a new table aside and puts it in the place of the old one only when it is whole: those who read the table find the
 * old rows or the new ones, at any moment. Call it under the load lock, since the names of the tables aside are fixed.
 *
 * @param fill is given the name of the table aside, and returns how many rows it has stored there.
 * @throws LocalInfileOffError, LoadFailedError, and whatever `fill` throws.
 */
export async function replaceBy<Row>(
  { loading, table, contents }: Replacement<Row>,
  fill: (aside: string) => Promise<number>,
): Promise<number> {
  const { connection, server } = loading;
  const aside = loadingName(table.name);
  try {
    await dropLeftovers(connection, table);
    await connection.query(table.create(aside, 'workshop data: not whole yet'));
    const rows = await fill(aside);
    const comment = describeContents(contents(rows));
    await connection.query(`ALTER TABLE ${aside} COMMENT = ?`, [comment]);
    await swapIn(connection, table.name);
    return rows;
  } catch (error) {
    // On a broken connection this fails too, and the next load clears it away.
    await connection.query(`DROP TABLE IF EXISTS ${aside}`).catch(() => undefined);
    throw explain(error, table.name, server);
  }
}

/** Drops what a load that was cut off left behind. */
export async function dropLeftovers<Row>(connection: Connection, table: Table<Row>): Promise<void> {
  await connection.query(`DROP TABLE IF EXISTS ${loadingName(table.name)}, ${replacedName(table.name)}`);
}

/**
 * Sends the blocks with LOAD DATA LOCAL INFILE: they go out as they are made, and not faster than the server takes them.
 *
 * @returns the number of rows stored in `target`.
 */
export async function sendBlocks<Row>(
  connection: Connection,
  table: Table<Row>,
  target: string,
  blocks: Blocks,
  onSent?: (rows: number) => void,
): Promise<number> {
  let sent = 0;
  async function* bytes(): AsyncGenerator<Buffer> {
    for await (const block of blocks) {
      sent += block.rows;
      yield block.bytes;
      onSent?.(block.rows);
    }
  }
  const source = Readable.from(bytes(), { objectMode: false, highWaterMark: 1 });
  // mysql2 passes the source's error on through the query, but stops listening when the connection breaks.
  source.on('error', () => undefined);
  try {
    const [result] = await connection.query<ResultSetHeader>({
      // The server names a file and gets this stream instead, so even a hostile one can't ask for a file of ours.
      sql: `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${target} ${tsvFormat} (${table.columns.join(', ')})`,
      infileStreamFactory: () => source,
    });
    // LOCAL makes the server go on after an error in a row and only count a warning, so the counts are what tells.
    if (result.affectedRows !== sent || result.warningStatus > 0) {
      throw new LoadIncompleteError(table.name, sent, result.affectedRows, await firstWarnings(connection));
    }
    return sent;
  } finally {
    source.destroy();
  }
}

/** Names the driver's errors; what the source of the blocks threw passes as it is. */
function explain(error: unknown, table: string, server: string): unknown {
  if (!(error instanceof Error) || !('fatal' in error || 'sqlState' in error)) return error;
  return 'errno' in error && LOCAL_INFILE_OFF.has(Number(error.errno))
    ? new LocalInfileOffError(server, error)
    : new LoadFailedError(table, server, error);
}

async function firstWarnings(connection: Connection): Promise<string[]> {
  const [warnings] = await connection.query<(RowDataPacket & { Message: string })[]>('SHOW WARNINGS LIMIT 3');
  return warnings.map(({ Message }) => Message);
}

async function swapIn(connection: Connection, name: string): Promise<void> {
  const [existing] = await connection.query<RowDataPacket[]>(
    'SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?',
    [name],
  );
  const outWithTheOld = existing.length > 0 ? `${name} TO ${replacedName(name)}, ` : '';
  // One RENAME of both tables is atomic: there is no moment without a table of this name.
  await connection.query(`RENAME TABLE ${outWithTheOld}${loadingName(name)} TO ${name}`);
  await connection.query(`DROP TABLE IF EXISTS ${replacedName(name)}`);
}
