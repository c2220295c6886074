import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib/core';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Network } from '@workshop/infra/constructs';
import type { Construct } from 'constructs';

export interface WorkshopStackProps extends StackProps {
  /**
   * Who may open the site, on port 8008: an IPv4 range, such as `203.0.113.7/32`.
   * @default nobody: no port is open, and one comes in through Session Manager
   */
  readonly visitors?: string;
  /**
   * Who is told when an alarm fires.
   * @default nobody
   */
  readonly alarmEmail?: string;
}

/** The demo's machines: RDS for MySQL, ElastiCache for Valkey and a web server. The cheapest of each. */
export class WorkshopStack extends Stack {
  constructor(scope: Construct, id: string, props: WorkshopStackProps = {}) {
    super(scope, id, props);

    // Two kinds of subnets: the stores' have no way in from the internet and none out. No NAT gateway, which is paid for by the hour.
    const { vpc, servers, stores } = new Network(this, 'Network', { zones: 2, flowLogs: false });

    // A group each, so that a rule opens a port on one thing only.
    const serverGroup = new ec2.SecurityGroup(this, 'ServerGroup', { vpc });
    const databaseGroup = new ec2.SecurityGroup(this, 'DatabaseGroup', { vpc });
    const cacheGroup = new ec2.SecurityGroup(this, 'CacheGroup', { vpc });
    // GAP 1: who may connect to what? A group lets nobody in until a rule says so.
    void props.visitors;

    const database = new rds.DatabaseInstance(this, 'Database', {
      engine: rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.VER_8_4_7 }),
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.BURSTABLE4_GRAVITON, ec2.InstanceSize.MICRO),
      vpc,
      vpcSubnets: stores,
      publiclyAccessible: false,
      securityGroups: [databaseGroup],
      databaseName: 'workshop',
      // Secrets Manager makes the password up; the template only says where it is.
      credentials: rds.Credentials.fromGeneratedSecret('workshop'),
      allocatedStorage: 20,
      storageType: rds.StorageType.GP3,
      // GAP 2: encrypted on the disk, and MySQL takes no connection without TLS.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { secret } = database;
    if (!secret) throw new Error('the database has no generated secret');

    const cacheSubnets = new CfnSubnetGroup(this, 'CacheSubnets', {
      description: 'Where the cache lives',
      subnetIds: vpc.selectSubnets(stores).subnetIds,
    });
    // A replication group, also for one node: a cache cluster cannot be encrypted at rest.
    new CfnReplicationGroup(this, 'Cache', {
      replicationGroupDescription: 'The cache of the workshop',
      engine: 'valkey',
      cacheNodeType: 'cache.t4g.micro',
      numCacheClusters: 1,
      automaticFailoverEnabled: false,
      cacheSubnetGroupName: cacheSubnets.ref,
      securityGroupIds: [cacheGroup.securityGroupId],
      // GAP 2: the same for the cache.
    });

    const role = new Role(this, 'ServerRole', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      // Session Manager in place of SSH: no port, no key.
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
    });
    // GAP 3: the server reads its secret, and asks CloudFormation for this stack's outputs. Nothing else.
    void secret;

    const server = new ec2.Instance(this, 'Server', {
      vpc,
      vpcSubnets: servers,
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.BURSTABLE4_GRAVITON, ec2.InstanceSize.MICRO),
      machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
      securityGroup: serverGroup,
      role,
      // IMDSv2: a request that somebody makes the server send can't fetch the role's keys.
      httpTokens: ec2.HttpTokens.REQUIRED,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: ec2.BlockDeviceVolume.ebs(8, {
            encrypted: true,
            volumeType: ec2.EbsDeviceVolumeType.GP3,
          }),
        },
      ],
    });

    const alarms = new Topic(this, 'Alarms');
    if (props.alarmEmail) alarms.addSubscription(new EmailSubscription(props.alarmEmail));
    // GAP 4: three alarms that tell this topic: the database's CPU, the cache's CPU, the cache's memory.
    void alarms;

    // GAP 5: the outputs secret_name, mysql_endpoint, redis_endpoint and webserver_public_ip.
    void server;
  }
}
