import { gaps } from '../gaps.ts';

export default gaps({
  change: [
    [
      `import type { Article, ArticleStore, StoreOptions } from '../../contract.ts';`,
      `import type { Article, ExpiringStore, StoreOptions } from '../../contract.ts';`,
    ],
    ['StoreOptions): ArticleStore {', 'StoreOptions): ExpiringStore {'],
    [
      'const ttlSeconds = 60;',
      `// GAP 1: how long an answer lives. What is stored together must not expire together, and "there is none" must not be
// believed for long.
const ttlSeconds = 60;`,
    ],
    [
      `    async explainSearch(term, limit) {`,
      `    async readers(id) {
      // GAP 2: \`Readers\` and \`LastReadAt\` of one article, kept in Redis as a hash with a field for each.
      void id;
      return undefined;
    },

    async explainSearch(term, limit) {`,
    ],
  ],
});
