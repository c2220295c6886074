import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { App, Stack } from 'aws-cdk-lib/core';
import { Cache } from '../../lib/cache/cache.ts';
import { type InfraConfig, readInfraConfig } from '../../lib/config/config.ts';
import { Database } from '../../lib/database.ts';
import { Monitoring } from '../../lib/monitoring/monitoring.ts';
import { Network } from '../../lib/network.ts';
import type { WebTier } from '../../lib/web/web-tier.ts';

/** A site's stores and their monitoring, with the least of a web tier: a machine, or a balancer and a group. */
export interface Site {
  readonly config: InfraConfig;
  readonly cache: Cache;
  readonly database: Database;
  readonly web: WebTier;
  readonly monitoring: Monitoring;
  readonly stack: Stack;
  readonly template: Template;
}

const made = new Map<string, Site>();

/**
 * The site of a configuration, made once.
 * @param context as after `-c`: `{ 'cache.mode': 'cluster' }`
 */
export function siteOf(context: Readonly<Record<string, string>> = {}): Site {
  const key = JSON.stringify(context);
  const site = made.get(key) ?? makeSite(context);
  made.set(key, site);
  return site;
}

function makeSite(context: Readonly<Record<string, string>>): Site {
  const config = readInfraConfig(context);
  const stack = new Stack(new App(), config.stackName);
  const network = new Network(stack, 'Network', config.network);
  const database = new Database(stack, 'Database', { network, ...config.database });
  const cache = new Cache(stack, 'Cache', { network, ...config.cache });
  const web =
    config.web.kind === 'server' ? serverIn(stack, network, config) : fleetIn(stack, network, config);
  const monitoring = new Monitoring(stack, 'Monitoring', { database, cache, web, config });
  return { config, cache, database, web, monitoring, stack, template: Template.fromStack(stack) };
}

const image = ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 });

function serverIn(stack: Stack, { vpc, servers }: Network, { web }: InfraConfig): WebTier {
  const instance = new ec2.Instance(stack, 'Server', {
    vpc,
    vpcSubnets: servers,
    instanceType: new ec2.InstanceType(web.instanceType),
    machineImage: image,
  });
  return {
    role: instance.role as Role,
    url: 'http://server.example',
    connections: instance.connections,
    instance,
  };
}

function fleetIn(stack: Stack, { vpc, servers }: Network, { web }: InfraConfig): WebTier {
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  const group = new autoscaling.AutoScalingGroup(stack, 'Group', {
    vpc,
    vpcSubnets: servers,
    role,
    instanceType: new ec2.InstanceType(web.instanceType),
    machineImage: image,
  });
  const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc, vpcSubnets: servers });
  const target = balancer
    .addListener('Http', { port: 80 })
    .addTargets('Servers', { port: 8008, targets: [group] });
  return { role, url: 'http://balancer.example', connections: balancer.connections, group, balancer, target };
}
