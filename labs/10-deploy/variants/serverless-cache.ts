import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export type WorkshopStackProps = StackProps & { visitors?: string; alarmEmail?: string };

/** A serverless cache, a key of our own, and rules by what connects to what. */
export class WorkshopStack extends Stack {
  constructor(scope: Construct, id: string, props: WorkshopStackProps) {
    super(scope, id, props);
    const key = new kms.Key(this, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY });
    const vpc = new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 0 });
    const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };

    const server = new ec2.Instance(this, 'Server', {
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
      allowAllOutbound: false,
      instanceType: new ec2.InstanceType('t4g.micro'),
      machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
      ssmSessionPermissions: true,
      requireImdsv2: true,
      blockDevices: [
        { deviceName: '/dev/xvda', volume: ec2.BlockDeviceVolume.ebs(16, { encrypted: true, kmsKey: key }) },
      ],
      userData: ec2.UserData.custom(
        '#!/bin/bash\nMYSQL_PWD=$(aws secretsmanager get-secret-value --secret-id workshop | jq -r .SecretString)\n',
      ),
    });
    server.connections.allowToAnyIpv4(ec2.Port.HTTPS, 'Session Manager, packages');
    if (props.visitors) server.connections.allowFrom(ec2.Peer.ipv4(props.visitors), ec2.Port.tcp(8008));

    const database = new rds.DatabaseInstance(this, 'Database', {
      vpc,
      vpcSubnets,
      engine: rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.of('8.4', '8.4') }),
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.SMALL),
      credentials: rds.Credentials.fromGeneratedSecret('admin', {
        secretName: 'workshop/mysql',
        encryptionKey: key,
      }),
      storageEncryptionKey: key,
      port: 3307,
      instanceIdentifier: 'Workshop-Database',
      parameters: { require_secure_transport: 'ON', max_connections: '200' },
      multiAz: true,
    });
    database.connections.allowDefaultPortFrom(server);

    const group = new ec2.SecurityGroup(this, 'CacheGroup', { vpc, allowAllOutbound: false });
    group.connections.allowFrom(server, ec2.Port.tcpRange(6379, 6380));
    const cache = new elasticache.CfnServerlessCache(this, 'Cache', {
      engine: 'valkey',
      majorEngineVersion: '8',
      serverlessCacheName: 'workshop-cache',
      securityGroupIds: [group.securityGroupId],
      subnetIds: vpc.selectSubnets(vpcSubnets).subnetIds,
    });

    database.secret?.grantRead(server);
    server.addToRolePolicy(
      new iam.PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [this.stackId] }),
    );

    const topic = new sns.Topic(this, 'Topic', { enforceSSL: true });
    if (props.alarmEmail) {
      new sns.Subscription(this, 'Mail', {
        topic,
        protocol: sns.SubscriptionProtocol.EMAIL,
        endpoint: props.alarmEmail,
      });
    }
    const metric = (metricName: string, statistic: string) =>
      new cloudwatch.Metric({
        namespace: 'AWS/ElastiCache',
        metricName,
        statistic,
        dimensionsMap: { clusterId: cache.ref },
        period: Duration.minutes(1),
      });
    const alarms = [
      database
        .metricCPUUtilization()
        .createAlarm(this, 'DatabaseCpu', { threshold: 80, evaluationPeriods: 1 }),
      metric('ThrottledCmds', 'Sum').createAlarm(this, 'Throttled', {
        threshold: 0,
        evaluationPeriods: 3,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      }),
      metric('BytesUsedForCache', 'Maximum').createAlarm(this, 'Bytes', {
        threshold: 800_000_000,
        evaluationPeriods: 5,
      }),
    ];
    for (const alarm of alarms) alarm.addAlarmAction(new actions.SnsAction(topic));

    new CfnOutput(this, 'secret_name', { value: 'workshop/mysql' });
    new CfnOutput(this, 'mysql_endpoint', { value: database.instanceEndpoint.socketAddress });
    new CfnOutput(this, 'redis_endpoint', {
      value: `${cache.attrEndpointAddress}:${cache.attrEndpointPort}`,
    });
    new CfnOutput(this, 'webserver_public_ip', {
      value: new ec2.CfnEIP(this, 'Address', { instanceId: server.instanceId }).ref,
    });
  }
}
