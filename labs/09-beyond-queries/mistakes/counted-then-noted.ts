import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Count the requests, and note this one if there is room.',
  caughtBy: 'at-once',
  named: 'check-then-act',
  says: ['12 requests at once in one process: 12 were allowed'],
  change: [
    [
      `      const values = [at, at - windowMs, most, randomUUID(), windowMs];
      return (await redis.eval(allowScript, 1, \`rate-limit:\${visitor}\`, ...values)) === 1;
`,
      `      const key = \`rate-limit:\${visitor}\`;
      if ((await redis.zcount(key, \`(\${at - windowMs}\`, '+inf')) >= most) return false;
      await redis.multi().zadd(key, at, randomUUID()).pexpire(key, windowMs).exec();
      return true;
`,
    ],
    ['const allowScript = `', 'void `'],
  ],
});
