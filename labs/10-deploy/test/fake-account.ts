import { membersOf } from '../checks/members.ts';
import { isClustered } from '../checks/parts.ts';
import { namesOf } from '../deployed/names.ts';
import { placeOf } from '../template/physical.ts';
import { modelOf, resourcesOf, type Resource, type StackModel } from '../template/stack-model.ts';
import { isTrue, listOf, textOf, valuesOf, type Template, type Values } from '../template/template.ts';

/** As the services answer. A test changes what somebody would by hand. */
export type Answer = Record<string, unknown>;

/** One stack, and what runs in the account because of it. */
export interface FakeAccount {
  readonly stack: Answer;
  template: string;
  readonly resources: Answer[];
  readonly instances: Answer[];
  /** By the names of their groups. */
  readonly parameters: Map<string, { readonly ParameterName: string; ParameterValue: string }[]>;
  readonly groups: Answer[];
  readonly nodes: Answer[];
  readonly serverless: Answer[];
  readonly userGroups: Answer[];
}

const region = 'eu-west-1';

/** What AWS would make of a template, as its API references describe the answers. */
export function accountOf(stackName: string, template: Template): FakeAccount {
  const stackId = `arn:aws:cloudformation:${region}:111122223333:stack/${stackName}/0d2c1e90`;
  const model = modelOf(template, placeOf(stackId));
  const made = model.resources.map((resource, index) => ({
    id: resource.id,
    type: resource.type,
    name: nameOf(stackName, resource, index),
  }));
  const { inAccount } = namesOf(model, made);
  const of = (type: string) =>
    resourcesOf(model, type).map((resource) => ({
      resource,
      name: made.find(({ id }) => id === resource.id)?.name ?? '',
      properties: inAccount(resource.properties),
    }));
  const groups = of('AWS::ElastiCache::ReplicationGroup').map(({ resource, name, properties }) => {
    const members = membersOf(model, resource).map((member) => name + member.slice(resource.ref.length));
    return { name, properties, members, isCluster: isClustered(model, resource) };
  });
  const parameterGroups = of('AWS::RDS::DBParameterGroup');
  const instances = of('AWS::RDS::DBInstance').map(({ name, properties }) => instance(name, properties));
  const replicationGroups = groups.map(group);
  const caches = of('AWS::ElastiCache::ServerlessCache').map(({ name, properties }) =>
    serverless(name, properties),
  );
  const outputs = outputsOf(model, instances, [...replicationGroups, ...caches]);
  return {
    stack: {
      StackId: stackId,
      StackName: stackName,
      StackStatus: 'CREATE_COMPLETE',
      CreationTime: '2026-01-05T09:30:00Z',
      Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    },
    template: JSON.stringify(template),
    resources: made.map(({ id, type, name }) => ({
      LogicalResourceId: id,
      ResourceType: type,
      PhysicalResourceId: name,
      ResourceStatus: 'CREATE_COMPLETE',
      LastUpdatedTimestamp: '2026-01-05T09:30:00Z',
    })),
    instances,
    parameters: new Map(parameterGroups.map(({ name, properties }) => [name, parameters(properties)])),
    groups: replicationGroups,
    nodes: groups.flatMap(({ properties, members }) =>
      members.map((member) => cacheNode(member, properties)),
    ),
    serverless: caches,
    userGroups: of('AWS::ElastiCache::UserGroup').map(({ name, properties }) => ({
      UserGroupId: name,
      Status: 'active',
      UserIds: properties['UserIds'],
    })),
  };
}

/** The property by which a template may give something its name. */
const nameProperties: Readonly<Record<string, string>> = {
  'AWS::RDS::DBInstance': 'DBInstanceIdentifier',
  'AWS::ElastiCache::ServerlessCache': 'ServerlessCacheName',
  'AWS::ElastiCache::UserGroup': 'UserGroupId',
};

function nameOf(stackName: string, { type, id, properties }: Resource, index: number): string {
  const given = textOf(properties[nameProperties[type] ?? '']);
  if (type === 'AWS::EC2::SecurityGroup') return `sg-0a1b2c3d4e5f${100 + index}`;
  return (given || `${stackName}-${id}-x7y8z9`).toLowerCase();
}

/** The endpoints are those that the services tell; the rest is as good as any. */
function outputsOf(model: StackModel, [database]: readonly Answer[], [cache]: readonly Answer[]) {
  const nodeGroups = listOf(cache?.['NodeGroups']).map(valuesOf);
  const endpoints: Record<string, unknown> = {
    mysqlendpoint: database?.['Endpoint'],
    redisendpoint:
      cache?.['ConfigurationEndpoint'] ?? nodeGroups[0]?.['PrimaryEndpoint'] ?? cache?.['Endpoint'],
  };
  return Object.fromEntries(
    Object.entries(model.outputs).map(([key, value]) => {
      const { Address, Port } = valuesOf(endpoints[key]);
      if (Address === undefined) return [key, value];
      return [key, value.includes(':') ? `${textOf(Address)}:${textOf(Port)}` : textOf(Address)];
    }),
  );
}

