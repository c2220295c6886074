import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The look-up is guarded, the write is not.',
  caughtBy: 'redis-full',
  named: 'redis-error-fails-the-read',
  says: ['Redis is full'],
  change: [
    [
      "await redis.set(key, encode(value), 'EX', ttlSeconds).catch(() => {});",
      String.raw`await redis.set(key, encode(value), 'EX', ttlSeconds).catch((error: Error) => {
      if (/OOM/.test(error.message)) throw error;
    });`,
    ],
  ],
});
