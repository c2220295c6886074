import { inspect, isDeepStrictEqual } from 'node:util';
import { sameValue } from '@workshop/lab-kit';

/** A value as a message shows it: with its type, since that is often what differs, and never long. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Date) return `the Date ${inspect(value)}`;
  const text = inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 2, maxStringLength: 60 });
  const short = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return `the ${Array.isArray(value) ? 'array' : typeof value} ${short}`;
}

/** "1 row", "2 rows" */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The first column in which two rows differ, in words; undefined when they are equal. */
export function difference(got: object, wanted: object): string | undefined {
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(got)])];
  const entry = (row: object, key: string) => (row as Record<string, unknown>)[key];
  const key = keys.find((name) => !isDeepStrictEqual(entry(got, name), entry(wanted, name)));
  if (key === undefined) return undefined;
  const values = [entry(got, key), entry(wanted, key)] as const;
  const [is, expected] = values.map(describe);
  // Both may be cut before the place that matters.
  return `${key} is ${is}, expected ${expected}${is === expected ? firstDifference(...values) : ''}`;
}

function firstDifference(got: unknown, wanted: unknown): string {
  if (typeof got !== 'string' || typeof wanted !== 'string') return '';
  let from = 0;
  while (from < wanted.length && got[from] === wanted[from]) from += 1;
  const part = (text: string) => JSON.stringify(text.slice(from, from + 20));
  return `; from character ${from + 1} on ${part(got)} in place of ${part(wanted)}`;
}

/** "returned 8 rows, expected 9": what sets an answer apart from the one that is wanted; undefined when nothing does. */
export function unlike(got: unknown, wanted: unknown): string | undefined {
  if (sameValue(got, wanted)) return undefined;
  if (Array.isArray(got) && Array.isArray(wanted)) return rowsUnlike(got, wanted);
  const found = isRow(got) && isRow(wanted) ? difference(got, wanted) : undefined;
  return found ? `returned a row whose ${found}` : `returned ${describe(got)}, expected ${describe(wanted)}`;
}

function rowsUnlike(got: unknown[], wanted: unknown[]): string {
  if (got.length !== wanted.length) return `returned ${count(got.length, 'row')}, expected ${wanted.length}`;
  const at = wanted.findIndex((row, index) => !sameValue(row, got[index]));
  const id = (row: unknown) => (isRow(row) ? Number(row['OBJECTID']) : NaN);
  if (!Object.is(id(got[at]), id(wanted[at])))
    return `returned OBJECTID ${id(got[at])} in row ${at + 1} of ${got.length}, expected ${id(wanted[at])}`;
  const row = got[at];
  return isRow(row) && isRow(wanted[at])
    ? `returned OBJECTID ${id(row)} with another column: ${difference(row, wanted[at])}`
    : `returned ${describe(row)} in row ${at + 1}, expected ${describe(wanted[at])}`;
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
