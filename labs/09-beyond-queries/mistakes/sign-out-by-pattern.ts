import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Everything that begins with the name of the user goes.',
  caughtBy: 'sessions',
  named: 'ends-others',
  says: ["signOutEverywhere('*') ended a session of"],
  change: [
    [
      `      await redis.eval(signOutEverywhereScript, 1, userPrefix + user, sessionKey(''));
`,
      `      for (const key of await redis.keys(\`\${userPrefix}\${user}*\`)) {
        await redis.eval(signOutEverywhereScript, 1, key, sessionKey(''));
      }
`,
    ],
  ],
});
