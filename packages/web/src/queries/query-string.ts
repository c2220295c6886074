import { BadParameterError } from '../errors.ts';

/** A query string as Express's simple parser gives it: a parameter given twice is a list. */
export type QueryString = Readonly<Record<string, unknown>>;

/** A parameter's text, undefined when it is not given. Throws `BadParameterError` when it is given twice. */
export function single(given: QueryString, name: string): string | undefined {
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new BadParameterError(name, 'must be given only once');
}
