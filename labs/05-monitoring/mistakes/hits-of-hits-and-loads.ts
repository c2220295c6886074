import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The ratio leaves out what was read twice.',
  caughtBy: 'ratio',
  named: 'wrong-ratio',
  says: ['expected 0.75'],
  change: [
    [
      'if (isHit) slice.hits++;',
      `if (isHit) slice.hits++;
    else slice.reads++;`,
    ],
  ],
});
