import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A race against a timer: the author is told in time.',
  caughtBy: 'writes',
  named: 'gives-up-for-good',
  says: ['a write still fails'],
  change: [
    [
      'return await lend(AbortSignal.timeout(limitMs), work);',
      `return await until(AbortSignal.timeout(limitMs), 'MySQL', lend(new AbortController().signal, work));`,
    ],
  ],
});
