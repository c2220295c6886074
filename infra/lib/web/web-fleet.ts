import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration, Lazy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { keepAccessLogs } from './access-logs.ts';
import { letVisitorsIn, MACHINE, machineGroup } from './machine.ts';
import { userData } from './user-data.ts';
import { webBundle } from './web-bundle.ts';
import { webRole } from './web-role.ts';
import type { WebTier, WebTierProps } from './web-tier.ts';
import { SITE_PORT } from './web-tier.ts';

/** How long a machine may take until it serves, data set and all. */
const START_LIMIT = Duration.minutes(15);

/**
 * A load balancer, and behind it as many machines as there is work for. They let in the load balancer only, and it only the visitors that the configuration names;
 * without any it is internal. A new bundle or new settings replace the machines one after the other, each once the one before it serves.
 */
export class WebFleet extends Construct implements WebTier {
  readonly role: Role;
  readonly url: string;
  /** Of the load balancer: who visits the site comes to it. */
  readonly connections: ec2.Connections;
  readonly group: autoscaling.AutoScalingGroup;
  readonly balancer: elbv2.ApplicationLoadBalancer;
  readonly target: elbv2.ApplicationTargetGroup;

  constructor(scope: Construct, id: string, props: WebTierProps) {
    super(scope, id);
    const { network, config } = props;
    const { vpc, servers } = network;
    const balancerGroup = new ec2.SecurityGroup(this, 'BalancerGroup', {
      vpc,
      description: 'The load balancer of the web servers',
      allowAllOutbound: false,
    });
    this.connections = new ec2.Connections({ securityGroups: [balancerGroup] });
    const bundle = webBundle(this, props.bundle);
    this.role = webRole(this, props, bundle);
    const machines = machineGroup(this, props);
    machines.connections.allowFrom(
      balancerGroup,
      ec2.Port.tcp(SITE_PORT),
      'The site, from the load balancer',
    );

    this.group = this.#machines(props, { bundle, securityGroup: machines });
    this.target = new elbv2.ApplicationTargetGroup(this, 'Machines', {
      vpc,
      port: SITE_PORT,
      protocol: elbv2.ApplicationProtocol.HTTP,
      targets: [this.group],
      healthCheck: {
        path: '/readyz',
        healthyHttpCodes: '200',
        interval: Duration.seconds(15),
        timeout: Duration.seconds(10),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
      // Longer than the demo itself gives the requests that it is at.
      deregistrationDelay: Duration.seconds(30),
    });
    this.balancer = new elbv2.ApplicationLoadBalancer(this, 'Balancer', {
      vpc,
      vpcSubnets: servers,
      securityGroup: balancerGroup,
      internetFacing: config.access.visitors !== undefined,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elbv2.DesyncMitigationMode.STRICTEST,
    });
    keepAccessLogs(this, this.balancer, config.database.keepData);
    this.url = this.#listen(props);
  }

  /** Has a topic told of each machine that comes, goes, or fails to. */
  notify(topic: ITopic): void {
    const group = this.group.node.defaultChild as autoscaling.CfnAutoScalingGroup;
    const notificationTypes = ['LAUNCH', 'TERMINATE', 'LAUNCH_ERROR', 'TERMINATE_ERROR'].map(
      (event) => `autoscaling:EC2_INSTANCE_${event}`,
    );
    group.notificationConfigurations = [{ topicArn: topic.topicArn, notificationTypes }];
  }

  #machines(
    props: WebTierProps,
    { bundle, securityGroup }: { bundle: ReturnType<typeof webBundle>; securityGroup: ec2.SecurityGroup },
  ): autoscaling.AutoScalingGroup {
    const { network, config } = props;
    const { instanceType, least, most } = config.web;
    const launchTemplate = new ec2.LaunchTemplate(this, 'Machine', {
      ...MACHINE,
      instanceType: new ec2.InstanceType(instanceType),
      securityGroup,
      role: this.role,
      associatePublicIpAddress: true,
      // IMDSv2: a request that somebody makes the server send can't fetch the role's keys.
      httpTokens: ec2.LaunchTemplateHttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      detailedMonitoring: true,
      userData: userData(this, props, {
        bundle,
        resource: Lazy.string({ produce: () => logicalIdOf(this.group) }),
        host: '0.0.0.0',
        // The load balancer.
        trustProxy: '1',
        onFailure: 'power-off',
      }),
    });
    const group = new autoscaling.AutoScalingGroup(this, 'Group', {
      vpc: network.vpc,
      vpcSubnets: network.servers,
      launchTemplate,
      minCapacity: least,
      maxCapacity: most,
      // Not the load balancer's check: without MySQL it fails on all machines at once, and new ones would be no better.
      healthChecks: autoscaling.HealthChecks.ec2({ gracePeriod: START_LIMIT }),
      signals: autoscaling.Signals.waitForMinCapacity({ timeout: START_LIMIT }),
      updatePolicy: autoscaling.UpdatePolicy.rollingUpdate({
        maxBatchSize: 1,
        minInstancesInService: Math.min(least, most - 1),
        waitOnResourceSignals: true,
        pauseTime: START_LIMIT,
      }),
    });
    group.node.addDependency(
      this.role,
      network.vpc.selectSubnets(network.servers).internetConnectivityEstablished,
    );
    group.scaleOnCpuUtilization('Work', { targetUtilizationPercent: 60 });
    return group;
  }

  /** @returns the site's address */
  #listen(props: WebTierProps): string {
    const { certificateArn } = props.config.web;
    const forward = { defaultAction: elbv2.ListenerAction.forward([this.target]), open: false };
    const [balancerGroup] = this.connections.securityGroups;
    if (balancerGroup === undefined) throw new Error('the load balancer has no security group');
    letVisitorsIn(balancerGroup, props, 80);
    if (certificateArn === undefined) {
      this.balancer.addListener('Http', { port: 80, ...forward });
      return `http://${this.balancer.loadBalancerDnsName}`;
    }
    letVisitorsIn(balancerGroup, props, 443);
    this.balancer.addListener('Https', {
      port: 443,
      certificates: [elbv2.ListenerCertificate.fromArn(certificateArn)],
      sslPolicy: elbv2.SslPolicy.TLS13_12_RES_PQ,
      ...forward,
    });
    this.balancer.addRedirect({ sourcePort: 80, targetPort: 443, open: false });
    return `https://${this.balancer.loadBalancerDnsName}`;
  }
}

function logicalIdOf(group: autoscaling.AutoScalingGroup): string {
  return (group.node.defaultChild as autoscaling.CfnAutoScalingGroup).logicalId;
}
