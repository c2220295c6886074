import { named, resourcesOf, type Resource, type StackModel } from '../template/stack-model.ts';
import { listOf, valuesOf, type Values } from '../template/template.ts';

export function instancesOf(model: StackModel): readonly Resource[] {
  return resourcesOf(model, 'AWS::EC2::Instance');
}

/** What serves the site: an instance, or a group of them that grows and shrinks. */
export function serversOf(model: StackModel): readonly Resource[] {
  return [...instancesOf(model), ...resourcesOf(model, 'AWS::AutoScaling::AutoScalingGroup')];
}

/** What a server is launched with: its own properties over those of its launch template. */
export function launchOf(model: StackModel, { properties }: Resource): Values {
  const mixed = valuesOf(valuesOf(properties['MixedInstancesPolicy'])['LaunchTemplate']);
  const written = properties['LaunchTemplate'] ?? mixed['LaunchTemplateSpecification'];
  const { LaunchTemplateId, LaunchTemplateName } = valuesOf(written);
  const template = named(model, LaunchTemplateId ?? LaunchTemplateName, 'AWS::EC2::LaunchTemplate');
  return { ...valuesOf(template?.properties['LaunchTemplateData']), ...properties };
}

/** Security groups and subnets of a server, wherever they are written. */
export function attachmentOf(model: StackModel, server: Resource) {
  const launch = launchOf(model, server);
  const interfaces = listOf(launch['NetworkInterfaces']).map(valuesOf);
  const own = interfaces.map(({ NetworkInterfaceId }) =>
    named(model, NetworkInterfaceId, 'AWS::EC2::NetworkInterface'),
  );
  const all: readonly Values[] = [launch, ...interfaces, ...own.map((made) => made?.properties ?? {})];
  return {
    securityGroups: all.flatMap(({ SecurityGroupIds, SecurityGroups, GroupSet, Groups }) =>
      [SecurityGroupIds, SecurityGroups, GroupSet, Groups].flatMap(listOf),
    ),
    subnets: all.flatMap(({ SubnetId, VPCZoneIdentifier }) => [SubnetId, VPCZoneIdentifier].flatMap(listOf)),
  };
}

/** What stands before a group of servers, and whom visitors connect to. */
export interface Balancer {
  readonly resource: Resource;
  /** On which it listens. */
  readonly ports: readonly number[];
  readonly securityGroups: readonly unknown[];
  readonly subnets: readonly unknown[];
}

export function balancersOf(model: StackModel): readonly Balancer[] {
  return resourcesOf(model, 'AWS::ElasticLoadBalancingV2::LoadBalancer').map((resource) => ({
    resource,
    ports: resourcesOf(model, 'AWS::ElasticLoadBalancingV2::Listener')
      .filter(({ properties }) => properties['LoadBalancerArn'] === resource.ref)
      .map(({ properties }) => Number(properties['Port'])),
    securityGroups: listOf(resource.properties['SecurityGroups']),
    subnets: listOf(resource.properties['Subnets']),
  }));
}
