import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The ARN of a secret is not known before it is made.',
  caughtBy: 'no-wildcards',
  named: 'wildcard-policy',
  says: ['GetSecretValue on arn:aws:secretsmanager:'],
  change: [
    [
      `resources: [secret.secretArn]`,
      `resources: [\`arn:aws:secretsmanager:\${this.region}:\${this.account}:secret:*\`]`,
    ],
  ],
});
