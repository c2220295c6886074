import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Fn, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { NetworkConfig } from './config/config.ts';

/**
 * A network of its own: public subnets for the servers, and for the stores such as no route leads out of. There is no NAT gateway, which is paid for
 * by the hour: the stores need no way out, and the servers have addresses of their own.
 */
export class Network extends Construct {
  readonly vpc: ec2.Vpc;
  /** Where the database and the cache are. */
  readonly stores: ec2.SubnetSelection = { subnetGroupName: 'stores' };
  /** Where the servers and the load balancer are. */
  readonly servers: ec2.SubnetSelection = { subnetGroupName: 'servers' };

  constructor(scope: Construct, id: string, { zones, flowLogs }: NetworkConfig) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr('10.0.0.0/16'),
      // Named by their place in the region's list: CDK alone takes no more than two for a region that it does not know.
      availabilityZones: Array.from({ length: zones }, (_, index) => Fn.select(index, Fn.getAzs())),
      natGateways: 0,
      subnetConfiguration: [
        { name: 'servers', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24 },
        { name: 'stores', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
      // CDK would empty the VPC's default security group by a Lambda function that may change any security group's rules. Nothing here is in that
      // group, and a test holds the template to it, so its rules let nobody in anywhere.
      restrictDefaultSecurityGroup: false,
    });
    if (flowLogs) this.#writeFlowLogs();
  }

  #writeFlowLogs(): void {
    const logGroup = new LogGroup(this, 'FlowLogGroup', {
      retention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.vpc.addFlowLog('FlowLog', { destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup) });
  }
}
