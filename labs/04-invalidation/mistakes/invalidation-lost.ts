import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'While Redis is away there is nothing to invalidate.',
  caughtBy: 'redis-away',
  named: 'invalidation-lost',
  says: ['10 s after it was well again'],
  change: [['    await redis.unlink(keys);\n', '    owed.clear();\n    await redis.unlink(keys);\n']],
});
