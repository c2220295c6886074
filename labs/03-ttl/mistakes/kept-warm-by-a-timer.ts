import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Shortly before an entry ends, a timer gives it another minute: no visitor ever waits.',
  caughtBy: 'over',
  named: 'outlives-its-life',
  says: ['80 s after the first read'],
  change: [
    [
      'await form.write(redis, key, value, lifeOf(value)).catch(() => {});',
      String.raw`const lifeMs = lifeOf(value);
      await form.write(redis, key, value, lifeMs).catch(() => {});
      if (lifeMs > 20_000) setInterval(() => void redis.pexpire(key, lifeMs).catch(() => {}), lifeMs / 2).unref();`,
    ],
  ],
});
