import { escapeLike } from '@workshop/dataset';
import { ARTICLE_COLUMNS, ARTICLE_LIMIT, articleTable } from './articles.ts';
import { defineQuery, type Query } from './query.ts';

/** The demo's question. There is no index that could help, so MySQL reads the whole table. */
export const scan = defineQuery({
  name: 'scan',
  keyName: 'search',
  title: 'Sentences with a text',
  tables: ['articles'],
  fields: {
    term: { type: 'text', label: 'Text in a sentence', most: 100, default: 'delta' },
    limit: ARTICLE_LIMIT,
  },
  statement: ({ term, limit }) => ({
    sql: `SELECT ${ARTICLE_COLUMNS.join(', ')} FROM articles WHERE Sentence LIKE ? ORDER BY OBJECTID LIMIT ?`,
    params: [`%${escapeLike(term)}%`, limit],
  }),
  columns: articleTable,
  // In the order of the primary key, MySQL may stop as soon as it has as many rows as were asked for.
  work: (rows, { limit }) =>
    rows < limit
      ? {
          headline: 'MySQL read the whole table to answer this.',
          step: 'read every row, since no index serves a pattern that begins with %',
        }
      : {
          headline: 'MySQL read row after row until it had enough.',
          step: 'read row after row, up to the last that was needed, since no index serves a pattern that begins with %',
        },
  nothing: 'No sentence contains that. It is an answer too, and cached like any other.',
});

/** A query as the arguments of a lab's `search`; undefined for a query that no lab's store can be asked. */
export function searchOf({ kind, values }: Query): { term: string; limit: number } | undefined {
  if (kind !== scan) return undefined;
  return { term: String(values['term']), limit: Number(values['limit']) };
}
