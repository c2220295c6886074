import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'One request after the other: each process has a queue.',
  caughtBy: 'at-once',
  named: 'check-then-act',
  says: ['11 were allowed'],
  change: [
    [
      `      const values = [at, at - windowMs, most, randomUUID(), windowMs];
      return (await redis.eval(allowScript, 1, \`rate-limit:\${visitor}\`, ...values)) === 1;
`,
      `      const turn = queue.then(async () => {
        const key = \`rate-limit:\${visitor}\`;
        if ((await redis.zcount(key, \`(\${at - windowMs}\`, '+inf')) >= most) return false;
        await redis.multi().zadd(key, at, randomUUID()).pexpire(key, windowMs).exec();
        return true;
      });
      queue = turn.catch(() => false);
      return await turn;
`,
    ],
    [
      'const allowScript = `',
      `let queue = Promise.resolve(false);

void \``,
    ],
  ],
});
