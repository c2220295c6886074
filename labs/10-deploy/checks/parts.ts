import { fail } from '@workshop/lab-kit';
import { named, resourcesOf, type Resource, type StackModel } from '../template/stack-model.ts';
import { isTrue, listOf, textOf, valuesOf, type Values } from '../template/template.ts';

/** A store of the stack, with what differs between the kinds of it out of the way. */
export interface Store {
  readonly resource: Resource;
  /** "the database", "the cache" */
  readonly called: string;
  readonly ports: readonly number[];
  readonly securityGroups: readonly unknown[];
  /** Ids of its subnets; undefined when it is put into none, and so into the account's default network. */
  readonly subnets?: readonly unknown[];
}

export function databasesOf(model: StackModel): readonly Resource[] {
  return resourcesOf(model, 'AWS::RDS::DBInstance');
}

/** A replication group or a serverless cache. */
export function cachesOf(model: StackModel): readonly Resource[] {
  return resourcesOf(model, 'AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::ServerlessCache');
}

export function isServerless({ type }: Resource): boolean {
  return type === 'AWS::ElastiCache::ServerlessCache';
}

export function shardsOf({ NumNodeGroups, NodeGroupConfiguration }: Values): number {
  return Number(NumNodeGroups ?? (listOf(NodeGroupConfiguration).length || 1));
}

/** Does a cache spread its keys over shards? Then it has a configuration endpoint, and no primary one. */
export function isClustered(model: StackModel, { properties }: Resource): boolean {
  const { CacheParameterGroupName, ClusterMode } = properties;
  const group = named(model, CacheParameterGroupName, 'AWS::ElastiCache::ParameterGroup');
  const parameters = valuesOf(group?.properties['Properties']);
  return (
    shardsOf(properties) > 1 ||
    ClusterMode === 'enabled' ||
    // Of this stack, or one of ElastiCache's own: `default.valkey8.cluster.on`.
    parameters['cluster-enabled'] === 'yes' ||
    textOf(CacheParameterGroupName).includes('cluster.on')
  );
}

export function storesOf(model: StackModel): readonly Store[] {
  const databases = databasesOf(model).map((resource): Store => {
    const { VPCSecurityGroups, Port, DBSubnetGroupName } = resource.properties;
    const group = named(model, DBSubnetGroupName, 'AWS::RDS::DBSubnetGroup');
    return {
      resource,
      called: 'the database',
      ports: [Number(Port ?? 3306)],
      securityGroups: listOf(VPCSecurityGroups),
      ...(group ? { subnets: listOf(group.properties['SubnetIds']) } : {}),
    };
  });
  const caches = cachesOf(model).map((resource): Store => {
    const { SecurityGroupIds, Port, CacheSubnetGroupName, SubnetIds } = resource.properties;
    const group = named(model, CacheSubnetGroupName, 'AWS::ElastiCache::SubnetGroup');
    const subnets = isServerless(resource) ? SubnetIds : group?.properties['SubnetIds'];
    return {
      resource,
      called: 'the cache',
      // A serverless cache answers reads from replicas on a port of their own.
      ports: isServerless(resource) ? [6379, 6380] : [Number(Port ?? 6379)],
      securityGroups: listOf(SecurityGroupIds),
      ...(subnets === undefined ? {} : { subnets: listOf(subnets) }),
    };
  });
  return [...databases, ...caches];
}

/** Does the subnet send what leaves the network to an internet gateway? Then it can be reached from there, too. */
export function isPublic(model: StackModel, subnet: unknown): boolean {
  const tables = new Set(
    resourcesOf(model, 'AWS::EC2::SubnetRouteTableAssociation')
      .filter(({ properties }) => textOf(properties['SubnetId']) === textOf(subnet))
      .map(({ properties }) => textOf(properties['RouteTableId'])),
  );
  return resourcesOf(model, 'AWS::EC2::Route').some(
    ({ properties }) =>
      tables.has(textOf(properties['RouteTableId'])) &&
      named(model, properties['GatewayId'], 'AWS::EC2::InternetGateway') !== undefined,
  );
}

/** Fails unless a property is true. */
export function demandTrue(
  { type, properties }: Resource,
  property: string,
  details: { mistake: string; leadsTo: string },
): void {
  const value = properties[property];
  if (isTrue(value)) return;
  fail(
    `${property} of the ${type} is ${value === undefined ? 'not set' : textOf(value)}, expected true`,
    details,
  );
}
