import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'One process is enough to know who has read.',
  caughtBy: 'kept',
  named: 'kept-in-process',
  says: ['a new process lacks points, readers or news'],
  change: [
    [
      `  return {
    async countReader(article, visitor) {
      await redis.pfadd(key(article), visitor);
    },

    async uniqueReaders(articles) {
      // The union: who read two of them is one visitor. PFCOUNT wants a key at least.
      return articles.length === 0 ? 0 : await redis.pfcount(...articles.map(key));
    },
  };`,
      `  const readers = new Map<number, Set<string>>();
  return {
    async countReader(article, visitor) {
      readers.set(article, (readers.get(article) ?? new Set()).add(visitor));
      await redis.exists(key(article));
    },

    async uniqueReaders(articles) {
      return new Set(articles.flatMap((article) => [...(readers.get(article) ?? [])])).size;
    },
  };`,
    ],
  ],
});
