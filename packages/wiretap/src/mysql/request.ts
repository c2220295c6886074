import type { MysqlEvent, MysqlParam } from '../events.ts';
import type { Dialect } from './capabilities.ts';
import {
  COM_CHANGE_USER,
  COM_INIT_DB,
  COM_QUERY,
  COM_STMT_CLOSE,
  COM_STMT_EXECUTE,
  COM_STMT_FETCH,
  COM_STMT_PREPARE,
  COM_STMT_RESET,
  COM_STMT_SEND_LONG_DATA,
} from './commands.ts';
import { Cursor, PacketError } from './cursor.ts';
import { readExecute, skipQueryAttributes, type Statements } from './statements.ts';

interface Context {
  dialect: Dialect;
  statements: Statements;
  /** How many bytes of one text or value are kept. */
  keepBytes: number;
}

/**
 * Writes what a command's payload says into its event; returns how many bytes the event now holds. A payload that
 * cannot be read is noted there: where it ends is known all the same.
 */
export function describeRequest(event: MysqlEvent, payload: Buffer, context: Context): number {
  try {
    describe(event, payload[0]!, new Cursor(payload, 1), context);
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
    event.note = `could not be read: ${error.message}`;
  }
  return weigh(event);
}

function describe(event: MysqlEvent, command: number, cursor: Cursor, context: Context): void {
  const { dialect, keepBytes } = context;
  switch (command) {
    case COM_INIT_DB:
      event.database = cursor.rest().toString();
      return;
    case COM_QUERY:
      skipQueryAttributes(cursor, dialect);
      return keepSql(event, cursor.rest(), keepBytes);
    case COM_STMT_PREPARE:
      return keepSql(event, cursor.rest(), keepBytes);
    case COM_CHANGE_USER:
      event.user = cursor.textToNul();
      cursor.skip(cursor.uint(1));
      event.database = cursor.textToNul();
      return;
    case COM_STMT_EXECUTE:
    case COM_STMT_SEND_LONG_DATA:
    case COM_STMT_CLOSE:
    case COM_STMT_RESET:
    case COM_STMT_FETCH:
      return describeStatement(event, command, cursor, context);
  }
}

function describeStatement(event: MysqlEvent, command: number, cursor: Cursor, context: Context): void {
  const { statements, dialect, keepBytes } = context;
  event.statement = cursor.uint(4);
  const statement = statements.get(event.statement);
  if (statement === undefined) return;
  event.sql = statement.sql;
  if (command === COM_STMT_EXECUTE) keepParams(event, readExecute(cursor, statement, dialect), keepBytes);
  if (command === COM_STMT_SEND_LONG_DATA) statements.addLongData(statement, cursor);
  if (command === COM_STMT_RESET) statement.longData.clear();
}

function keepSql(event: MysqlEvent, text: Buffer, keepBytes: number): void {
  event.sql = text.toString('utf8', 0, keepBytes);
  if (text.length > keepBytes) event.shortened = { sqlBytes: text.length };
}

/** Copies what is kept, as the packet's memory is not. */
function keepParams(event: MysqlEvent, params: MysqlParam[], keepBytes: number): void {
  const argLengths = new Map<number, number>();
  event.params = params.map((param, index) => {
    if (typeof param !== 'string' && !(param instanceof Buffer)) return param;
    const length = Buffer.byteLength(param);
    if (length > keepBytes) argLengths.set(index, length);
    if (param instanceof Buffer) return Buffer.from(param.subarray(0, keepBytes));
    return length > keepBytes ? Buffer.from(param).toString('utf8', 0, keepBytes) : param;
  });
  if (argLengths.size > 0) event.shortened = { argLengths };
}

function weigh({ kind, sql = '', params = [] }: MysqlEvent): number {
  // The text of a prepared statement is held once, whatever the number of events that name it.
  let weight = kind === 'query' || kind === 'prepare' ? sql.length : 0;
  for (const param of params)
    if (typeof param === 'string' || param instanceof Buffer) weight += param.length;
  return weight;
}
