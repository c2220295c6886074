import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Below 0.8 is below 0.8, however few reads it were.',
  caughtBy: 'hit-ratio-low',
  named: 'false-alarm',
  says: ['12 reads'],
  change: [['const leastReads = 20;', 'const leastReads = 1;']],
});
