import { isUtf8 } from 'node:buffer';
import type { MysqlParam } from '../events.ts';
import { PacketError, type Cursor } from './cursor.ts';

/** How a value is written: the type's number, and whether an integer has no sign. */
export interface ValueType {
  type: number;
  isUnsigned: boolean;
}

/** Reads the value types of MySQL's binary protocol; strings are not copied. Dates and times become text. */
export function readValue(cursor: Cursor, { type, isUnsigned }: ValueType): MysqlParam {
  switch (type) {
    case 1: // TINY
      return isUnsigned ? cursor.uint(1) : cursor.int(1);
    case 2: // SHORT
    case 13: // YEAR
      return isUnsigned ? cursor.uint(2) : cursor.int(2);
    case 3: // LONG
    case 9: // INT24
      return isUnsigned ? cursor.uint(4) : cursor.int(4);
    case 8: // LONGLONG
      return isUnsigned ? cursor.uint64() : cursor.int64();
    case 4: // FLOAT
      return cursor.float();
    case 5: // DOUBLE
      return cursor.double();
    case 6: // NULL
      return null;
    case 7: // TIMESTAMP
    case 10: // DATE
    case 12: // DATETIME
      return readDate(cursor, type === 10);
    case 11: // TIME
      return readTime(cursor);
    case 249: // TINY_BLOB
    case 250: // MEDIUM_BLOB
    case 251: // LONG_BLOB
    case 252: // BLOB
    case 255: // GEOMETRY
      return cursor.lenencBytes();
    case 0: // DECIMAL
    case 15: // VARCHAR
    case 16: // BIT
    case 245: // JSON
    case 246: // NEWDECIMAL
    case 247: // ENUM
    case 248: // SET
    case 253: // VAR_STRING
    case 254: // STRING
      return asText(cursor.lenencBytes());
    default:
      throw new PacketError(`a value of type ${type}`);
  }
}

/** Text if it can be, else the bytes. */
export function asText(bytes: Buffer): string | Buffer {
  return isUtf8(bytes) ? bytes.toString() : bytes;
}

function readDate(cursor: Cursor, isDate: boolean): string {
  const length = cursor.uint(1);
  const [year, month, day] = length >= 4 ? [cursor.uint(2), cursor.uint(1), cursor.uint(1)] : [0, 0, 0];
  const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  if (isDate && length <= 4) return date;
  const clock =
    length >= 7 ? `${pad(cursor.uint(1))}:${pad(cursor.uint(1))}:${pad(cursor.uint(1))}` : '00:00:00';
  return `${date} ${clock}${length >= 11 ? fraction(cursor) : ''}`;
}

function readTime(cursor: Cursor): string {
  const length = cursor.uint(1);
  if (length < 8) return '00:00:00';
  const sign = cursor.uint(1) === 1 ? '-' : '';
  const hours = cursor.uint(4) * 24 + cursor.uint(1);
  const clock = `${sign}${pad(hours)}:${pad(cursor.uint(1))}:${pad(cursor.uint(1))}`;
  return `${clock}${length >= 12 ? fraction(cursor) : ''}`;
}

function fraction(cursor: Cursor): string {
  return `.${pad(cursor.uint(4), 6)}`;
}

function pad(value: number, digits = 2): string {
  return String(value).padStart(digits, '0');
}
