import type { Table } from './schema.ts';

/** A piece of what LOAD DATA reads: whole rows, already encoded. */
export interface Block {
  readonly bytes: Buffer;
  readonly rows: number;
}

/** The format of a block, said outright so that no server setting can change its meaning. */
export const tsvFormat = String.raw`CHARACTER SET utf8mb4 FIELDS TERMINATED BY '\t' ESCAPED BY '\\' LINES TERMINATED BY '\n'`;

/** Large enough that the cost of a packet does not count, small enough that a few of them are nothing to hold. */
const BLOCK_BYTES = 256 * 1024;
const MOST_BYTES_PER_CHARACTER = 3;

const SPECIAL = /[\\\t\n\r\0]/;
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
};

/** Nearly no field has a special character, so asking first is much cheaper than replacing at once. */
export function escapeField(field: string): string {
  return SPECIAL.test(field)
    ? field.replaceAll(/[\\\t\n\r\0]/g, (special) => escapes[special] as string)
    : field;
}

/** Rows as lines for LOAD DATA, in blocks. One block is held at a time, however many rows there are. */
export function* encodeRows<Row>(rows: Iterable<Row>, { columns }: Table<Row>): Generator<Block> {
  const writer = new BlockWriter('utf8');
  for (const row of rows) {
    let line = '';
    for (const column of columns) {
      const value = row[column];
      line += `${typeof value === 'string' ? escapeField(value) : String(value)}\t`;
    }
    const full = writer.add(`${line.slice(0, -1)}\n`);
    if (full !== undefined) yield full;
  }
  const last = writer.take();
  if (last !== undefined) yield last;
}

/**
 * Gathers lines into blocks. `latin1` is for text of which each character stands for one byte: that is how the CSV reader
 * hands on bytes it has not decoded.
 */
export class BlockWriter {
  readonly #encoding: 'utf8' | 'latin1';
  #bytes = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  #used = 0;
  #rows = 0;

  constructor(encoding: 'utf8' | 'latin1') {
    this.#encoding = encoding;
  }

  /** Takes in a line; gives back the block before it when the line no longer fits in. */
  add(line: string): Block | undefined {
    const room = line.length * MOST_BYTES_PER_CHARACTER;
    const full = this.#used + room > this.#bytes.length ? this.take(room) : undefined;
    this.#used += this.#bytes.write(line, this.#used, this.#encoding);
    this.#rows += 1;
    return full;
  }

  /** What has been gathered so far, if anything; the next block has room for `room` bytes at least. */
  take(room = 0): Block | undefined {
    const block =
      this.#rows > 0 ? { bytes: this.#bytes.subarray(0, this.#used), rows: this.#rows } : undefined;
    // A new buffer each time: the one handed out may still be on its way to the server.
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, room));
    this.#used = 0;
    this.#rows = 0;
    return block;
  }
}
