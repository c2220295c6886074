import { BadParameterError } from '../errors.ts';
import { journals } from './journals.ts';
import { nearby } from './nearby.ts';
import { single, type QueryString } from './query-string.ts';
import type { Query, QueryKind } from './query.ts';
import { scan } from './scan.ts';
import { words } from './words.ts';

/** What visitors can ask, in the order of the pages. The first is what is asked when an address does not say. */
export const QUERY_KINDS: readonly QueryKind[] = [scan, words, journals, nearby];

/** The query of an address. Throws `BadParameterError` for the first parameter that cannot be used. */
export function readQuery(given: QueryString): Query {
  const name = single(given, 'query') ?? scan.name;
  const kind = QUERY_KINDS.find((each) => each.name === name);
  if (kind === undefined) {
    throw new BadParameterError('query', `must be one of ${QUERY_KINDS.map((each) => each.name).join(', ')}`);
  }
  return kind.read(given);
}
