import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Nobody has to wait for the write, so nobody does.',
  caughtBy: 'redis-refuses',
  named: 'ends-without-redis',
  says: ['the process ended'],
  change: [
    [
      "await redis.set(key, encode(value), 'EX', ttlSeconds).catch(() => {});",
      "void redis.set(key, encode(value), 'EX', ttlSeconds);",
    ],
  ],
});
