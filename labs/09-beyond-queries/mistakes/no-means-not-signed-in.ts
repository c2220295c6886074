import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'An error of Redis is no session.',
  caughtBy: 'redis-away',
  named: 'made-up-answer',
  says: ['session() returned undefined'],
  change: [
    [
      'const reply = (await redis.eval(lookScript, 1, sessionKey(id), userPrefix, lifeMs)) as string[] | null;',
      `const reply = (await redis
        .eval(lookScript, 1, sessionKey(id), userPrefix, lifeMs)
        .catch(() => null)) as string[] | null;`,
    ],
  ],
});
