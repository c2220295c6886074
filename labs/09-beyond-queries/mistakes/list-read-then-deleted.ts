import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Read the list of the user, delete the sessions, delete the list.',
  caughtBy: 'sign-out-race',
  named: 'session-forgotten',
  says: ['signIn() during signOutEverywhere()'],
  change: [
    [
      `      await redis.eval(signOutEverywhereScript, 1, userPrefix + user, sessionKey(''));
`,
      `      const ids = await redis.smembers(userPrefix + user);
      await redis.del(userPrefix + user, ...ids.map(sessionKey));
`,
    ],
    [
      `const signOutEverywhereScript = \`
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do redis.call('DEL', ARGV[1] .. id) end
redis.call('DEL', KEYS[1])\`;
`,
      '',
    ],
  ],
});
