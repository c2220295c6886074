import type { MysqlResult } from '../events.ts';
import type { Dialect } from './capabilities.ts';
import { Cursor, PacketError } from './cursor.ts';
import { FULL_PACKET } from './packet-reader.ts';
import {
  EOF,
  ERR,
  LOCAL_INFILE,
  OK,
  readEofStatus,
  readError,
  readOk,
  SERVER_MORE_RESULTS_EXISTS,
  SERVER_STATUS_CURSOR_EXISTS,
} from './status-packets.ts';

/** How the reply to a command is made up: by packets up to a status, or in ways of its own. */
export type ReplyShape = 'results' | 'status' | 'login' | 'prepared' | 'rows' | 'columns' | 'text';

/** A progress report of MariaDB's looks like an error of this code, and ends nothing. */
const PROGRESS = 0xffff;

/**
 * Follows the packets of one reply and knows which is the last. Rows are counted, not read
 * (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase.html).
 */
export class Reply {
  readonly results: MysqlResult[] = [];
  /** What a prepared statement got. */
  prepared: { id: number; params: number } | undefined;
  /** The server has asked for the file of a LOAD DATA LOCAL, and waits for it. */
  wantsFile = false;
  readonly #dialect: Dialect;
  readonly #shape: ReplyShape;
  #state: 'head' | 'columns' | 'columns-end' | 'rows' | 'definitions';
  #left = 0;
  #columns: string[] = [];
  #rows = 0;
  #bytes = 0;

  constructor(shape: ReplyShape, dialect: Dialect) {
    this.#dialect = dialect;
    this.#shape = shape;
    this.#state = shape === 'rows' ? 'rows' : 'head';
  }

  /** Whether packets that begin with anything below EOF are rows. */
  get isInRows(): boolean {
    return this.#state === 'rows';
  }

  /** So many rows in so many bytes on the wire went by. */
  countRows(rows: number, bytes: number): void {
    this.#rows += rows;
    this.#bytes += bytes;
  }

  /** A packet that carries on the one before went by. */
  continuation(length: number): void {
    this.#bytes += length + 4;
  }

  /** Takes a packet, of whose payload the beginning will do; true if it was the reply's last. */
  packet(payload: Buffer, length: number): boolean {
    this.#bytes += length + 4;
    if (payload[0] === ERR && this.#state !== 'columns' && this.#state !== 'definitions')
      return this.#error(payload);
    switch (this.#state) {
      case 'head':
        return this.#head(payload, length);
      case 'columns':
        return this.#column(payload, length);
      case 'columns-end':
        return this.#columnsEnd(payload);
      case 'rows':
        return this.#row(payload, length);
      case 'definitions':
        this.#left -= 1;
        return this.#left === 0;
    }
  }

  #error(payload: Buffer): boolean {
    const error = readError(payload);
    if (error.code === PROGRESS) return false;
    this.results.push({ error });
    return true;
  }

  #head(payload: Buffer, length: number): boolean {
    switch (this.#shape) {
      case 'text':
        return true;
      case 'login':
        return payload[0] === OK && this.#ok(payload);
      case 'prepared':
        return this.#preparedHead(payload);
      case 'columns':
        // COM_FIELD_LIST: column definitions till an EOF, with no count before.
        return payload[0] === EOF && length < 9;
      case 'status':
        return payload[0] === EOF || this.#ok(payload);
      default:
        return this.#resultHead(payload);
    }
  }

  #resultHead(payload: Buffer): boolean {
    this.wantsFile = payload[0] === LOCAL_INFILE;
    if (this.wantsFile) return false;
    if (payload[0] === OK) return this.#ok(payload);
    if (payload[0] === EOF) throw new PacketError('a result that begins with its end');
    const cursor = new Cursor(payload);
    const count = Number(cursor.lenenc());
    const isDescribed = !this.#dialect.optionalMetadata || cursor.uint(1) === 1;
    this.#columns = [];
    this.#rows = 0;
    this.#bytes = payload.length + 4;
    this.#left = isDescribed ? count : 0;
    this.#state = this.#left > 0 ? 'columns' : this.#afterColumns();
    return false;
  }

  #column(payload: Buffer, length: number): boolean {
    if (payload.length < length) throw new PacketError(`a column described in ${length} bytes`);
    const cursor = new Cursor(payload);
    // Catalog, schema, table, original table; then the name.
    for (let field = 0; field < 4; field += 1) cursor.lenencBytes();
    this.#columns.push(cursor.lenencBytes().toString());
    this.#left -= 1;
    if (this.#left === 0) this.#state = this.#afterColumns();
    return false;
  }

  #afterColumns(): 'rows' | 'columns-end' {
    return this.#dialect.deprecateEof ? 'rows' : 'columns-end';
  }

  #columnsEnd(payload: Buffer): boolean {
    if (payload[0] !== EOF) throw new PacketError('columns without an end');
    this.#state = 'rows';
    // With a cursor the rows stay at the server until they are fetched.
    if ((readEofStatus(payload) & SERVER_STATUS_CURSOR_EXISTS) === 0) return false;
    return this.#endOfRows(0);
  }

  #row(payload: Buffer, length: number): boolean {
    const isEnd = payload[0] === EOF && length < (this.#dialect.deprecateEof ? FULL_PACKET : 9);
    if (!isEnd) {
      this.#rows += 1;
      return false;
    }
    return this.#endOfRows(this.#dialect.deprecateEof ? readOk(payload).status : readEofStatus(payload));
  }

  #endOfRows(status: number): boolean {
    this.results.push({ rows: this.#rows, columns: this.#columns, bytes: this.#bytes });
    this.#state = 'head';
    return (status & SERVER_MORE_RESULTS_EXISTS) === 0;
  }

  #ok(payload: Buffer): boolean {
    if (payload[0] !== OK) throw new PacketError(`byte ${payload[0]} where OK or an error should stand`);
    const { done, status } = readOk(payload);
    this.results.push(done);
    return (status & SERVER_MORE_RESULTS_EXISTS) === 0;
  }

  #preparedHead(payload: Buffer): boolean {
    const cursor = new Cursor(payload, 1);
    const id = cursor.uint(4);
    const columns = cursor.uint(2);
    const params = cursor.uint(2);
    this.prepared = { id, params };
    // A filler and the number of warnings, then perhaps whether definitions follow.
    cursor.skip(1 + 2);
    if (this.#dialect.optionalMetadata && cursor.remaining > 0 && cursor.uint(1) === 0) return true;
    const end = this.#dialect.deprecateEof ? 0 : 1;
    this.#left = (params > 0 ? params + end : 0) + (columns > 0 ? columns + end : 0);
    this.#state = 'definitions';
    return this.#left === 0;
  }
}
