import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { CsvFileError } from '../errors.ts';
import { articlesTable } from '../schema.ts';
import type { Header } from './check-row.ts';
import { quote, readHeader } from './check-row.ts';
import type { BrokenRecord, CsvRecord } from './read-records.ts';
import { readRecords } from './read-records.ts';

export interface OpenedCsv {
  header: Header;
  /** Bytes in the file. */
  size: number;
  /** What follows the header. */
  records: AsyncIterable<readonly (CsvRecord | BrokenRecord)[]>;
  /** Lets go of the file; to be called unless the records were read to their end. */
  close: () => Promise<void>;
}

/**
 * Says what is wrong with a CSV as a whole, before any server is started for it.
 *
 * @throws CsvFileError
 */
export async function checkCsv(file: string): Promise<void> {
  await (await openCsv(file)).close();
}

/**
 * Opens a CSV of articles and reads its header, so that a file that can't be right is told before anything is touched.
 *
 * @throws CsvFileError
 */
export async function openCsv(file: string): Promise<OpenedCsv> {
  const { size, start } = await lookAt(file);
  const batches = readRecords(file, start);
  const close = async (): Promise<void> => void (await batches.return(undefined));
  try {
    const first = await batches.next();
    const [top, ...rest] = first.done ? [] : first.value;
    const header = checkHeader(file, top);
    async function* records(): AsyncGenerator<readonly (CsvRecord | BrokenRecord)[]> {
      yield rest;
      yield* batches;
    }
    return { header, size, records: records(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function checkHeader(file: string, top: CsvRecord | BrokenRecord | undefined): Header {
  if (top === undefined) throw new CsvFileError(file, 'is empty.');
  if ('problem' in top) throw new CsvFileError(file, `has a header that can't be read: ${top.problem}.`);
  const { header, missing, twice } = readHeader(top.fields);
  if (missing.length > 0) throw new CsvFileError(file, describeMissing(missing, top.fields));
  if (twice.length > 0) throw new CsvFileError(file, `has the column ${twice[0]} twice.`);
  return header;
}

function describeMissing(missing: readonly string[], found: readonly string[]): string {
  const names = found.slice(0, 4).map((name) => quote(name));
  const all = articlesTable.columns;
  const them =
    missing.length === all.length
      ? `none of the columns ${all.join(', ')}`
      : `no column ${missing.join(', ')}`;
  return (
    `has ${them}. Its first row has to name all ${all.length} columns of articles, separated by commas, in any order; ` +
    `it begins with ${names.join(', ')}.`
  );
}

async function lookAt(file: string): Promise<{ size: number; start: number }> {
  let handle: FileHandle;
  try {
    handle = await open(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CsvFileError(file, code === 'ENOENT' ? 'does not exist.' : `could not be opened: ${message}`, {
      cause: error,
    });
  }
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new CsvFileError(file, 'is a directory; name the CSV in it.');
    if (!stats.isFile())
      throw new CsvFileError(file, 'is not a regular file; save what it gives to one first.');
    if (stats.size === 0) throw new CsvFileError(file, 'is empty.');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    return { size: stats.size, start: checkStart(file, buffer.subarray(0, bytesRead)) };
  } finally {
    await handle.close();
  }
}

/** @returns where the text begins, after a byte order mark if there is one. */
function checkStart(file: string, head: Buffer): number {
  const mark = head.toString('hex', 0, 3);
  if (mark.startsWith('fffe') || mark.startsWith('feff')) {
    throw new CsvFileError(file, 'is in UTF-16; save it as UTF-8 (in a spreadsheet: "CSV UTF-8").');
  }
  if (head.includes(0))
    throw new CsvFileError(file, 'is not text. If it is compressed or a spreadsheet, make it a CSV first.');
  return mark === 'efbbbf' ? 3 : 0;
}
