import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Emptying the cache is the surest invalidation.',
  caughtBy: 'left-alone',
  named: 'flush-or-walk',
  says: ['3 FLUSHDB', '2000 foreign keys in Redis'],
  change: [['await redis.unlink(keys);', 'await redis.flushdb();']],
});
