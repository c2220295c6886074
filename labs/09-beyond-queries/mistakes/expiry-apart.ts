import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The expiry is a command of its own, right after.',
  caughtBy: 'kept',
  named: 'expiry-apart',
  says: ['has no expiry', 'rate-limit:ann'],
  change: [
    [
      `redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1`,
      'return 1',
    ],
    [
      `      return (await redis.eval(allowScript, 1, \`rate-limit:\${visitor}\`, ...values)) === 1;
`,
      `      const allowed = await redis.eval(allowScript, 1, \`rate-limit:\${visitor}\`, ...values);
      await redis.pexpire(\`rate-limit:\${visitor}\`, windowMs);
      return allowed === 1;
`,
    ],
  ],
});
