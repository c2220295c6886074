import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { Cache, Database } from './stores.ts';
import { Watch } from './watch.ts';

interface Props extends StackProps {
  readonly visitors?: string;
  readonly alarmEmail?: string;
}

/** Constructs in files of their own; the outputs stay in the stack, for the sake of their names. */
export class WorkshopStack extends Stack {
  constructor(scope: Construct, id: string, { visitors, alarmEmail, ...props }: Props = {}) {
    super(scope, id, props);
    const vpc = new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 0, restrictDefaultSecurityGroup: false });
    const { instance: database } = new Database(this, 'Database', { vpc });
    const cache = new Cache(this, 'Cache', { vpc });

    const server = new ec2.Instance(this, 'Server', {
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.NANO),
      machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
      httpTokens: ec2.HttpTokens.REQUIRED,
      ssmSessionPermissions: true,
      blockDevices: [{ deviceName: '/dev/xvda', volume: ec2.BlockDeviceVolume.ebs(8, { encrypted: true }) }],
    });
    database.connections.allowDefaultPortFrom(server, 'the web server');
    cache.connections.allowDefaultPortFrom(server, 'the web server');
    if (visitors) server.connections.allowFrom(ec2.Peer.ipv4(visitors), ec2.Port.tcp(8008), 'visitors');

    database.secret?.grantRead(server);
    server.addToRolePolicy(
      new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [this.stackId] }),
    );
    new Watch(this, 'Watch', { database, cache: cache.group, email: alarmEmail });

    const outputs = {
      secret_name: database.secret?.secretName ?? '',
      mysql_endpoint: database.dbInstanceEndpointAddress,
      redis_endpoint: cache.group.attrPrimaryEndPointAddress,
      webserver_public_ip: server.instancePublicIp,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
