import { ARTICLE_COLUMNS, ARTICLE_LIMIT, articleTable } from './articles.ts';
import { defineQuery } from './query.ts';

/** The same question, asked of a full-text index: what an index gives, and what is left for a cache to give. */
export const words = defineQuery({
  name: 'words',
  title: 'Sentences with a word (full-text)',
  tables: ['articles'],
  fields: {
    term: { type: 'text', label: 'Words in a sentence', most: 100, default: 'delta' },
    limit: ARTICLE_LIMIT,
  },
  statement: ({ term, limit }) => ({
    sql: `SELECT ${ARTICLE_COLUMNS.map((column) => `a.${column}`).join(', ')} FROM article_sentences s JOIN articles a USING (OBJECTID) WHERE MATCH (s.Sentence) AGAINST (? IN NATURAL LANGUAGE MODE) LIMIT ?`,
    params: [term, limit],
  }),
  columns: articleTable,
  work: () => ({
    headline: 'MySQL went straight to the sentences, by an index of their words.',
    step: 'looked the words up in the full-text index and read only the rows it names',
  }),
  nothing: 'No sentence has that word. The index knows whole words of three letters or more.',
});
