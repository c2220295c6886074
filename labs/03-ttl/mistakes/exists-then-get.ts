import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'First see whether it is there, then get it.',
  caughtBy: 'vanishing',
  named: 'check-then-read',
  says: ['after command 1 of 2'],
  change: [
    [
      String.raw`const text = await redis.get(key);
      return text === null ? undefined : (decode(text) as T);`,
      String.raw`if (!(await redis.exists(key))) return undefined;
      return decode((await redis.get(key)) ?? 'null') as T;`,
    ],
  ],
});
