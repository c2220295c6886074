import type { CacheCluster, ReplicationGroup, ServerlessCache } from '@aws-sdk/client-elasticache';
import type { Values } from '../template/template.ts';
import type { Account } from './account.ts';
import type { DeployedStack } from './read-stack.ts';
import type { Seen } from './seen.ts';

type Reader = (account: Account, seen: Seen) => Promise<Seen>;

const kinds: Readonly<Record<string, { readonly called: string; readonly read: Reader }>> = {
  'AWS::ElastiCache::ReplicationGroup': { called: 'the cache', read: readGroup },
  'AWS::ElastiCache::ServerlessCache': { called: 'the cache', read: readServerless },
  'AWS::ElastiCache::UserGroup': { called: "the cache's user group", read: readUsers },
};

/** What ElastiCache says of the stack's cache and of the users who may use it. @throws {StackError} */
export async function readCaches(account: Account, { resources }: DeployedStack): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const { id, type, name } of resources) {
    const kind = kinds[type];
    if (!kind) continue;
    const { called, read } = kind;
    const notThere = { id, called, service: 'ElastiCache', name, status: undefined, properties: {} } as const;
    seen.push(name ? await read(account, notThere) : notThere);
  }
  return seen;
}

async function readGroup(account: Account, notThere: Seen): Promise<Seen> {
  const found = await account.find('ElastiCache', 'DescribeReplicationGroups', ({ sdk, client }) =>
    client.send(new sdk.DescribeReplicationGroupsCommand({ ReplicationGroupId: notThere.name })),
  );
  const group = found?.ReplicationGroups?.[0];
  if (!group) return notThere;
  const { MemberClusters = [] } = group;
  const node = await readNode(account, MemberClusters[0]);
  const { CacheParameterGroup } = node;
  return {
    ...notThere,
    status: group.Status ?? 'unknown',
    properties: propertiesOf(group, node),
    attributes: endpointsOf(group),
    members: MemberClusters,
    parameterGroups: CacheParameterGroup
      ? [
          {
            name: CacheParameterGroup.CacheParameterGroupName ?? '',
            status: CacheParameterGroup.ParameterApplyStatus ?? '',
          },
        ]
      : [],
  };
}

/** What all nodes of a group have in common, ElastiCache tells of each. */
async function readNode(account: Account, name: string | undefined): Promise<CacheCluster> {
  if (name === undefined) return {};
  const found = await account.find('ElastiCache', 'DescribeCacheClusters', ({ sdk, client }) =>
    client.send(new sdk.DescribeCacheClustersCommand({ CacheClusterId: name })),
  );
  return found?.CacheClusters?.[0] ?? {};
}

function propertiesOf(group: ReplicationGroup, node: CacheCluster): Values {
  return {
    AtRestEncryptionEnabled: group.AtRestEncryptionEnabled,
    AutomaticFailoverEnabled: isOn(group.AutomaticFailover),
    AutoMinorVersionUpgrade: group.AutoMinorVersionUpgrade,
    CacheNodeType: group.CacheNodeType,
    CacheParameterGroupName: node.CacheParameterGroup?.CacheParameterGroupName,
    CacheSubnetGroupName: node.CacheSubnetGroupName,
    Engine: group.Engine ?? node.Engine,
    EngineVersion: node.EngineVersion,
    MultiAZEnabled: isOn(group.MultiAZ),
    Port: (group.ConfigurationEndpoint ?? group.NodeGroups?.[0]?.PrimaryEndpoint)?.Port,
    SecurityGroupIds: node.SecurityGroups?.map(({ SecurityGroupId }) => SecurityGroupId),
    SnapshotRetentionLimit: group.SnapshotRetentionLimit,
    TransitEncryptionEnabled: group.TransitEncryptionEnabled,
    // One that was made before there were modes has none, and takes TLS only.
    TransitEncryptionMode: group.TransitEncryptionMode ?? 'required',
    UserGroupIds: group.UserGroupIds ?? [],
  };
}

/** Neither `enabling` nor `disabling` is what the template says. */
function isOn(status: string | undefined): boolean | undefined {
  return status === undefined ? undefined : status === 'enabled';
}

function endpointsOf({ ConfigurationEndpoint, NodeGroups }: ReplicationGroup) {
  const primary = NodeGroups?.[0]?.PrimaryEndpoint;
  return {
    'ConfigurationEndPoint.Address': ConfigurationEndpoint?.Address,
    'ConfigurationEndPoint.Port': ConfigurationEndpoint?.Port?.toString(),
    'PrimaryEndPoint.Address': primary?.Address,
    'PrimaryEndPoint.Port': primary?.Port?.toString(),
  };
}

async function readServerless(account: Account, notThere: Seen): Promise<Seen> {
  const found = await account.find('ElastiCache', 'DescribeServerlessCaches', ({ sdk, client }) =>
    client.send(new sdk.DescribeServerlessCachesCommand({ ServerlessCacheName: notThere.name })),
  );
  const cache = found?.ServerlessCaches?.[0];
  if (!cache) return notThere;
  const { Endpoint } = cache;
  return {
    ...notThere,
    status: cache.Status ?? 'unknown',
    properties: serverlessProperties(cache),
    attributes: { 'Endpoint.Address': Endpoint?.Address, 'Endpoint.Port': Endpoint?.Port?.toString() },
  };
}

function serverlessProperties(cache: ServerlessCache): Values {
  return {
    CacheUsageLimits: cache.CacheUsageLimits,
    Engine: cache.Engine,
    MajorEngineVersion: cache.MajorEngineVersion,
    SecurityGroupIds: cache.SecurityGroupIds,
    SnapshotRetentionLimit: cache.SnapshotRetentionLimit,
    SubnetIds: cache.SubnetIds,
    UserGroupId: cache.UserGroupId ?? '',
  };
}

async function readUsers(account: Account, notThere: Seen): Promise<Seen> {
  const found = await account.find('ElastiCache', 'DescribeUserGroups', ({ sdk, client }) =>
    client.send(new sdk.DescribeUserGroupsCommand({ UserGroupId: notThere.name })),
  );
  const group = found?.UserGroups?.[0];
  if (!group) return notThere;
  const { Status = 'unknown', UserIds = [] } = group;
  return { ...notThere, status: Status, properties: { UserIds } };
}
