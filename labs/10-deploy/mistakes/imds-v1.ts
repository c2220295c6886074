import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The server works without it.',
  caughtBy: 'metadata',
  named: 'imds-v1',
  says: ['HttpTokens', 'not set'],
  change: [
    [
      `      httpTokens: ec2.HttpTokens.REQUIRED,
`,
      ``,
    ],
  ],
});
