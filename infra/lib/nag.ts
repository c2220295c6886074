import { type Stack, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { Cache } from './cache/cache.ts';
import type { Database } from './database.ts';
import type { WebTier } from './web/web-tier.ts';

/** What cdk-nag's AwsSolutions rules are answered for. */
export interface NagScope extends Stack {
  readonly database: Database;
  readonly cache: Cache;
  readonly web: WebTier;
}

export interface Acknowledgement {
  /** The rule of cdk-nag, with the finding in brackets where it has several. */
  readonly id: string;
  /** Why what it asks for is not done. */
  readonly reason: string;
  /** Where it is not done. Undefined where it is, or where there is nothing of the kind. */
  readonly where: (stack: NagScope) => IConstruct | undefined;
}

/** Each rule that is not followed, and why. A test holds every profile to no finding beside these. */
export const ACKNOWLEDGEMENTS: readonly Acknowledgement[] = [
  {
    id: 'AwsSolutions-SMG4',
    reason:
      'ElastiCache reads a password once, when its user is made, so a rotation would shut the demo out. The database’s password is rotated by RDS with database.rotation=true, as in production; a workshop’s lives for a day.',
    where: (stack) => stack,
  },
  {
    id: 'AwsSolutions-AEC6',
    reason:
      'Access is by users of ElastiCache (RBAC) with a password and few commands, which takes the place of one AUTH token for all.',
    where: ({ cache }) => (cache.mode === 'serverless' ? undefined : cache),
  },
  {
    id: 'AwsSolutions-AEC4',
    reason:
      'One node is what a workshop needs, and costs half: the cache can be lost. Production has replicas in several zones.',
    where: ({ cache }) => (cache.mode !== 'serverless' && cache.replicas === 0 ? cache : undefined),
  },
  {
    id: 'AwsSolutions-RDS3',
    reason:
      'A standby doubles the price, and the workshop’s data is loaded in minutes. Production has one; a read replica needs none.',
    where: ({ database }) => (database.multiAz ? database.replica : database),
  },
  {
    id: 'AwsSolutions-RDS10',
    reason:
      'A workshop’s stack must go by one command, and leave nothing that costs. Production is protected.',
    where: ({ database }) => (database.keepsData ? undefined : database),
  },
  {
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]',
    reason:
      'AWS’s own policy for Session Manager, which takes the place of SSH; AWS extends it as the agent needs it.',
    where: ({ web }) => web.role,
  },
  {
    id: 'AwsSolutions-EC29',
    reason:
      'CloudFormation could not delete a protected server, and nothing is kept on it. The fleet of production replaces its servers by itself.',
    where: ({ web }) => web.instance,
  },
];

/** Tells cdk-nag which of its findings are meant. */
export function acknowledge(stack: NagScope): void {
  for (const { id, reason, where } of ACKNOWLEDGEMENTS) {
    const place = where(stack);
    if (place !== undefined) Validations.of(place).acknowledge({ id, reason });
  }
}
