import { gaps } from '../gaps.ts';

export default gaps({
  change: [
    [
      "import type { Article, ExpiringStore, Readers, StoreOptions } from '../../contract.ts';",
      "import type { Article, Readers, StoreOptions, WritableStore } from '../../contract.ts';",
    ],
    ['StoreOptions): ExpiringStore {', 'StoreOptions): WritableStore {'],
    [
      "import { asHash } from './record.ts';\n",
      "import { asHash } from './record.ts';\nimport { createWrites } from './writes.ts';\n",
    ],
    [
      '    async explainSearch(term, limit) {',
      '    ...createWrites(pool),\n\n    async explainSearch(term, limit) {',
    ],
  ],
  added: ['writes.ts'],
});
