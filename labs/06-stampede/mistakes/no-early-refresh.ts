import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'An entry that has expired is loaded again; that is what expiry is for.',
  caughtBy: 'refresh',
  named: 'reader-waits',
  says: ['waited for MySQL'],
  change: [
    [
      'if (isDue(kept.value, kept.remainingMs) && !flights.has(name))',
      'if (kept.remainingMs < -10 && isDue(kept.value, kept.remainingMs) && !flights.has(name))',
    ],
  ],
});
