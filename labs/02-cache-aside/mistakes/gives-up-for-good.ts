import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'After the first error the cache is switched off.',
  caughtBy: 'redis-returns',
  named: 'gives-up-for-good',
  says: ['still goes to MySQL'],
  change: [["redis.on('error', () => {});", "redis.on('error', () => redis.disconnect());"]],
});
