import { InvalidOptionError } from './errors.ts';

/** A statement with what goes in its placeholders, for mysql2's `query` or `execute`. */
export interface Statement<Params extends readonly unknown[]> {
  readonly sql: string;
  readonly params: Params;
}

/** The demo's question: which sentences contain a term. There is no index that could help, so it reads the whole table. */
export const SEARCH_ARTICLES_SQL = 'SELECT * FROM articles WHERE Sentence LIKE ? ORDER BY OBJECTID LIMIT ?';

/**
 * The demo's query for a term and a number of rows. `%`, `_` and `\` in the term stand for themselves.
 *
 * The limit goes out as a number. mysql2 used to send it to a prepared statement as a DOUBLE, which MySQL from 8.0.22 on refuses
 * ("Incorrect arguments to mysqld_stmt_execute", sidorares/node-mysql2#1239); since #4488, which our version has, it sends
 * the integer type that the server asks for. With an older mysql2 it has to be a string in `execute`, which `query` can't take.
 *
 * @throws InvalidOptionError when the limit is not a whole number.
 */
export function searchArticlesSql({
  term,
  limit,
}: {
  term: string;
  limit: number;
}): Statement<[string, number]> {
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new InvalidOptionError('limit', limit, 'a whole number');
  return { sql: SEARCH_ARTICLES_SQL, params: [`%${escapeLike(term)}%`, limit] };
}

/** A text as a LIKE pattern that matches just that text. */
export function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
