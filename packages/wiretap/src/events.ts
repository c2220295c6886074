/** What both stores' events have in common: one thing a client asked, and what came back. */
interface WireEventBase {
  /** Position in the record's one numbering; events of two taps that share a record can be put in order by it. */
  seq: number;
  /** Which client connection, numbered across the record from 1. */
  connection: number;
  /** When the request had arrived whole, in milliseconds since the record began. */
  startedAt: number;
  /** When the last byte of the reply had come from the store (before any weather); absent while unanswered. */
  endedAt?: number;
  /** Bytes the request takes on the wire. */
  requestBytes?: number;
  /** Bytes the reply took on the wire. */
  replyBytes?: number;
  /** Present only if something of this event is kept in part, because a record bounds what it keeps. */
  shortened?: Shortened;
  /** `disconnect`: who ended the connection. */
  by?: 'client' | 'store' | 'tap';
  /** Plain words about what is unusual: why a connection ended, what could not be decoded, what weather did. */
  note?: string;
}

/** The true sizes of what an event holds only the beginning of. */
export interface Shortened {
  /** Byte lengths of the `args` or `params` that were cut, by their index. */
  argLengths?: Map<number, number>;
  /** How many args there were, when only the first of them are kept. */
  argCount?: number;
  /** Byte length of the SQL text. */
  sqlBytes?: number;
  /** The reply is kept in part: long strings are cut, items past the limit left out. */
  reply?: true;
}

export type MysqlEventKind =
  | 'connect'
  | 'query'
  | 'prepare'
  | 'execute'
  | 'close-statement'
  | 'ping'
  | 'quit'
  | 'init-db'
  | 'change-user'
  | 'reset'
  | 'other'
  | 'disconnect';

export interface MysqlErrorDetail {
  code: number;
  sqlState: string;
  message: string;
}

/** `bytes` counts the whole result set as it crossed the wire, column definitions included. */
export interface MysqlRows {
  rows: number;
  columns: string[];
  bytes: number;
}
export interface MysqlDone {
  affectedRows: number;
  lastInsertId: number | bigint;
}
export interface MysqlFailed {
  error: MysqlErrorDetail;
}
export type MysqlResult = MysqlRows | MysqlDone | MysqlFailed;

/** A bound value. Dates and times are the text MySQL would print; bytes that are not UTF-8 text are a Buffer. */
export type MysqlParam = string | number | bigint | Buffer | null;

export interface MysqlEvent extends WireEventBase {
  store: 'mysql';
  kind: MysqlEventKind;
  /** The protocol's name of the command, such as `COM_STMT_FETCH`. */
  command?: string;
  /** query and prepare: the text; execute, close-statement and fetch: that of the prepared statement. */
  sql?: string;
  /** execute: the bound values in order. */
  params?: MysqlParam[];
  /** prepare, execute, close-statement: the server's number of the statement, unique in its connection. */
  statement?: number;
  /** connect, init-db, change-user. */
  database?: string;
  /** connect, change-user. */
  user?: string;
  /** The first result, or the error in its place. */
  result?: MysqlResult;
  /** All results, when a statement brought more than one (several statements, a procedure). */
  results?: MysqlResult[];
}

export interface RedisErrorReply {
  error: string;
}

/**
 * A decoded RESP2 or RESP3 value. Status replies are strings, bulk strings are Buffers, sets are arrays.
 * The keys of a RESP3 map that are UTF-8 text are strings, so that they can be looked up.
 */
export type RedisReply =
  | string
  | Buffer
  | number
  | bigint
  | boolean
  | null
  | RedisErrorReply
  | RedisReply[]
  | Map<RedisReply, RedisReply>;

export type RedisEventKind = 'connect' | 'command' | 'push' | 'other' | 'disconnect';

export interface RedisEvent extends WireEventBase {
  store: 'redis';
  kind: RedisEventKind;
  /** command: its name in upper case, `CLIENT` for `CLIENT SETINFO`; push: what sort, such as `message`. */
  name?: string;
  /** Without the name. */
  args?: Buffer[];
  /**
   * The decoded reply. A command queued in a transaction gets its element of EXEC's reply, and stays `'QUEUED'` if
   * the transaction never ran. A command with several replies (SUBSCRIBE a b) has them in an array; a push has the message.
   */
  reply?: RedisReply;
  /** Shared by MULTI, the commands it queues, and the EXEC or DISCARD that ends it. Numbered across the record. */
  transaction?: number;
  /** What the tap's guard did with it instead of passing it on as it was. */
  guarded?: 'refused' | 'rewritten';
}

export type WireEvent = MysqlEvent | RedisEvent;
