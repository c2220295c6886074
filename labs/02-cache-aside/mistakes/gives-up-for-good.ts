import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'After the first error the cache is switched off.',
  caughtBy: 'redis-returns',
  named: 'gives-up-for-good',
  says: ['10 s after Redis came back', 'was a hit'],
  change: [["redis.on('error', () => {});", "redis.on('error', () => redis.disconnect());"]],
});
