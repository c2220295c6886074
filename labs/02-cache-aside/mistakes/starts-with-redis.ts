import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Without Redis there is no point in starting.',
  caughtBy: 'redis-refuses',
  named: 'start-needs-redis',
  says: ['Redis was away, and createArticleStore() failed'],
  change: [
    [
      'export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): ArticleStore {',
      'export async function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): Promise<ArticleStore> {',
    ],
    ['const cache = createCache(redisUrl);', 'const cache = createCache(redisUrl);\n  await cache.ready();'],
    ['  close(): void;', '  ready(): Promise<unknown>;\n  close(): void;'],
    [
      `    close() {
      redis`,
      `    ready: async () => {
      const probe = new Redis(redisUrl, { maxRetriesPerRequest: 1 });
      probe.on('error', () => {});
      await probe.ping().finally(() => probe.disconnect());
    },

    close() {
      redis`,
    ],
  ],
});
