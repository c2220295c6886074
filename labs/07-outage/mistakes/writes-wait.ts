import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The limit is for reads; a write must go through.',
  caughtBy: 'writes',
  named: 'waits-without-end',
  says: ['UPDATE'],
  change: [
    [
      'return await lend(AbortSignal.timeout(limitMs), work);',
      'return await lend(AbortSignal.timeout(60_000), work);',
    ],
  ],
});
