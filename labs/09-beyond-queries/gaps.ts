import { gaps } from '../gaps.ts';

export default gaps({
  change: [
    [
      "import { articleTag, createWrites, listsTag } from './writes.ts';\n",
      `import { createSite, type SiteStore } from './site.ts';
import { articleTag, createWrites, listsTag } from './writes.ts';
`,
    ],
    ['StoreOptions): MonitoredStore {', 'StoreOptions): MonitoredStore & SiteStore {'],
    [
      '  const cache = createCache(redisUrl, monitor.watch);\n',
      `  const cache = createCache(redisUrl, monitor.watch);
  const site = createSite({ mysqlUrl, redisUrl });
`,
    ],
    [
      `  return {
    async search(term, limit) {
`,
      `  return {
    ...site,

    async search(term, limit) {
`,
    ],
    [
      `      cache.close();
      await mysql.close();
`,
      `      cache.close();
      await site.close();
      await mysql.close();
`,
    ],
  ],
  added: [
    'leaderboard.ts',
    'news.ts',
    'places.ts',
    'rate-limit.ts',
    'sessions.ts',
    'site.ts',
    'unique-readers.ts',
  ],
});