const endpoint = (Address: string, Port: unknown) => ({ Address, Port });
const enabled = (value: unknown) => (isTrue(value) ? 'enabled' : 'disabled');

function instance(name: string, written: Values): Answer {
  const { VPCSecurityGroups, DBParameterGroupName, DBSubnetGroupName, Port, EngineVersion, ...others } =
    written;
  return {
    // RDS tells far more than is asked of it, by names that are mostly the template's.
    ...pick(
      others,
      'DBInstanceClass DBName Engine AllocatedStorage StorageType MasterUsername MonitoringInterval',
    ),
    DBInstanceIdentifier: name,
    DBInstanceStatus: 'available',
    EngineVersion: textOf(EngineVersion) === '8.4' ? '8.4.7' : EngineVersion,
    Endpoint: endpoint(`${name}.c1a2b3.${region}.rds.amazonaws.com`, Port ?? 3306),
    StorageEncrypted: isTrue(written['StorageEncrypted']),
    PubliclyAccessible: isTrue(written['PubliclyAccessible']),
    MultiAZ: isTrue(written['MultiAZ']),
    DeletionProtection: isTrue(written['DeletionProtection']),
    AutoMinorVersionUpgrade: true,
    PerformanceInsightsEnabled: isTrue(written['EnablePerformanceInsights']),
    IAMDatabaseAuthenticationEnabled: isTrue(written['EnableIAMDatabaseAuthentication']),
    BackupRetentionPeriod: Number(written['BackupRetentionPeriod'] ?? 1),
    PendingModifiedValues: {},
    DBSubnetGroup: { DBSubnetGroupName },
    DBParameterGroups: [
      { DBParameterGroupName: DBParameterGroupName ?? 'default.mysql8.4', ParameterApplyStatus: 'in-sync' },
    ],
    VpcSecurityGroups: listOf(VPCSecurityGroups).map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
  };
}

function parameters(written: Values) {
  const given = { max_connections: '60', ...valuesOf(written['Parameters']) };
  return Object.entries(given).map(([ParameterName, value]) => ({
    ParameterName,
    ParameterValue: textOf(value),
  }));
}

interface FakeGroup {
  readonly name: string;
  readonly properties: Values;
  readonly members: readonly string[];
  readonly isCluster: boolean;
}

function group({ name, properties: written, members, isCluster }: FakeGroup): Answer {
  const port = written['Port'] ?? 6379;
  const host = `${name}.a1b2c3.euw1.cache.amazonaws.com`;
  return {
    ...pick(written, 'Engine CacheNodeType SnapshotRetentionLimit UserGroupIds AutoMinorVersionUpgrade'),
    ReplicationGroupId: name,
    Status: 'available',
    MemberClusters: members,
    AutomaticFailover: enabled(written['AutomaticFailoverEnabled']),
    MultiAZ: enabled(written['MultiAZEnabled']),
    TransitEncryptionEnabled: isTrue(written['TransitEncryptionEnabled']),
    TransitEncryptionMode: isTrue(written['TransitEncryptionEnabled'])
      ? (written['TransitEncryptionMode'] ?? 'required')
      : undefined,
    AtRestEncryptionEnabled: isTrue(written['AtRestEncryptionEnabled']),
    ...(isCluster
      ? { ConfigurationEndpoint: endpoint(`clustercfg.${host}`, port) }
      : { NodeGroups: [{ NodeGroupId: '0001', PrimaryEndpoint: endpoint(`master.${host}`, port) }] }),
  };
}

function cacheNode(name: string, written: Values): Answer {
  const { CacheParameterGroupName = 'default.valkey8', SecurityGroupIds, EngineVersion } = written;
  return {
    ...pick(written, 'Engine CacheNodeType CacheSubnetGroupName'),
    CacheClusterId: name,
    // To the patch, which a template does not say.
    EngineVersion: EngineVersion === undefined ? '8.1.0' : `${textOf(EngineVersion)}.0`,
    CacheParameterGroup: { CacheParameterGroupName, ParameterApplyStatus: 'in-sync' },
    SecurityGroups: listOf(SecurityGroupIds).map((id) => ({ SecurityGroupId: id, Status: 'active' })),
  };
}

function serverless(name: string, written: Values): Answer {
  return {
    ...pick(written, 'Engine MajorEngineVersion SecurityGroupIds SubnetIds UserGroupId CacheUsageLimits'),
    ServerlessCacheName: name,
    Status: 'available',
    SnapshotRetentionLimit: written['SnapshotRetentionLimit'] ?? 0,
    Endpoint: endpoint(`${name}-a1b2c3.serverless.euw1.cache.amazonaws.com`, 6379),
  };
}

function pick(values: Values, names: string): Answer {
  return Object.fromEntries(names.split(' ').map((name) => [name, values[name]]));
}
