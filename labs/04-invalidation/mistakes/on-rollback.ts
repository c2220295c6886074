import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Invalidated in the finally, so that it happens in any case.',
  caughtBy: 'refused',
  named: 'invalidated-on-rollback',
  says: ['expected 0'],
  change: [
    [
      'if (isCommitting && changed) await cache.invalidate(tags);',
      `void [changed, isCommitting];
      await cache.invalidate(tags);`,
    ],
  ],
});
