import { splitAtTerm } from '../pages/format.ts';
import type { Column, Piece, Row } from './query.ts';

/** What the pages show of an article, and no more: a cache is as fast as its values are small. */
export const ARTICLE_COLUMNS = [
  'OBJECTID',
  'Sentence',
  'MatchedPlace',
  'Title',
  'Journal',
  'PublishedDate',
] as const;

/** How many articles a list may have. */
export const ARTICLE_LIMIT = {
  type: 'whole',
  label: 'At most',
  unit: 'rows',
  least: 1,
  most: 500,
  default: 500,
} as const;

/** The sentence with its finds marked, the place, and the article. */
export const articleTable: readonly (Omit<Column, 'cell'> & {
  cell: (row: Row, values: { readonly term: string }) => readonly Piece[];
})[] = [
  { title: 'Id', isNumber: true, cell: (row) => [{ text: String(row['OBJECTID']) }] },
  {
    title: 'Sentence',
    cell: (row, { term }) =>
      splitAtTerm(String(row['Sentence']), term).map((text, index) =>
        index % 2 === 1 ? { text, as: 'mark' } : { text },
      ),
  },
  { title: 'Place', cell: (row) => [{ text: String(row['MatchedPlace']) }] },
  {
    title: 'Article',
    cell: (row) => [
      { text: String(row['Title']) },
      { text: `${row['Journal']}, ${row['PublishedDate']}`, as: 'small' },
    ],
  },
];
