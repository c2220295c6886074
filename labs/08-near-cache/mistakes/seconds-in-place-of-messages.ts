import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A second of old pages does nobody any harm, and needs no messages.',
  caughtBy: 'other-writes',
  named: 'stale-local-copy',
  says: ['after it had resolved'],
  change: [
    ['const mostMs = 10_000;', 'const mostMs = 1_000;'],
    [
      `    changed: drop,
`,
      `    changed() {},
`,
    ],
  ],
});
