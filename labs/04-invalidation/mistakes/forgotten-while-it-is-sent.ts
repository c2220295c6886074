import { mistake } from '../../mistake.ts';

export default mistake({
  story:
    'Who comes now finds nothing owed, and asks Redis after this command. If that fails, it is owed again.',
  caughtBy: 'redis-away',
  named: 'reads-before-it-pays',
  says: ['took no writes', 'in the same process'],
  change: [
    [
      `    await redis.unlink(keys);
`,
      `    owed.clear();
    try {
      await redis.unlink(keys);
    } catch (error) {
      for (const [key, write] of sent) owed.set(key, write);
      throw error;
    }
`,
    ],
  ],
});
