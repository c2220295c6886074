import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'COMMIT and the invalidation are sent at once: one wait instead of two.',
  caughtBy: 'commit-first',
  named: 'invalidated-before-commit',
  says: ['just before the COMMIT'],
  change: [
    ['await connection.commit();', 'await Promise.all([connection.commit(), cache.invalidate(tags)]);'],
    ['if (isCommitting && changed) await cache.invalidate(tags);', 'void [changed, isCommitting];'],
  ],
});
