import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Nothing is caught: Redis has always been up.',
  caughtBy: 'redis-refuses',
  named: 'redis-error-fails-the-read',
  says: ['failed'],
  change: [['await redis.get(key).catch(() => null)', 'await redis.get(key)']],
});
