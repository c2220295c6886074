import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Invalidated together with the UPDATE, so that it can not be forgotten.',
  caughtBy: 'commit-first',
  named: 'invalidated-before-commit',
  says: ['just before the COMMIT'],
  change: [
    [
      'isCommitting = true;',
      `isCommitting = true;
      await cache.invalidate(tags);`,
    ],
    ['if (isCommitting && changed) await cache.invalidate(tags);', 'void [changed, isCommitting];'],
  ],
});
