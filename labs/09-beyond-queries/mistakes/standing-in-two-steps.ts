import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'One command for the points, one for the rank.',
  caughtBy: 'at-once',
  named: 'check-then-act',
  says: ['which never was'],
  change: [
    [
      `      const reply = (await redis.eval(standingScript, 1, key, reader)) as [string, number] | null;
      return reply ?`,
      `      const score = await redis.zscore(key, reader);
      const reply = score && ([score, await redis.zcount(key, '-inf', \`(\${score}\`)] as const);
      return reply ?`,
    ],
    [
      `const standingScript = \`
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score then return false end
return {score, redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. score)}\`;
`,
      '',
    ],
  ],
});
