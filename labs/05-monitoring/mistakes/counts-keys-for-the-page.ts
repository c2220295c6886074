import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The number of keys is worth knowing, too.',
  caughtBy: 'aside',
  named: 'looking-costs',
  says: ['commands to Redis'],
  change: [
    [
      '      return await redis.info();',
      `      for (let n = 0; n < 5; n++) await redis.dbsize();
      return await redis.info();`,
    ],
  ],
});
