import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Only a result that has rows is worth storing.',
  caughtBy: 'empty-cached',
  named: 'empty-not-cached',
  says: ['saw 3'],
  change: [
    [
      '      await redis.set(key, encode(value)',
      '      if (value !== null && !(Array.isArray(value) && value.length === 0)) await redis.set(key, encode(value)',
    ],
  ],
});
