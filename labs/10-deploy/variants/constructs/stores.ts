import { RemovalPolicy } from 'aws-cdk-lib/core';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';

interface StoreProps {
  readonly vpc: ec2.IVpc;
}

const isolated = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };

export class Database extends Construct {
  readonly instance: rds.DatabaseInstance;

  constructor(scope: Construct, id: string, { vpc }: StoreProps) {
    super(scope, id);
    this.instance = new rds.DatabaseInstance(this, 'Instance', {
      vpc,
      vpcSubnets: isolated,
      engine: rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.VER_8_4_7 }),
      storageEncrypted: true,
      parameters: { require_secure_transport: '1' },
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });
  }
}

/** Has `connections`, as CDK's own resources do: so a rule reads `cache.connections.allowDefaultPortFrom(server)`. */
export class Cache extends Construct implements ec2.IConnectable {
  readonly connections: ec2.Connections;
  readonly group: CfnReplicationGroup;

  constructor(scope: Construct, id: string, { vpc }: StoreProps) {
    super(scope, id);
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc, allowAllOutbound: false });
    this.connections = new ec2.Connections({
      securityGroups: [securityGroup],
      defaultPort: ec2.Port.tcp(6379),
    });
    const subnets = new CfnSubnetGroup(this, 'Subnets', {
      description: 'Of the cache',
      subnetIds: vpc.selectSubnets(isolated).subnetIds,
    });
    this.group = new CfnReplicationGroup(this, 'Group', {
      replicationGroupDescription: 'The cache',
      engine: 'valkey',
      cacheNodeType: 'cache.t4g.small',
      numCacheClusters: 1,
      automaticFailoverEnabled: false,
      securityGroupIds: [securityGroup.securityGroupId],
      cacheSubnetGroupName: subnets.ref,
      transitEncryptionEnabled: true,
      atRestEncryptionEnabled: true,
    });
  }
}
