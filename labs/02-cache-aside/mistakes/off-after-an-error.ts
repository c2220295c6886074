import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'When Redis takes no writes, it is left alone.',
  caughtBy: 'redis-full',
  named: 'gives-up-for-good',
  says: ['had room again'],
  change: [
    [
      "      await redis.set(key, encode(value), 'EX', ttlSeconds).catch(() => {});",
      `      if (off) return value;
      await redis.set(key, encode(value), 'EX', ttlSeconds).catch((error: Error) => {
        off = error.message.startsWith('OOM');
      });`,
    ],
    [
      `  redis.on('error', () => {});`,
      `  redis.on('error', () => {});
  let off = false;`,
    ],
  ],
});
