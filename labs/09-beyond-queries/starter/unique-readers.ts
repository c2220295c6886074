import type { Redis } from 'ioredis';
import type { SiteStore } from '../../contract-site.ts';

const key = (article: number) => `unique-readers:${article}`;

export function createUniqueReaders(redis: Redis): Pick<SiteStore, 'countReader' | 'uniqueReaders'> {
  return {
    // GAP 5: a set keeps every reader. What does an article with a million of them take?
    async countReader(article, visitor) {
      await redis.sadd(key(article), visitor);
    },

    async uniqueReaders(articles) {
      // GAP 5: and who has read two of the articles?
      const counts = await Promise.all(articles.map(async (article) => await redis.scard(key(article))));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}
