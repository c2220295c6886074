import { basename } from 'node:path';
import { ensureDerivedTables } from '../derived-tables.ts';
import type { LoadingConnection } from '../connection.ts';
import { withConnection, withLoadLock } from '../connection.ts';
import { CsvFileError, ForeignTableError } from '../errors.ts';
import { replaceTable } from '../load-table.ts';
import type { OnProgress } from '../progress.ts';
import { ProgressMeter, waiting } from '../progress.ts';
import { articlesTable } from '../schema.ts';
import type { Contents } from '../table-state.ts';
import { readTableState } from '../table-state.ts';
import type { Block } from '../tsv.ts';
import { BlockWriter } from '../tsv.ts';
import { judge } from '../verdict.ts';
import { createRowCheck } from './check-row.ts';
import type { OpenedCsv } from './open-csv.ts';
import { openCsv } from './open-csv.ts';

/** A row that was skipped. */
export interface BadRow {
  /** The line of the file it begins on, from 1: the header is line 1. */
  line: number;
  problem: string;
}

export interface LoadCsvOptions {
  /** Replace `articles` even if this workshop did not make it and it is of another shape. */
  force?: boolean;
  onProgress?: OnProgress;
  onBadRow?: (row: BadRow) => void;
}

/**
 * Fills `articles` from a CSV such as that of AWS's demo: UTF-8, with a header that names the columns in any order, other columns
 * besides are passed over. Rows that are not right are told to `onBadRow` and skipped; of two rows with one OBJECTID the first counts.
 * The old table stays until the new one is whole, and stays for good if the file has no good row. The tables derived from it follow.
 *
 * @throws CsvFileError, ConnectionError, LocalInfileOffError, ForeignTableError, LoadIncompleteError, InvalidOptionError
 */
export async function loadCsv(
  mysqlUrl: string,
  file: string,
  { force = false, onProgress = () => undefined, onBadRow = () => undefined }: LoadCsvOptions = {},
): Promise<{ loaded: number; skipped: number }> {
  const csv = await openCsv(file);
  let skipped = 0;
  let fraction = 0;
  const fill = async (loading: LoadingConnection): Promise<number> => {
    const { connection, database } = loading;
    const state = await readTableState(connection, articlesTable);
    if (judge(state, { made: '' }, force ? 'anything' : 'imported') === 'refuse') {
      throw new ForeignTableError(database, articlesTable.name);
    }
    const meter = new ProgressMeter(articlesTable.name, onProgress);
    const blocks = goodRows(csv, {
      onBadRow: (row) => {
        skipped += 1;
        onBadRow(row);
      },
      onRead: (bytes) => (fraction = bytes / csv.size),
    });
    const contents = (rows: number): Contents => {
      if (rows === 0) {
        throw new CsvFileError(file, `has no row that can be loaded (${skipped} were skipped).`);
      }
      return { kind: 'csv', made: basename(file), rows };
    };
    const onSent = (sent: number): void => meter.sent(sent, fraction);
    const rows = await replaceTable({ loading, table: articlesTable, blocks, contents, onSent });
    meter.done();
    return rows;
  };
  try {
    const onWait = (): void => onProgress(waiting(articlesTable.name));
    const loaded = await withConnection(mysqlUrl, async (loading) => {
      const rows = await withLoadLock(loading, onWait, () => fill(loading));
      await ensureDerivedTables(loading, force ? 'anything' : 'outdated', onWait);
      return rows;
    });
    return { loaded, skipped };
  } finally {
    await csv.close();
  }
}

async function* goodRows(
  { header, records }: OpenedCsv,
  { onBadRow, onRead }: { onBadRow: (row: BadRow) => void; onRead: (bytes: number) => void },
): AsyncGenerator<Block> {
  const check = createRowCheck(header);
  const writer = new BlockWriter('latin1');
  for await (const batch of records) {
    for (const record of batch) {
      const checked = 'problem' in record ? record : check(record.fields);
      if (checked.problem !== undefined) {
        onBadRow({ line: record.line, problem: checked.problem });
        continue;
      }
      if ('end' in record) onRead(record.end);
      const full = writer.add(checked.line);
      if (full !== undefined) yield full;
    }
  }
  const last = writer.take();
  if (last !== undefined) yield last;
}
