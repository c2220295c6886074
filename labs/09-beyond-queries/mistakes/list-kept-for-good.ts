import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Cities do not move.',
  caughtBy: 'kept',
  named: 'no-expiry',
  says: ['the key places has no expiry'],
  change: [
    [
      'redis.multi().expire(aside, lifeSeconds).rename(aside, key)',
      'redis.multi().persist(aside).rename(aside, key)',
    ],
  ],
});
