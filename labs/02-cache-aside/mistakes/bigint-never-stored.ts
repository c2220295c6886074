import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'JSON.stringify throws on a bigint, and the error is swallowed with those of Redis.',
  caughtBy: 'second-read',
  named: 'nothing-stored',
  says: ['byId(7)', '0 writes'],
  change: [
    [
      String.raw`      await redis.set(key, encode(value), 'EX', ttlSeconds).catch(() => {});
`,
      String.raw`      try {
        await redis.set(key, JSON.stringify(value), 'EX', ttlSeconds);
      } catch {}
`,
    ],
  ],
});
