import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Whoever finds no list loads it.',
  caughtBy: 'cities-together',
  named: 'all-load',
  says: ['expected 1 SELECT, saw'],
  change: [
    [
      "if (await redis.set(lockKey, token, 'PX', lockMs, 'NX')) {",
      "if (await redis.set(lockKey, token, 'PX', lockMs)) {",
    ],
  ],
});
