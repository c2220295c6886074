import type { MysqlParam } from '../events.ts';
import type { Dialect } from './capabilities.ts';
import { PacketError, type Cursor } from './cursor.ts';
import { asText, readValue, type ValueType } from './values.ts';

/** MariaDB: the statement prepared last, whose number the client has not waited for. */
const LAST_PREPARED = 0xff_ff_ff_ff;
/** Flag of COM_STMT_EXECUTE: the number of values stands in the packet. */
const PARAMETER_COUNT_AVAILABLE = 8;

/** The protocol counts a statement's parameters in two bytes. */
const MAX_PARAMS = 0xffff;

/** A prepared statement of one connection. */
export interface Statement {
  sql: string;
  params: number;
  /** The types of the values, which are sent only when they change. */
  types?: ValueType[];
  /** Values sent ahead in pieces, by their index. */
  longData: Map<number, Buffer>;
}

/** The prepared statements of one connection, by the server's number. */
export class Statements {
  readonly #byId = new Map<number, Statement>();
  readonly #keepBytes: number;
  #last: Statement | undefined;

  /** `keepBytes`: how much is kept of a value that is sent in pieces. */
  constructor(keepBytes: number) {
    this.#keepBytes = keepBytes;
  }

  get(id: number): Statement | undefined {
    return id === LAST_PREPARED ? this.#last : this.#byId.get(id);
  }

  add(id: number, sql: string, params: number): void {
    this.#last = { sql, params, longData: new Map() };
    this.#byId.set(id, this.#last);
  }

  close(id: number): void {
    this.#byId.delete(id);
  }

  clear(): void {
    this.#byId.clear();
    this.#last = undefined;
  }

  /** Takes the payload of a COM_STMT_SEND_LONG_DATA after the statement's number. */
  addLongData(statement: Statement, cursor: Cursor): void {
    const index = cursor.uint(2);
    const before = statement.longData.get(index) ?? Buffer.alloc(0);
    const more = cursor.bytes(Math.min(cursor.remaining, Math.max(0, this.#keepBytes - before.length)));
    statement.longData.set(index, Buffer.concat([before, more]));
  }
}

/** The values of a COM_STMT_EXECUTE, whose payload is at what follows the statement's number. */
export function readExecute(cursor: Cursor, statement: Statement, dialect: Dialect): MysqlParam[] {
  const flags = cursor.uint(1);
  // The number of iterations, which is always 1.
  cursor.skip(4);
  const isCounted = (flags & PARAMETER_COUNT_AVAILABLE) !== 0;
  if (statement.params === 0 && !(dialect.queryAttributes && isCounted)) return [];
  const count = dialect.queryAttributes ? Number(cursor.lenenc()) : statement.params;
  const values = readValues(cursor, count, statement, dialect);
  statement.longData.clear();
  // What comes after the statement's own parameters are attributes.
  return values.slice(0, statement.params);
}

/** Skips the attributes that stand before the text of a COM_QUERY. */
export function skipQueryAttributes(cursor: Cursor, dialect: Dialect): void {
  if (!dialect.queryAttributes) return;
  const count = Number(cursor.lenenc());
  // The number of sets, which is always 1.
  cursor.lenenc();
  readValues(cursor, count, { longData: new Map() }, dialect);
}

function readValues(
  cursor: Cursor,
  count: number,
  statement: Pick<Statement, 'types' | 'longData'>,
  dialect: Dialect,
): MysqlParam[] {
  if (count === 0) return [];
  if (!(count <= MAX_PARAMS)) throw new PacketError(`${count} values in one statement`);
  const nulls = cursor.bytes((count + 7) >> 3);
  const hasTypes = cursor.uint(1) === 1;
  if (hasTypes) {
    statement.types = Array.from({ length: count }, () => {
      const type = cursor.uint(1);
      const isUnsigned = (cursor.uint(1) & 0x80) !== 0;
      if (dialect.queryAttributes) cursor.lenencBytes();
      return { type, isUnsigned };
    });
  }
  const { types = [] } = statement;
  return Array.from({ length: count }, (_, index) => {
    const isNull = (nulls[index >> 3]! & (1 << (index & 7))) !== 0;
    const ahead = statement.longData.get(index);
    if (ahead !== undefined) return isBlob(types[index]) ? ahead : asText(ahead);
    return isNull || types[index] === undefined ? null : readValue(cursor, types[index]);
  });
}

function isBlob(type: ValueType | undefined): boolean {
  return type !== undefined && ((type.type >= 249 && type.type <= 252) || type.type === 255);
}
