import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The slowest load of the minute is what matters.',
  caughtBy: 'loads-slow',
  named: 'false-alarm',
  says: ['1 of them slow'],
  change: [['const slowest = recent.loadSeconds(0.95);', 'const slowest = recent.loadSeconds(1);']],
});
