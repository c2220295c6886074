import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A generation is a number, and INCR makes the next one.',
  caughtBy: 'evicted',
  named: 'comes-again',
  says: ['evicted the key articles:generation'],
  change: [
    ['await redis.unlink(keys);', 'for (const key of keys) await redis.incr(key);'],
    [
      `transaction.set(key, randomUUID(), 'EX', generationSeconds, 'NX');`,
      `transaction.set(key, randomUUID().length, 'EX', generationSeconds, 'NX');`,
    ],
  ],
});
