import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'While the limiter is away, everybody may pass.',
  caughtBy: 'redis-away',
  named: 'made-up-answer',
  says: ['allow() returned the boolean true'],
  change: [
    [
      'return (await redis.eval(allowScript, 1, `rate-limit:${visitor}`, ...values)) === 1;',
      `return await redis.eval(allowScript, 1, \`rate-limit:\${visitor}\`, ...values).then(
        (reply) => reply === 1,
        () => true,
      );`,
    ],
  ],
});
