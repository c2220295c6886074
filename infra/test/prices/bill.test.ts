import { expect, test } from 'vitest';
import { billOf, cost } from '../../prices/bill.ts';
import { HOURS_PER_MONTH } from '../../prices/price.ts';
import type { Values } from '../../prices/template.ts';
import { US_EAST_1 } from '../../prices/us-east-1.ts';

const bill = (resources: Record<string, { Type: string; Properties?: Values }>) =>
  billOf({ Resources: resources }, US_EAST_1);

/** The only line of a bill, with what all of it costs in an hour. */
function only(resources: Parameters<typeof bill>[0]): readonly [string, number, number | undefined] {
  const { lines } = bill(resources);
  expect(lines).toHaveLength(1);
  const [line] = lines;
  return [line!.what, line!.count, cost(line!)];
}

const monthly = (usd: number) => expect.closeTo(usd / HOURS_PER_MONTH, 10);

test('an empty template costs nothing', () => {
  expect(bill({})).toMatchObject({ lines: [], usdPerHour: 0, unknown: [], byUse: [] });
  expect(billOf({}, US_EAST_1).usdPerHour).toBe(0);
});

test('what is alike is one line', () => {
  const secret = { Type: 'AWS::SecretsManager::Secret' };
  expect(only({ A: secret, B: secret })).toEqual(['secret', 2, monthly(0.8)]);
});

test('the dearest is first, and what nobody knows is last and in no sum', () => {
  const { lines, usdPerHour, unknown } = bill({
    Odd: { Type: 'AWS::Nimbus::Cloud' },
    Odd2: { Type: 'AWS::Nimbus::Cloud' },
    Server: { Type: 'AWS::EC2::Instance', Properties: { InstanceType: 'q9.mega' } },
    Key: { Type: 'AWS::KMS::Key' },
    Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internal' } },
  });
  expect(lines.map(({ what }) => what)).toEqual([
    'load balancer',
    'key',
    'EC2 q9.mega',
    'AWS::Nimbus::Cloud',
  ]);
  expect(usdPerHour).toBeCloseTo(0.0225 + 1 / HOURS_PER_MONTH, 10);
  expect(unknown).toEqual(['EC2 q9.mega', 'AWS::Nimbus::Cloud']);
});

const vpc = {
  Public: { Type: 'AWS::EC2::Subnet', Properties: { MapPublicIpOnLaunch: true } },
  Private: { Type: 'AWS::EC2::Subnet', Properties: { MapPublicIpOnLaunch: false } },
};
const disk = [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8, VolumeType: 'gp3' } }];

test.each([
  ['in a public subnet', { SubnetId: { Ref: 'Public' } }, 1],
  ['in a private one', { SubnetId: { Ref: 'Private' } }, 0],
  [
    'asked for by its network interface',
    { NetworkInterfaces: [{ AssociatePublicIpAddress: true, SubnetId: { Ref: 'Private' } }] },
    1,
  ],
  [
    'refused by it',
    { NetworkInterfaces: [{ AssociatePublicIpAddress: false, SubnetId: { Ref: 'Public' } }] },
    0,
  ],
])('a server: its hours, its disk, and a public address %s', (_, where, addresses) => {
  const { lines, byUse } = bill({
    ...vpc,
    Server: {
      Type: 'AWS::EC2::Instance',
      Properties: { InstanceType: 't4g.micro', BlockDeviceMappings: disk, ...where },
    },
  });
  expect(Object.fromEntries(lines.map((line) => [line.what, cost(line)]))).toEqual({
    'EC2 t4g.micro': 0.0084,
    '8 GB gp3': monthly(0.64),
    ...(addresses === 1 ? { 'public IPv4 address': 0.005 } : {}),
  });
  expect(byUse).toEqual([US_EAST_1.byUse.traffic, US_EAST_1.byUse.serverCredits]);
});

test('a group of servers is as many as it begins with, of what its launch template says', () => {
  const { lines } = bill({
    ...vpc,
    Template: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { InstanceType: 'm7g.large', BlockDeviceMappings: disk } },
    },
    Group: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: {
        MinSize: '3',
        MaxSize: '8',
        LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' }, Version: '1' },
        VPCZoneIdentifier: [{ Ref: 'Public' }],
      },
    },
  });
  expect(lines.map((line) => [line.what, line.count, cost(line)])).toEqual([
    ['EC2 m7g.large', 3, expect.closeTo(3 * 0.0816, 10)],
    ['public IPv4 address', 3, 0.015],
    ['8 GB gp3', 3, monthly(3 * 0.64)],
  ]);
});

test('metrics by the minute are paid for where they are asked for, by a server or its launch template', () => {
  const asked = bill({
    Server: { Type: 'AWS::EC2::Instance', Properties: { InstanceType: 't4g.micro', Monitoring: true } },
    Template: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { InstanceType: 't4g.micro', Monitoring: { Enabled: true } } },
    },
    Group: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: { MinSize: '2', LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' } } },
    },
  });
  const line = asked.lines.find(({ of }) => of === 'monitoring');
  expect([line?.count, line && cost(line)]).toEqual([3, monthly(3 * 2.1)]);
  const not = bill({
    Server: { Type: 'AWS::EC2::Instance', Properties: { InstanceType: 't4g.micro', Monitoring: false } },
  });
  expect(not.lines.map(({ of }) => of)).toEqual(['web']);
});

