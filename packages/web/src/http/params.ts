import type { Source } from '../store/article-store.ts';
import { BadParameterError } from '../errors.ts';
import { single, type QueryString } from '../queries/query-string.ts';

/** Throws `BadParameterError`. */
export function readSource(given: QueryString): Source {
  const source = single(given, 'source') ?? 'cache';
  if (source !== 'mysql' && source !== 'cache')
    throw new BadParameterError('source', 'must be mysql or cache');
  return source;
}

/** How many keys a deletion removed, from the address it redirects to. Anything else is as if it were not there. */
export function readDeleted(given: QueryString): number | undefined {
  const text = given['deleted'];
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
