import type { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnServerlessCache } from 'aws-cdk-lib/aws-elasticache';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { CacheConfig } from '../config/config.ts';
import { lowerName } from '../names.ts';
import type { Network } from '../network.ts';
import type { CacheUsers } from './cache-users.ts';

export interface ServerlessCacheParts {
  readonly props: CacheConfig & { readonly network: Network };
  readonly securityGroup: SecurityGroup;
  readonly users: CacheUsers;
}

const MAJOR_VERSIONS = { valkey: '8', redis: '7' } as const;

/**
 * A serverless cache, which is always encrypted and in several zones. Both limits are on what may be billed: above them ElastiCache evicts, or throttles commands.
 */
export function serverlessCache(
  scope: Construct,
  { props, securityGroup, users }: ServerlessCacheParts,
): CfnServerlessCache {
  const { network, engine } = props;
  const cache = new CfnServerlessCache(scope, 'Serverless', {
    serverlessCacheName: lowerName(scope, 'cache'),
    description: 'The cache of the caching workshop',
    engine,
    majorEngineVersion: MAJOR_VERSIONS[engine],
    cacheUsageLimits: {
      dataStorage: { maximum: props.maxGb, unit: 'GB' },
      ecpuPerSecond: { maximum: props.maxEcpuPerSecond },
    },
    subnetIds: network.vpc.selectSubnets(network.stores).subnetIds,
    securityGroupIds: [securityGroup.securityGroupId],
    userGroupId: users.group.ref,
    snapshotRetentionLimit: props.snapshotDays,
  });
  cache.applyRemovalPolicy(RemovalPolicy.DESTROY);
  return cache;
}
