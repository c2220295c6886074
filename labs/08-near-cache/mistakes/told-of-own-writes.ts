import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Redis tells of own changes, too: there is nothing to do.',
  caughtBy: 'own-writes',
  named: 'own-write-stale',
  says: ['still on its way'],
  change: [
    [
      `      near.drop(keys);
`,
      '',
    ],
  ],
});
