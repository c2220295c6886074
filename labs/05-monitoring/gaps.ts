import { gaps } from '../gaps.ts';

export default gaps({
  change: [
    [
      "import type { Article, Readers, StoreOptions, WritableStore } from '../../contract.ts';",
      "import type { Article, MonitoredStore, Readers, StoreOptions } from '../../contract.ts';",
    ],
    ['StoreOptions): WritableStore {', 'StoreOptions): MonitoredStore {'],
    [
      `    ...createWrites(pool, cache),
`,
      `    ...createWrites(pool, cache),

    async metrics() {
      // GAP 2: what has been counted, and what Redis says of itself, as a page for Prometheus.
      return '';
    },

    async alarms() {
      // GAP 3: the five rules of the guide, judged now.
      return [];
    },
`,
    ],
    [
      `    async getOrLoad<T>({ key, form, tags }: Place<T>, load: () => Promise<T>): Promise<T> {
`,
      `    async getOrLoad<T>({ key, form, tags }: Place<T>, load: () => Promise<T>): Promise<T> {
      // GAP 1: somebody has to be told what came of each read, how long it took, and how long each query.
`,
    ],
  ],
});
