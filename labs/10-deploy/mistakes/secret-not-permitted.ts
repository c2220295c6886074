import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The stack made the secret, so its server can read it.',
  caughtBy: 'permitted',
  named: 'not-permitted',
  says: ['none allows GetSecretValue'],
  change: [
    [
      `    role.addToPolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }),
    );
`,
      ``,
    ],
  ],
});
