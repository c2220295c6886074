import type { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnParameterGroup, CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { CacheConfig, CacheEngine } from '../config/config.ts';
import type { Network } from '../network.ts';
import type { CacheUsers } from './cache-users.ts';

/** One node of a cache. */
export interface CacheMember {
  /** Its number as the name has it: `001`, or `0001-001` (shard, node) in a cluster. */
  readonly label: string;
  /** The name by which it reports to CloudWatch, as the dimension `CacheClusterId`. */
  readonly cacheClusterId: string;
  /** Whether it can be a replica, now or after a failover. */
  readonly mayBeReplica: boolean;
}

export interface ReplicationGroupParts {
  readonly props: CacheConfig & { readonly network: Network };
  readonly securityGroup: SecurityGroup;
  readonly users: CacheUsers;
  readonly port: number;
}

export interface ReplicationGroup {
  readonly address: string;
  readonly port: string;
  readonly members: readonly CacheMember[];
}

const ENGINES: Readonly<Record<CacheEngine, { readonly version: string; readonly family: string }>> = {
  valkey: { version: '8.1', family: 'valkey8' },
  redis: { version: '7.1', family: 'redis7' },
};

/** A replication group, also for one node: what ElastiCache calls a cache cluster cannot be encrypted at rest. */
export function replicationGroup(scope: Construct, parts: ReplicationGroupParts): ReplicationGroup {
  const { props, securityGroup, users, port } = parts;
  const { network, engine, replicas } = props;
  const isCluster = props.mode === 'cluster';
  const subnets = new CfnSubnetGroup(scope, 'Subnets', {
    description: 'Where the cache is',
    subnetIds: network.vpc.selectSubnets(network.stores).subnetIds,
  });
  const parameters = new CfnParameterGroup(scope, 'Parameters', {
    cacheParameterGroupFamily: ENGINES[engine].family,
    description: 'A cache: any key may go when memory is full',
    properties: {
      // ElastiCache's own choice, volatile-lru, refuses writes once nothing is left that expires.
      'maxmemory-policy': 'allkeys-lru',
      ...(isCluster && { 'cluster-enabled': 'yes' }),
    },
  });
  const group = new CfnReplicationGroup(scope, 'Group', {
    replicationGroupDescription: 'The cache of the caching workshop',
    engine,
    engineVersion: ENGINES[engine].version,
    cacheNodeType: `cache.${props.nodeType}`,
    ...(isCluster
      ? { numNodeGroups: props.shards, replicasPerNodeGroup: replicas }
      : { numCacheClusters: 1 + replicas }),
    // A cluster insists on it, also where a shard has nobody to fail over to.
    automaticFailoverEnabled: replicas > 0 || isCluster,
    multiAzEnabled: replicas > 0,
    cacheParameterGroupName: parameters.ref,
    cacheSubnetGroupName: subnets.ref,
    securityGroupIds: [securityGroup.securityGroupId],
    port,
    transitEncryptionEnabled: true,
    // The other mode, `preferred`, takes plain connections as well.
    transitEncryptionMode: 'required',
    atRestEncryptionEnabled: true,
    userGroupIds: [users.group.ref],
    autoMinorVersionUpgrade: true,
    snapshotRetentionLimit: props.snapshotDays,
  });
  group.applyRemovalPolicy(RemovalPolicy.DESTROY);
  // Shards are added and taken away while the cluster serves; CloudFormation would make another cluster.
  if (isCluster) group.cfnOptions.updatePolicy = { useOnlineResharding: true };
  return {
    address: isCluster ? group.attrConfigurationEndPointAddress : group.attrPrimaryEndPointAddress,
    port: isCluster ? group.attrConfigurationEndPointPort : group.attrPrimaryEndPointPort,
    members: membersOf(group.ref, props),
  };
}

/** A replication group has no metrics of its own: each node reports under its own name. */
function membersOf(groupId: string, { mode, shards, replicas }: CacheConfig): readonly CacheMember[] {
  const count = (length: number, digits: number) =>
    Array.from({ length }, (_, index) => String(index + 1).padStart(digits, '0'));
  const nodes = count(1 + replicas, 3);
  const labels =
    mode === 'cluster' ? count(shards, 4).flatMap((shard) => nodes.map((node) => `${shard}-${node}`)) : nodes;
  return labels.map((label) => ({
    label,
    cacheClusterId: `${groupId}-${label}`,
    mayBeReplica: replicas > 0,
  }));
}
