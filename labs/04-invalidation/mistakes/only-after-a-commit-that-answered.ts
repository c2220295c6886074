import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Invalidated after the line with the COMMIT: when that throws, nothing was written.',
  caughtBy: 'commit-lost',
  named: 'lost-commit-not-invalidated',
  says: ['broke before the answer to "COMMIT"'],
  change: [
    [
      'await connection.commit();',
      `await connection.commit();
      if (changed) await cache.invalidate(tags);`,
    ],
    ['if (isCommitting && changed) await cache.invalidate(tags);', 'void isCommitting;'],
  ],
});
