import type { Template } from './template.ts';

/**
 * What costs in the stack that this one follows, AWS's sample of 2022, with the sizes that its code names and CDK's defaults for the others: 100 GB of storage
 * for the database, 8 GB for the server's disk, both gp2. For docs/cost.md to compare with.
 *
 * @see https://github.com/aws-samples/amazon-elasticache-demo-using-aws-cdk
 */
export const ORIGINAL: Template = {
  Resources: {
    PublicSubnet: { Type: 'AWS::EC2::Subnet', Properties: { MapPublicIpOnLaunch: true } },
    NatGateway: { Type: 'AWS::EC2::NatGateway' },
    NatAddress: { Type: 'AWS::EC2::EIP' },
    Database: {
      Type: 'AWS::RDS::DBInstance',
      Properties: {
        DBInstanceClass: 'db.t3.medium',
        Engine: 'mysql',
        AllocatedStorage: '100',
        StorageType: 'gp2',
      },
    },
    Secret: { Type: 'AWS::SecretsManager::Secret' },
    Cache: {
      Type: 'AWS::ElastiCache::CacheCluster',
      Properties: { Engine: 'redis', CacheNodeType: 'cache.t3.small', NumCacheNodes: 1 },
    },
    WebServer: {
      Type: 'AWS::EC2::Instance',
      Properties: {
        InstanceType: 't3.small',
        SubnetId: { Ref: 'PublicSubnet' },
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8, VolumeType: 'gp2' } }],
      },
    },
  },
};
