import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Loads are slow when their mean is.',
  caughtBy: 'loads-slow',
  named: 'never-fires',
  says: ['does not fire'],
  change: [['const slowest = recent.loadSeconds(0.95);', 'const slowest = recent.loadSeconds(0.5);']],
});
