import { Aws, CfnOutput, CfnParameter, Fn, Stack, type StackProps } from 'aws-cdk-lib/core';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { CfnInstanceProfile, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnDBInstance, CfnDBParameterGroup, CfnDBSubnetGroup } from 'aws-cdk-lib/aws-rds';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

interface Props extends StackProps {
  visitors?: string;
  alarmEmail?: string;
}

/** CloudFormation as it is: every resource by hand, Redis OSS with a replica, RDS keeping its own password. */
export class WorkshopStack extends Stack {
  constructor(scope: Construct, id: string, { visitors, alarmEmail, ...props }: Props) {
    super(scope, id, props);

    const vpc = new ec2.CfnVPC(this, 'Vpc', { cidrBlock: '10.7.0.0/16', enableDnsHostnames: true });
    const gateway = new ec2.CfnInternetGateway(this, 'Gateway');
    const attachment = new ec2.CfnVPCGatewayAttachment(this, 'GatewayAttachment', {
      vpcId: vpc.ref,
      internetGatewayId: gateway.ref,
    });
    const subnet = (name: string, zone: number, third: number) =>
      new ec2.CfnSubnet(this, name, {
        vpcId: vpc.ref,
        availabilityZone: Fn.select(zone, Fn.getAzs()),
        cidrBlock: `10.7.${third}.0/24`,
      });
    const web = subnet('Web', 0, 0);
    web.mapPublicIpOnLaunch = true;
    const inner = [subnet('InnerA', 0, 10), subnet('InnerB', 1, 11)];
    const routes = new ec2.CfnRouteTable(this, 'WebRoutes', { vpcId: vpc.ref });
    new ec2.CfnSubnetRouteTableAssociation(this, 'WebRoutesOfWeb', {
      subnetId: web.ref,
      routeTableId: routes.ref,
    });
    const wayOut = new ec2.CfnRoute(this, 'WayOut', {
      routeTableId: routes.ref,
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: gateway.ref,
    });
    wayOut.node.addDependency(attachment);

    // As a parameter, so that it can be changed without CDK.
    const from = visitors && new CfnParameter(this, 'Visitors', { default: visitors }).valueAsString;
    const serverGroup = new ec2.CfnSecurityGroup(this, 'ServerGroup', {
      groupDescription: 'The web server',
      vpcId: vpc.ref,
      securityGroupIngress: from ? [{ ipProtocol: '6', fromPort: 8008, toPort: 8008, cidrIp: from }] : [],
    });
    const storeGroup = (name: string, port: number) =>
      new ec2.CfnSecurityGroup(this, name, {
        groupDescription: name,
        vpcId: vpc.ref,
        securityGroupIngress: [
          { ipProtocol: 'tcp', fromPort: port, toPort: port, sourceSecurityGroupId: serverGroup.attrGroupId },
        ],
      });
    const databaseGroup = storeGroup('DatabaseGroup', 3306);
    const cacheGroup = storeGroup('CacheGroup', 6379);

    const database = new CfnDBInstance(this, 'Database', {
      engine: 'mysql',
      engineVersion: '8.4',
      dbInstanceClass: 'db.t4g.micro',
      dbName: 'workshop',
      allocatedStorage: '20',
      storageEncrypted: true,
      masterUsername: 'workshop',
      manageMasterUserPassword: true,
      publiclyAccessible: false,
      dbSubnetGroupName: new CfnDBSubnetGroup(this, 'DatabaseSubnets', {
        dbSubnetGroupDescription: 'Inner subnets',
        subnetIds: inner.map(({ ref }) => ref),
      }).ref,
      dbParameterGroupName: new CfnDBParameterGroup(this, 'Parameters', {
        family: 'mysql8.4',
        description: 'TLS only',
        parameters: { require_secure_transport: 'ON' },
      }).ref,
      vpcSecurityGroups: [databaseGroup.attrGroupId],
    });
    const secret = Fn.getAtt(database.logicalId, 'MasterUserSecret.SecretArn').toString();

    const cache = new CfnReplicationGroup(this, 'Cache', {
      replicationGroupDescription: 'Redis OSS and a replica',
      engine: 'redis',
      cacheNodeType: 'cache.m7g.xlarge',
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      transitEncryptionEnabled: true,
      atRestEncryptionEnabled: true,
      cacheSubnetGroupName: new CfnSubnetGroup(this, 'CacheSubnets', {
        description: 'Inner subnets',
        subnetIds: inner.map(({ ref }) => ref),
      }).ref,
      securityGroupIds: [Fn.getAtt(cacheGroup.logicalId, 'GroupId').toString()],
    });

    const role = new CfnRole(this, 'Role', {
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
      },
      managedPolicyArns: [Fn.sub('arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore')],
      policies: [
        {
          policyName: 'server',
          policyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: [secret] },
              {
                Effect: 'Allow',
                Action: ['cloudformation:DescribeStacks'],
                Resource: Fn.sub(
                  'arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/${AWS::StackName}/*',
                ),
              },
            ],
          },
        },
      ],
    });
    const server = new ec2.CfnInstance(this, 'Server', {
      instanceType: 't4g.micro',
      imageId: '{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64}}',
      iamInstanceProfile: new CfnInstanceProfile(this, 'Profile', { roles: [role.ref] }).ref,
      metadataOptions: { httpTokens: 'required' },
      blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { encrypted: true, volumeType: 'gp3' } }],
      networkInterfaces: [
        {
          deviceIndex: '0',
          associatePublicIpAddress: true,
          subnetId: web.ref,
          groupSet: [serverGroup.attrGroupId],
        },
      ],
    });

    const topic = new CfnTopic(this, 'Topic', {
      subscription: alarmEmail ? [{ protocol: 'email', endpoint: alarmEmail }] : undefined,
    });
    const alarm = (
      name: string,
      namespace: string,
      metricName: string,
      dimension: CfnAlarm.DimensionProperty,
    ) =>
      new CfnAlarm(this, name, {
        namespace,
        metricName,
        dimensions: [dimension],
        statistic: 'Average',
        period: 300,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        comparisonOperator: 'GreaterThanOrEqualToThreshold',
        threshold: 75,
        alarmActions: [topic.ref],
      });
    alarm('DatabaseCpu', 'AWS/RDS', 'CPUUtilization', { name: 'DBInstanceIdentifier', value: database.ref });
    for (const member of ['001', '002']) {
      const node = { name: 'CacheClusterId', value: Fn.join('-', [cache.ref, member]) };
      alarm(`CacheCpu${member}`, 'AWS/ElastiCache', 'EngineCPUUtilization', node);
      alarm(`CacheMemory${member}`, 'AWS/ElastiCache', 'DatabaseMemoryUsagePercentage', node);
    }

    const output = (key: string, value: string) => {
      new CfnOutput(this, `Output${key}`, {
        value,
        exportName: `${Aws.STACK_NAME}-${key}`,
      }).overrideLogicalId(key);
    };
    output('secretname', secret);
    output('mysqlendpoint', Fn.sub('${Database.Endpoint.Address}:${Database.Endpoint.Port}'));
    output('redisendpoint', Fn.join(':', [cache.attrPrimaryEndPointAddress, cache.attrPrimaryEndPointPort]));
    output('webserverpublicip', server.attrPublicIp);
  }
}
