import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Our queries take 5 ms: 400 is plenty.',
  caughtBy: 'patience',
  named: 'gives-up-too-soon',
  says: ['took 500 ms'],
  change: [['const limitMs = 2_000;', 'const limitMs = 400;']],
});
