import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'First the value, then its expiry.',
  caughtBy: 'one-step',
  named: 'value-and-expiry-apart',
  says: ['after SET', 'has no expiry'],
  change: [
    [
      "return await redis.set(key, encode(value), 'PX', lifeMs);",
      String.raw`await redis.set(key, encode(value));
      return await redis.pexpire(key, lifeMs);`,
    ],
  ],
});
