import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The password is in the URL, and the URL is given to the client.',
  caughtBy: 'every-node',
  named: 'node-without-password',
  says: ['NOAUTH'],
  change: [
    [
      `      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
`,
      '',
    ],
    [
      'const nodes = [{ host, port: Number(port || 6379) }];',
      'const nodes = [{ host, port: Number(port || 6379), username, password }];',
    ],
  ],
});
