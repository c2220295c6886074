import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'An invalidation that failed is an error, and errors go to the caller.',
  caughtBy: 'redis-away',
  named: 'redis-error-fails-the-write',
  says: ['refused connections'],
  change: [
    [
      `      const write = Symbol();
      for (const key of generationKeys(tags)) owed.set(key, write);
      // What Redis does not take now stays owed.
      await payOwed().catch(() => {});`,
      '      await redis.unlink(generationKeys(tags));',
    ],
  ],
});
