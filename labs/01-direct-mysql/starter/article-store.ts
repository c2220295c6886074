import { createPool } from 'mysql2/promise';
import type { ArticleStore, StoreOptions } from '../../contract.ts';

export function createArticleStore({ mysqlUrl }: StoreOptions): ArticleStore {
  // BIGINT comes as a string, digits intact, instead of a number that may have been rounded.
  const pool = createPool({ uri: mysqlUrl, supportBigNumbers: true, bigNumberStrings: true });

  return {
    async search(term, limit) {
      // GAP 1: ask MySQL for the articles whose Sentence contains `term`, newest first, `limit` at most.
      void term;
      void limit;
      return [];
    },

    async byId(id) {
      // GAP 2: one article with its Readers and LastReadAt, from `articles` and `article_reads`.
      void id;
      return undefined;
    },

    async explainSearch(term, limit) {
      // GAP 3: what EXPLAIN says about the query of `search`.
      void term;
      void limit;
      return { access: '', key: null, rows: 0 };
    },

    async close() {
      await pool.end();
    },
  };
}
