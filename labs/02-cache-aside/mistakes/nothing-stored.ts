import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The look-up is there; storing was left for later.',
  caughtBy: 'second-read',
  named: 'nothing-stored',
  says: ['0 writes'],
  change: [
    [
      String.raw`      await redis.set(key, encode(value), 'EX', ttlSeconds).catch(() => {});
`,
      '',
    ],
  ],
});
