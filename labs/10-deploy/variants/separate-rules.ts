import { CfnOutput, Duration, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/** Rules as resources beside their groups, one group for both stores, a sharded cache, one formula over all its nodes. */
export class WorkshopStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    props: StackProps & { visitors?: string; alarmEmail?: string } = {},
  ) {
    super(scope, id, props);
    const vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 1,
      subnetConfiguration: [
        { name: 'web', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'stores', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      ],
    });
    vpc.addInterfaceEndpoint('Secrets', { service: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER });

    const servers = new ec2.SecurityGroup(this, 'Servers', { vpc });
    const stores = new ec2.SecurityGroup(this, 'Stores', { vpc, allowAllOutbound: false });
    for (const port of [3306, 6400]) {
      new ec2.CfnSecurityGroupIngress(this, `From${port}`, {
        groupId: stores.securityGroupId,
        sourceSecurityGroupId: servers.securityGroupId,
        ipProtocol: 'TCP',
        fromPort: port,
        toPort: port,
      });
    }
    if (props.visitors) {
      new ec2.CfnSecurityGroupIngress(this, 'Visitors', {
        groupId: servers.securityGroupId,
        cidrIp: props.visitors,
        ipProtocol: 'tcp',
        fromPort: 8008,
        toPort: 8008,
      });
    }

    const secret = new Secret(this, 'Secret', {
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: 'workshop' }),
        generateStringKey: 'password',
        excludePunctuation: true,
      },
    });
    const engine = rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.VER_8_4_7 });
    const database = new rds.DatabaseInstance(this, 'Database', {
      vpc,
      engine,
      credentials: rds.Credentials.fromSecret(secret),
      securityGroups: [stores],
      publiclyAccessible: false,
      storageEncrypted: true,
      parameterGroup: new rds.ParameterGroup(this, 'Parameters', {
        engine,
        parameters: { require_secure_transport: '1' },
      }),
    });

    const cache = new elasticache.CfnReplicationGroup(this, 'Cache', {
      replicationGroupDescription: 'Two shards of two nodes',
      replicationGroupId: 'workshop',
      engine: 'valkey',
      cacheNodeType: 'cache.r7g.large',
      clusterMode: 'enabled',
      numNodeGroups: 2,
      replicasPerNodeGroup: 1,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      port: 6400,
      transitEncryptionEnabled: true,
      atRestEncryptionEnabled: true,
      securityGroupIds: [stores.securityGroupId],
      cacheSubnetGroupName: new elasticache.CfnSubnetGroup(this, 'Subnets', {
        description: 'Of the cache',
        cacheSubnetGroupName: 'workshop-cache',
        subnetIds: vpc.privateSubnets.map(({ subnetId }) => subnetId),
      }).ref,
    });

    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [
        iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore'),
        new iam.ManagedPolicy(this, 'MayAsk', {
          statements: [
            new iam.PolicyStatement({
              actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
              resources: [secret.secretArn],
            }),
            new iam.PolicyStatement({
              actions: ['cloudformation:DescribeStacks'],
              resources: [
                this.formatArn({
                  service: 'cloudformation',
                  resource: 'stack',
                  resourceName: `${this.stackName}/*`,
                }),
              ],
            }),
          ],
        }),
      ],
    });
    const template = new ec2.LaunchTemplate(this, 'Template', {
      httpTokens: ec2.LaunchTemplateHttpTokens.REQUIRED,
      blockDevices: [{ deviceName: '/dev/xvda', volume: ec2.BlockDeviceVolume.ebs(8, { encrypted: true }) }],
      securityGroup: servers,
      role,
      instanceType: new ec2.InstanceType('t4g.micro'),
      machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
    });
    const server = new ec2.CfnInstance(this, 'Server', {
      launchTemplate: { launchTemplateId: template.launchTemplateId, version: template.latestVersionNumber },
      subnetId: vpc.publicSubnets[0]?.subnetId,
    });

    const topic = new Topic(this, 'Topic');
    topic.addSubscription(new EmailSubscription(props.alarmEmail ?? 'nobody@example.com'));
    const nodes = ['0001-001', '0001-002', '0002-001', '0002-002'];
    const highest = (metricName: string) =>
      new MathExpression({
        expression: `MAX([${nodes.map((_, index) => `m${index}`).join(', ')}])`,
        period: Duration.minutes(1),
        usingMetrics: Object.fromEntries(
          nodes.map((node, index) => [
            `m${index}`,
            new Metric({
              namespace: 'AWS/ElastiCache',
              metricName,
              dimensionsMap: { CacheClusterId: Fn.sub(`\${Cache}-${node}`), CacheNodeId: '0001' },
            }),
          ]),
        ),
      });
    for (const [name, metric] of [
      ['DatabaseCpu', database.metricCPUUtilization({ period: Duration.minutes(1) })],
      ['CacheCpu', highest('EngineCPUUtilization')],
      ['CacheMemory', highest('DatabaseMemoryUsagePercentage')],
    ] as const) {
      new Alarm(this, name, { metric, threshold: 80, evaluationPeriods: 10 }).addAlarmAction(
        new SnsAction(topic),
      );
    }

    new CfnOutput(this, 'secret_name', { value: secret.secretArn });
    new CfnOutput(this, 'mysql_endpoint', { value: database.dbInstanceEndpointAddress });
    new CfnOutput(this, 'redis_endpoint', { value: cache.attrConfigurationEndPointAddress });
    new CfnOutput(this, 'webserver_public_ip', { value: server.attrPublicIp });
  }
}
