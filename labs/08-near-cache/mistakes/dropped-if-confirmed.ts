import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'What Redis has not confirmed has not been invalidated.',
  caughtBy: 'own-writes',
  named: 'own-write-stale',
  says: ['while Redis did not answer'],
  change: [
    [
      `      await payOwed().catch(() => {});
      // After Redis has heard of it: what is read from now on is new.
      near.drop(keys);`,
      `      await payOwed()
        .then(() => near.drop(keys))
        .catch(() => {});`,
    ],
  ],
});
