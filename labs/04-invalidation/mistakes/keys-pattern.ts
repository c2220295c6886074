import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The searches are found by the beginning of their keys.',
  caughtBy: 'left-alone',
  named: 'flush-or-walk',
  says: ['3 KEYS among'],
  change: [
    [
      'await redis.unlink(keys);',
      `await redis.unlink([...keys, ...(await redis.keys('articles:search:*'))]);`,
    ],
  ],
});
