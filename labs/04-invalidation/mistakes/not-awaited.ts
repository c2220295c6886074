import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The caller need not wait for Redis.',
  caughtBy: 'commit-first',
  named: 'not-awaited',
  says: ['resolved before Redis had its UNLINK'],
  change: [
    [
      'if (isCommitting && changed) await cache.invalidate(tags);',
      'if (isCommitting && changed) void cache.invalidate(tags);',
    ],
  ],
});
