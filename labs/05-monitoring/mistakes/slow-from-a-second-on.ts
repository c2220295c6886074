import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Slow is what takes a second.',
  caughtBy: 'times',
  named: 'slow-not-counted',
  says: ['1 load of 0.7 s'],
  change: [['if (seconds > slowSeconds) slow.inc', 'if (seconds >= 1) slow.inc']],
});
