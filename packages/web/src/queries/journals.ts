import { defineQuery } from './query.ts';

/** A report: it reads and counts all rows for a handful of lines, which is what a cache pays off for the most. */
export const journals = defineQuery({
  name: 'journals',
  title: 'Top journals',
  tables: ['articles'],
  fields: {
    limit: { type: 'whole', label: 'At most', unit: 'rows', least: 1, most: 100, default: 20 },
  },
  statement: ({ limit }) => ({
    sql: 'SELECT Journal, COUNT(*) AS Articles, MIN(PublishedDate) AS FirstPublished, MAX(PublishedDate) AS LastPublished FROM articles GROUP BY Journal ORDER BY Articles DESC, Journal LIMIT ?',
    params: [limit],
  }),
  columns: [
    { title: 'Journal', cell: (row) => [{ text: String(row['Journal']) || '(none)' }] },
    {
      title: 'Articles',
      isNumber: true,
      cell: (row) => [{ text: Number(row['Articles']).toLocaleString('en-US') }],
    },
    { title: 'First', isNumber: true, cell: (row) => [{ text: String(row['FirstPublished']) }] },
    { title: 'Last', isNumber: true, cell: (row) => [{ text: String(row['LastPublished']) }] },
  ],
  work: () => ({
    headline: 'MySQL read every article to count a few journals.',
    step: 'read every row, counted by journal in a temporary table and sorted that',
  }),
  nothing: 'There are no articles.',
});
