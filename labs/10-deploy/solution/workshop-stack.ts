import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib/core';
import { Alarm, ComparisonOperator, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
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

const sitePort = 8008;
const mysqlPort = 3306;
const redisPort = 6379;

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
    // By group, not by address: what is not the web server has no business here, even in the same network.
    databaseGroup.addIngressRule(serverGroup, ec2.Port.tcp(mysqlPort), 'MySQL, from the web server');
    cacheGroup.addIngressRule(serverGroup, ec2.Port.tcp(redisPort), 'Valkey, from the web server');
    if (props.visitors) {
      serverGroup.addIngressRule(
        ec2.Peer.ipv4(props.visitors),
        ec2.Port.tcp(sitePort),
        'the site, for its visitors',
      );
    }

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
      storageEncrypted: true,
      // Without it MySQL offers TLS, and takes a client that does not ask for it.
      parameters: { require_secure_transport: '1' },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { secret } = database;
    if (!secret) throw new Error('the database has no generated secret');

    const cacheSubnets = new CfnSubnetGroup(this, 'CacheSubnets', {
      description: 'Where the cache lives',
      subnetIds: vpc.selectSubnets(stores).subnetIds,
    });
    // A replication group, also for one node: a cache cluster cannot be encrypted at rest.
    const cache = new CfnReplicationGroup(this, 'Cache', {
      replicationGroupDescription: 'The cache of the workshop',
      engine: 'valkey',
      cacheNodeType: 'cache.t4g.micro',
      numCacheClusters: 1,
      automaticFailoverEnabled: false,
      cacheSubnetGroupName: cacheSubnets.ref,
      securityGroupIds: [cacheGroup.securityGroupId],
      transitEncryptionEnabled: true,
      // The other mode, `preferred`, takes plain connections as well.
      transitEncryptionMode: 'required',
      atRestEncryptionEnabled: true,
    });

    const role = new Role(this, 'ServerRole', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      // Session Manager in place of SSH: no port, no key.
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
    });
    // Who takes over the server can do what it can: read this secret, and where things are.
    role.addToPolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }),
    );
    role.addToPolicy(
      new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [this.stackId] }),
    );

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
    const watch = (alarmId: string, metric: Metric, threshold: number) => {
      const alarm = new Alarm(this, alarmId, {
        metric,
        threshold,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        // Five minutes in a row: a peak is no trouble.
        evaluationPeriods: 5,
      });
      alarm.addAlarmAction(new SnsAction(alarms));
    };
    // A replication group has no metrics of its own: each member reports under its own name.
    const ofCache = (metricName: string) =>
      new Metric({
        namespace: 'AWS/ElastiCache',
        metricName,
        dimensionsMap: { CacheClusterId: `${cache.ref}-001` },
        statistic: 'Maximum',
        period: Duration.minutes(1),
      });
    watch('DatabaseCpu', database.metricCPUUtilization({ period: Duration.minutes(1) }), 90);
    // Commands run on one of the node's two vCPUs: 50 % is all there is.
    watch('CacheCpu', ofCache('CPUUtilization'), 45);
    watch('CacheMemory', ofCache('DatabaseMemoryUsagePercentage'), 80);

    // CloudFormation's own name of an output has no underscores: these become `secretname`, `mysqlendpoint`, ...
    new CfnOutput(this, 'secret_name', { value: secret.secretName });
    new CfnOutput(this, 'mysql_endpoint', { value: database.dbInstanceEndpointAddress });
    new CfnOutput(this, 'redis_endpoint', { value: cache.attrPrimaryEndPointAddress });
    new CfnOutput(this, 'webserver_public_ip', { value: server.instancePublicIp });
  }
}
