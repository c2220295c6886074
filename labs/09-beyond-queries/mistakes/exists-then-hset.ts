import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'First see whether the session is there, then write into it.',
  caughtBy: 'sign-out-race',
  named: 'comes-back',
  says: ['while another process used it', 'is left without expiry'],
  change: [
    [
      `      const values = [userPrefix, lifeMs, \`:\${name}\`, value];
      return (await redis.eval(rememberScript, 1, sessionKey(id), ...values)) === 1;
`,
      `      if (!(await redis.eval(lookScript, 1, sessionKey(id), userPrefix, lifeMs))) return false;
      await redis.hset(sessionKey(id), \`:\${name}\`, value);
      return true;
`,
    ],
    [
      `// The write is behind the look: a session that has ended meanwhile must not come back as a hash without a user.
const rememberScript = \`\${use} redis.call('HSET', KEYS[1], ARGV[3], ARGV[4]) return 1\`;
`,
      '',
    ],
  ],
});
