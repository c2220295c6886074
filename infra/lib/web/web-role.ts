import { ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { WebTierProps } from './web-tier.ts';
import type { WebBundle } from './web-bundle.ts';

/** What a machine of the web tier may do, and so whoever takes one over: read two secrets, this stack's outputs and its own program. */
export function webRole(scope: Construct, { database, cache }: WebTierProps, bundle: WebBundle): Role {
  const site = new PolicyDocument({
    statements: [
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [database.secret.secretArn, cache.secret.secretArn],
      }),
      new PolicyStatement({
        actions: ['cloudformation:DescribeStacks'],
        resources: [Stack.of(scope).stackId],
      }),
      bundle.permission,
    ],
  });
  return new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    description: 'A web server of the caching workshop',
    // Session Manager in place of SSH: no port, no key.
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
    // Within the role, so that a machine never starts before it may do what it has to.
    inlinePolicies: { Site: site },
  });
}
