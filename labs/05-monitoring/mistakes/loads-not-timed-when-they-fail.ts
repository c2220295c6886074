import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A load that failed has no time.',
  caughtBy: 'counts',
  named: 'failures-not-counted',
  says: ['grew by 0'],
  change: [
    ['if (failed) failures.inc({ operation });', 'if (failed && seconds < 0) failures.inc({ operation });'],
  ],
});
