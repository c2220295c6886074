import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Another process loads it, so it will come.',
  caughtBy: 'waits',
  named: 'waits-without-end',
  says: ['another process', 'within 3 s'],
  change: [
    [`return await until(AbortSignal.timeout(patienceMs), 'The load', coming);`, 'return await coming;'],
  ],
});
