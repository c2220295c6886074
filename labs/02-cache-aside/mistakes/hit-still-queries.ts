import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Redis is asked first, but the query runs in any case.',
  caughtBy: 'second-read',
  named: 'hit-still-queries',
  says: ['saw 5'],
  change: [
    [
      String.raw`      const found = await redis.get(key).catch(() => null);
      if (found !== null) return decode(found) as T;
`,
      String.raw`      const found = await redis.get(key).catch(() => null);
      void found;
`,
    ],
  ],
});
