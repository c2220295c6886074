import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Read the points, add to them, write them back.',
  caughtBy: 'at-once',
  named: 'check-then-act',
  says: ['12 times 5 points at once'],
  change: [
    [
      `      return -Number(await redis.zincrby(key, -points, reader));
`,
      `      const sum = points - Number(await redis.zscore(key, reader));
      await redis.zadd(key, -sum, reader);
      return sum;
`,
    ],
  ],
});
