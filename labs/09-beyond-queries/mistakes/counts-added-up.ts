import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The readers of two articles are those of the one and those of the other.',
  caughtBy: 'unique-readers',
  named: 'counted-twice',
  says: ['uniqueReaders([1, 2]) returned 45'],
  change: [
    [
      'return articles.length === 0 ? 0 : await redis.pfcount(...articles.map(key));',
      `const counts = await Promise.all(articles.map(async (article) => await redis.pfcount(key(article))));
      return counts.reduce((sum, count) => sum + count, 0);`,
    ],
  ],
});
