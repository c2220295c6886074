import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A pipeline saves round trips, and a cache that can not be told is no error.',
  caughtBy: 'writes',
  named: 'stale-after-write',
  says: ['in the same process'],
  change: [
    [
      'await debts.add(generationKeys(tags)).catch(() => {});',
      `const pipeline = primaries.pipeline();
      for (const key of generationKeys(tags)) pipeline.unlink(key);
      await pipeline.exec().catch(() => {});`,
    ],
  ],
});