test("a balancer's addresses are one a zone, and none inside", () => {
  const Type = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
  const Subnets = [{ Ref: 'A' }, { Ref: 'B' }];
  const outside = bill({ L: { Type, Properties: { Scheme: 'internet-facing', Subnets } } });
  expect(outside.usdPerHour).toBeCloseTo(0.0225 + 2 * 0.005, 10);
  const inside = bill({ L: { Type, Properties: { Scheme: 'internal', Subnets } } });
  expect(inside.usdPerHour).toBe(0.0225);
});

const database = {
  Type: 'AWS::RDS::DBInstance',
  Properties: {
    DBInstanceClass: 'db.t4g.micro',
    Engine: 'mysql',
    AllocatedStorage: '20',
    StorageType: 'gp3',
  },
};

test('a database, in one zone and in two, with its storage', () => {
  expect(bill({ database }).usdPerHour).toEqual(expect.closeTo(0.016 + 2.3 / HOURS_PER_MONTH, 10));
  const twice = { ...database, Properties: { ...database.Properties, MultiAZ: true } };
  expect(bill({ database: twice }).usdPerHour).toBeCloseTo(2 * (0.016 + 2.3 / HOURS_PER_MONTH), 10);
});

test.each([
  ['by its name', { Ref: 'database' }],
  ['in an ARN', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds:db:', { Ref: 'database' }]] }],
])('a read replica has the engine and the storage of its source, %s', (_, SourceDBInstanceIdentifier) => {
  const replica = {
    Type: 'AWS::RDS::DBInstance',
    Properties: { DBInstanceClass: 'db.t4g.small', SourceDBInstanceIdentifier },
  };
  expect(bill({ database, replica }).lines.map(({ what, count }) => [what, count])).toEqual([
    ['MySQL db.t4g.small', 1],
    ['MySQL db.t4g.micro', 1],
    ['20 GB gp3', 2],
  ]);
  // What cannot be followed is not taken for free.
  expect(bill({ replica }).unknown).toEqual(['unknown engine db.t4g.small', 'unknown GB gp2']);
});

test("RDS's own secret costs as any, and advanced insights are not free", () => {
  const { lines, unknown } = bill({
    database: {
      ...database,
      Properties: {
        ...database.Properties,
        ManageMasterUserPassword: true,
        DatabaseInsightsMode: 'advanced',
      },
    },
  });
  expect(lines.map(({ what }) => what)).toContain('secret');
  expect(unknown).toEqual(['Database Insights, advanced']);
});

const group = (properties: Values) => ({
  cache: {
    Type: 'AWS::ElastiCache::ReplicationGroup',
    Properties: { Engine: 'valkey', CacheNodeType: 'cache.t4g.micro', ...properties },
  },
});

test.each([
  [{ NumCacheClusters: 1 }, 1],
  [{ NumCacheClusters: 3 }, 3],
  [{ NumNodeGroups: 2, ReplicasPerNodeGroup: 2 }, 6],
  [{ NumNodeGroups: 4 }, 4],
])('nodes of a replication group %j', (properties, nodes) => {
  expect(only(group(properties))).toEqual([
    'Valkey cache.t4g.micro',
    nodes,
    expect.closeTo(nodes * 0.0128, 10),
  ]);
});

test('Valkey costs four fifths of Redis OSS, on every node type', () => {
  const { valkey, redis } = US_EAST_1.cacheNodes;
  expect(Object.keys(valkey)).toEqual(Object.keys(redis));
  for (const [type, usd] of Object.entries(redis)) expect(valkey[type]).toBeCloseTo(usd * 0.8, 4);
});

test.each([
  ['valkey', 'Valkey Serverless, the least (0.1 GB)', 0.0084],
  ['redis', 'Redis OSS Serverless, the least (1 GB)', 0.125],
])('a serverless %s cache costs its least', (Engine, what, usd) => {
  const cache = { Type: 'AWS::ElastiCache::ServerlessCache', Properties: { Engine } };
  expect(only({ cache })).toEqual([what, 1, expect.closeTo(usd, 10)]);
});

test('an alarm costs by the metrics that it reads, an expression nothing', () => {
  const metric = (id: string) => ({ Id: id, MetricStat: { Metric: { MetricName: 'X' }, Period: 60 } });
  expect(
    only({ A: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'X', Period: 60 } } }),
  ).toEqual(['metric under an alarm', 1, monthly(0.1)]);
  const Metrics = [{ Id: 'all', Expression: 'MAX([a, b, c])' }, metric('a'), metric('b'), metric('c')];
  expect(only({ A: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics } } })).toEqual([
    'metric under an alarm',
    3,
    monthly(0.3),
  ]);
  expect(
    only({ A: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'X', Period: 10 } } }),
  ).toEqual(['metric under an alarm, in seconds', 1, monthly(0.3)]);
});
