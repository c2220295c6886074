import type { MysqlDone, MysqlErrorDetail } from '../events.ts';
import { Cursor } from './cursor.ts';

export const OK = 0x00;
export const LOCAL_INFILE = 0xfb;
export const EOF = 0xfe;
export const ERR = 0xff;

export const SERVER_MORE_RESULTS_EXISTS = 0x0008;
export const SERVER_STATUS_CURSOR_EXISTS = 0x0040;

/** What a request of the wiretap's user is to fail with. The SQL state defaults to the usual one of the code. */
export interface MysqlFailure {
  code: number;
  message: string;
  sqlState?: string;
}

/** The SQL states of errors that are worth simulating, from MySQL's server error reference. */
const SQL_STATES: Record<number, string> = {
  1040: '08004',
  1044: '42000',
  1045: '28000',
  1049: '42000',
  1053: '08S01',
  1062: '23000',
  1064: '42000',
  1146: '42S02',
  1213: '40001',
  1226: '42000',
  1317: '70100',
};

export function readOk(payload: Buffer): { done: MysqlDone; status: number } {
  const cursor = new Cursor(payload, 1);
  const affectedRows = Number(cursor.lenenc());
  const lastInsertId = cursor.lenenc();
  return { done: { affectedRows, lastInsertId }, status: cursor.uint(2) };
}

/** The status flags of an EOF packet. */
export function readEofStatus(payload: Buffer): number {
  const cursor = new Cursor(payload, 1);
  cursor.skip(2);
  return cursor.uint(2);
}

export function readError(payload: Buffer): MysqlErrorDetail {
  const cursor = new Cursor(payload, 1);
  const code = cursor.uint(2);
  const rest = cursor.rest();
  // Before a client has said what it speaks, the state is left out.
  if (rest[0] !== 0x23) return { code, sqlState: 'HY000', message: rest.toString() };
  return { code, sqlState: rest.toString('latin1', 1, 6), message: rest.toString('utf8', 6) };
}

export function errorDetail({ code, message, sqlState }: MysqlFailure): MysqlErrorDetail {
  return { code, message, sqlState: sqlState ?? SQL_STATES[code] ?? 'HY000' };
}

export function encodeErrorPacket({ code, message, sqlState }: MysqlErrorDetail, sequence: number): Buffer {
  const payload = Buffer.concat([
    Buffer.from([ERR, code & 0xff, code >> 8]),
    Buffer.from(`#${sqlState}${message}`),
  ]);
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence & 0xff;
  return Buffer.concat([header, payload]);
}
