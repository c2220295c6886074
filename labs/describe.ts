import { inspect, isDeepStrictEqual } from 'node:util';

/** A value as a message shows it: with its type, since that is often what differs, and never long. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Date) return `the Date ${inspect(value)}`;
  const text = inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 2, maxStringLength: 60 });
  const short = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return `the ${Array.isArray(value) ? 'array' : typeof value} ${short}`;
}

/** The first column in which two rows differ, in words; undefined when they are equal. */
export function difference(got: object, wanted: object): string | undefined {
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(got)])];
  const entry = (row: object, key: string) => (row as Record<string, unknown>)[key];
  const key = keys.find((name) => !isDeepStrictEqual(entry(got, name), entry(wanted, name)));
  return key && `${key} is ${describe(entry(got, key))}, expected ${describe(entry(wanted, key))}`;
}
