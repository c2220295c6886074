import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Who does not get the lock loads it as well, rather than wait.',
  caughtBy: 'across-processes',
  named: 'one-process-only',
  says: ['saw 2'],
  change: [
    [
      `      // At random, so that those who wait do not come all at once.
`,
      `      if (!lock) break;
      // At random, so that those who wait do not come all at once.
`,
    ],
  ],
});
