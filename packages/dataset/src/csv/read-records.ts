import { createReadStream } from 'node:fs';
import type { CsvError, Parser } from 'csv-parse';
import { parse } from 'csv-parse';
import { LineCounter } from './line-counter.ts';

/** A record as it stands in the file; blank lines are none. */
export interface CsvRecord {
  /** The line of the file it begins on, from 1. */
  line: number;
  /** Its fields, one character for each byte, not yet decoded. */
  fields: readonly string[];
  /** The byte after it. */
  end: number;
}

/** A record that can't be told from what follows, because its quotes are wrong. */
export interface BrokenRecord {
  line: number;
  problem: string;
  /** The byte it begins at. */
  start: number;
}

/**
 * Far more than any paper's abstract takes. A quote that is never closed makes one record of all that follows, and this
 * is where that ends.
 */
export const RECORD_LIMIT_BYTES = 4 * 1024 * 1024;

const READ_BYTES = 256 * 1024;

const problems: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE:
    'a quoted field goes on after its closing quote (a quote inside a field has to be doubled)',
  INVALID_OPENING_QUOTE: 'there is a quote in the middle of a field that does not begin with one',
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened here and never closed',
  CSV_MAX_RECORD_SIZE: `the row is longer than ${RECORD_LIMIT_BYTES} bytes; is a quote left open?`,
};

/**
 * Reads a CSV (RFC 4180, with LF or CRLF) from byte `start`, in batches of what one read from the disk holds.
 *
 * A stray quote turns inside and outside round for everything after it. So behind a broken record reading begins anew on
 * the line after the one it began on, and what was good there is found again.
 */
export async function* readRecords(
  file: string,
  start: number,
): AsyncGenerator<(CsvRecord | BrokenRecord)[]> {
  let from = { offset: start, line: 1 };
  for (;;) {
    const broken: BrokenRecord | undefined = yield* readUntilBroken(file, from);
    if (broken === undefined) return;
    yield [broken];
    from = { offset: await nextLine(file, broken.start), line: broken.line + 1 };
  }
}

async function* readUntilBroken(
  file: string,
  from: { offset: number; line: number },
): AsyncGenerator<CsvRecord[], BrokenRecord | undefined> {
  const lines = new LineCounter(from.line, from.offset);
  let end = from.offset;
  let batch: CsvRecord[] = [];
  const parser = parse({
    // One character for each byte: what is not UTF-8 gets through unharmed and can be told later.
    encoding: 'latin1',
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    max_record_size: RECORD_LIMIT_BYTES,
    // Records are taken here, inside write(): in the stream's own buffer those before a broken one would be lost with it.
    on_record: (fields: string[], { bytes }) => {
      const line = lines.lineAt(end);
      end = from.offset + bytes;
      if (fields.length > 1 || fields[0]?.trim() !== '') batch.push({ line, fields, end });
      return null;
    },
  });
  // write() and end() report the same error, to those who wait for it.
  parser.on('error', () => undefined);
  const broken = (error: CsvError): BrokenRecord => ({
    line: lines.lineAt(end),
    problem: problems[error.code] ?? error.message,
    start: end,
  });

  for await (const chunk of createReadStream(file, { start: from.offset, highWaterMark: READ_BYTES })) {
    lines.read(chunk as Buffer);
    const error = await write(parser, chunk as Buffer);
    if (batch.length > 0) yield batch;
    batch = [];
    if (error !== undefined) return broken(error);
  }
  const error = await finish(parser);
  if (batch.length > 0) yield batch;
  return error === undefined ? undefined : broken(error);
}

function write(parser: Parser, chunk: Buffer): Promise<CsvError | undefined> {
  return new Promise((resolve) => {
    parser.write(chunk, (error) => resolve((error ?? undefined) as CsvError | undefined));
  });
}

function finish(parser: Parser): Promise<CsvError | undefined> {
  return new Promise((resolve) => {
    parser.end((error?: Error | null) => resolve((error ?? undefined) as CsvError | undefined));
  });
}

/** The byte at which the line after byte `offset` begins, or the end of the file. */
async function nextLine(file: string, offset: number): Promise<number> {
  let at = offset;
  for await (const chunk of createReadStream(file, { start: offset, highWaterMark: READ_BYTES })) {
    const newline = (chunk as Buffer).indexOf('\n');
    if (newline >= 0) return at + newline + 1;
    at += (chunk as Buffer).length;
  }
  return at;
}
