import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Counted as a miss before the look-up, and as a hit after it.',
  caughtBy: 'counts',
  named: 'miscounted',
  says: ['miss'],
  change: [
    [
      `      found(kept === undefined ? 'miss' : 'hit');`,
      `      watch.read(operation, 'miss', 0);
      found(kept === undefined ? 'miss' : 'hit');`,
    ],
  ],
});
