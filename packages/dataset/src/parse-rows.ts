import { InvalidOptionError } from './errors.ts';

/** As many as the workshop is written for: the demo's query then takes about half a second without an index. */
export const DEFAULT_ROWS = 200_000;
export const LEAST_ROWS = 1_000;
export const MOST_ROWS = 5_000_000;

const WANTED = `a whole number from ${LEAST_ROWS} to ${MOST_ROWS}`;

/**
 * Reads a number of rows as people type it: `50000`, `50_000` or `50,000`; {@link DEFAULT_ROWS} when there is none.
 *
 * @param name what the error calls it: the environment variable or the option it came from.
 * @throws InvalidOptionError
 */
export function parseRows(value: string | undefined, name = 'WORKSHOP_ROWS'): number {
  if (value === undefined || value.trim() === '') return DEFAULT_ROWS;
  const digits = value.trim();
  const rows = /^\d+([_,]\d{3})*$/.test(digits) ? Number(digits.replaceAll(/[_,]/g, '')) : Number.NaN;
  if (!(rows >= LEAST_ROWS && rows <= MOST_ROWS)) throw new InvalidOptionError(name, value, WANTED);
  return rows;
}

/** @throws InvalidOptionError */
export function checkRows(rows: number): void {
  if (!Number.isInteger(rows) || rows < LEAST_ROWS || rows > MOST_ROWS)
    throw new InvalidOptionError('rows', rows, WANTED);
}
