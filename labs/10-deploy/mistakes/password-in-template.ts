import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A password of our own, so that everybody in the team knows it.',
  caughtBy: 'secrets',
  named: 'secret-in-template',
  says: ['MasterUserPassword', 'written out'],
  change: [
    [
      `import { CfnOutput, Duration, RemovalPolicy, Stack, type`,
      `import { CfnOutput, Duration, RemovalPolicy, SecretValue, Stack, type`,
    ],
    [
      `rds.Credentials.fromGeneratedSecret('workshop')`,
      `rds.Credentials.fromPassword('workshop', SecretValue.unsafePlainText('Correct-Horse-7'))`,
    ],
    [
      `import type { Construct } from 'constructs';`,
      `import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';`,
    ],
    [
      `    const { secret } = database;
    if (!secret) throw new Error('the database has no generated secret');`,
      `    const secret = new Secret(this, 'Secret');`,
    ],
  ],
});
