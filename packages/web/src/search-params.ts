import type { SearchRequest, Source } from './article-store.ts';
import { BadParameterError } from './errors.ts';

export const DEFAULT_SEARCH: SearchRequest = { term: 'delta', limit: 500 };
export const MAX_TERM_LENGTH = 100;
export const MAX_LIMIT = 500;

/** A query string as Express's simple parser gives it: a parameter given twice is a list. */
export type QueryString = Readonly<Record<string, unknown>>;

/** Throws `BadParameterError` for the first parameter that cannot be used. */
export function readSearch(query: QueryString): SearchRequest {
  return { term: readTerm(query), limit: readLimit(query) };
}

/** Throws `BadParameterError`. */
export function readSource(query: QueryString): Source {
  const source = single(query, 'source') ?? 'cache';
  if (source !== 'mysql' && source !== 'cache')
    throw new BadParameterError('source', 'must be mysql or cache');
  return source;
}

/** How many keys a deletion removed, from the address it redirects to. Anything else is as if it were not there. */
export function readDeleted(query: QueryString): number | undefined {
  const text = query['deleted'];
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function readTerm(query: QueryString): string {
  const term = single(query, 'term') ?? DEFAULT_SEARCH.term;
  // Counted as a reader counts: an emoji is one, though JavaScript stores it as two.
  const { length } = Array.from(term);
  if (length < 1 || length > MAX_TERM_LENGTH) {
    throw new BadParameterError('term', `must have 1 to ${MAX_TERM_LENGTH} characters, but has ${length}`);
  }
  return term;
}

function readLimit(query: QueryString): number {
  const text = single(query, 'limit');
  if (text === undefined) return DEFAULT_SEARCH.limit;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw new BadParameterError('limit', `must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  return limit;
}

function single(query: QueryString, name: string): string | undefined {
  const value = Object.hasOwn(query, name) ? query[name] : undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new BadParameterError(name, 'must be given only once');
}
