import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A client is made where it is needed and closed after it.',
  caughtBy: 'second-read',
  named: 'connection-per-read',
  says: ['5 connections to Redis'],
  change: [
    [
      'const found = await redis.get(key).catch(() => null);',
      `const own = new Redis(redisUrl, { commandTimeout: 300, maxRetriesPerRequest: 1 });
    own.on('error', () => {});
    const found = await own.get(key).catch(() => null);
    own.disconnect();`,
    ],
  ],
});
