import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Outputs belong together, in a construct of their own.',
  caughtBy: 'outputs',
  named: 'output-missing',
  says: ['1 of 4 outputs missing: redisendpoint'],
  change: [
    [`import type { Construct } from 'constructs';`, `import { Construct } from 'constructs';`],
    [
      `new CfnOutput(this, 'redis_endpoint'`,
      `new CfnOutput(new Construct(this, 'Outputs'), 'redis_endpoint'`,
    ],
  ],
});
