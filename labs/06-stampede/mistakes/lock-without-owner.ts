import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The lock is let go of by deleting it.',
  caughtBy: 'slow-owner',
  named: 'lock-of-another-released',
  says: ['saw 3'],
  change: [
    [
      'await redis.eval(releaseScript, 1, key, owner).catch(() => {});',
      'await redis.del(key).catch(() => {});',
    ],
    ['const releaseScript = ', 'export const releaseScript = '],
  ],
});
