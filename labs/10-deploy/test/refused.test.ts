import { afterAll, expect, test } from 'vitest';
import type { Change } from '../../change.ts';
import { atTheEnd, firstFailure, imports, removeChanged } from './changed-solution.ts';

afterAll(removeChanged);

const databaseRule =
  "databaseGroup.addIngressRule(serverGroup, ec2.Port.tcp(mysqlPort), 'MySQL, from the web server');";
const besideRule = (code: string): Change => [databaseRule, `${databaseRule}\n${code}`];
const instead = (find: string, replacement: string): Change => [find, replacement];

type Refused = [id: string, says: string, ...changes: Change[]];

/** Beside `mistakes/`: what else must not pass, by what the message says. */
const stacks: Refused[] = [
  // Connections
  [
    'reachable',
    '0 rules for that port',
    instead(databaseRule, 'serverGroup.addIngressRule(databaseGroup, ec2.Port.tcp(mysqlPort));'),
  ],
  [
    'reachable',
    'not in the template: sg-default',
    instead(
      'securityGroups: [databaseGroup]',
      "securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(this, 'Default', vpc.vpcDefaultSecurityGroup)]",
    ),
  ],
  [
    'reachable',
    'lets nothing out to port 3306',
    instead("'ServerGroup', { vpc }", "'ServerGroup', { vpc, allowAllOutbound: false }"),
  ],
  [
    'reachable',
    'no rule lets 198.51.100.24/32',
    instead('if (props.visitors) {', "if (props.visitors === 'office') {"),
  ],
  [
    'reachable',
    'without a route to an internet gateway',
    instead('vpcSubnets: servers', 'vpcSubnets: stores'),
  ],
  [
    'closed',
    'lets in 0.0.0.0/1 on tcp 3306',
    besideRule(`databaseGroup.addIngressRule(ec2.Peer.ipv4('0.0.0.0/1'), ec2.Port.tcp(mysqlPort));
      databaseGroup.addIngressRule(ec2.Peer.ipv4('128.0.0.0/1'), ec2.Port.tcp(mysqlPort));`),
  ],
  [
    'closed',
    'lets in ::/0 on tcp 8008',
    besideRule('serverGroup.addIngressRule(ec2.Peer.anyIpv6(), ec2.Port.tcp(sitePort));'),
  ],
  [
    'closed',
    'lets in pl-1234',
    besideRule("databaseGroup.addIngressRule(ec2.Peer.prefixList('pl-1234'), ec2.Port.tcp(mysqlPort));"),
  ],
  [
    'closed',
    'on tcp 0 to 65535',
    instead(databaseRule, 'databaseGroup.addIngressRule(serverGroup, ec2.Port.allTcp());'),
  ],
  [
    'closed',
    'on every protocol and port',
    instead(databaseRule, 'databaseGroup.addIngressRule(serverGroup, ec2.Port.allTraffic());'),
  ],
  [
    'closed',
    'on udp 3306',
    besideRule('databaseGroup.addIngressRule(serverGroup, ec2.Port.udp(mysqlPort));'),
  ],
  [
    'closed',
    'on tcp 3306 to 3307',
    instead(databaseRule, 'databaseGroup.addIngressRule(serverGroup, ec2.Port.tcpRange(3306, 3307));'),
  ],
  [
    'closed',
    'the database lets in 198.51.100.24/32 on tcp 8008',
    instead("new ec2.SecurityGroup(this, 'DatabaseGroup', { vpc })", 'serverGroup'),
    instead("new ec2.SecurityGroup(this, 'CacheGroup', { vpc })", 'serverGroup'),
  ],
  [
    'closed',
    'lets in 198.51.100.24/24',
    instead('ipv4(props.visitors)', "ipv4(props.visitors.replace('/32', '/24'))"),
  ],
  [
    'closed',
    'without visitors: the web server lets in 198.51.100.24/32',
    instead('if (props.visitors) {', '{'),
    instead('ipv4(props.visitors)', "ipv4('198.51.100.24/32')"),
  ],
  [
    'private',
    '2 subnets with a route',
    instead('{ vpc, servers, stores }', '{ vpc, servers, servers: stores }'),
  ],
  // Encryption and secrets
  ['in-transit', 'is 0 in the', instead("require_secure_transport: '1'", "require_secure_transport: '0'")],
  [
    'in-transit',
    'uses no parameter group',
    instead("      parameters: { require_secure_transport: '1' },\n", ''),
    atTheEnd(`new rds.ParameterGroup(this, 'Spare', {
      engine: database.engine!,
      parameters: { require_secure_transport: '1' },
    });`),
  ],
  [
    'at-rest',
    '1 of 2 volumes',
    instead(
      'blockDevices: [',
      "blockDevices: [{ deviceName: '/dev/sdf', volume: ec2.BlockDeviceVolume.ebs(8) },",
    ),
  ],
  [
    'metadata',
    'HttpTokens of the web server is optional',
    instead('HttpTokens.REQUIRED', 'HttpTokens.OPTIONAL'),
  ],
  [
    'secrets',
    'the output secretname holds a secret',
    instead('value: secret.secretName', "value: secret.secretValueFromJson('password').unsafeUnwrap()"),
  ],
  [
    'secrets',
    'user data',
    atTheEnd("server.addUserData(`PW=${secret.secretValueFromJson('password').unsafeUnwrap()}`);"),
  ],
  ['secrets', 'user data', atTheEnd("server.addUserData('export MYSQL_PASSWORD=hunter2');")],
  ['secrets', 'user data', atTheEnd("server.addUserData('URL=mysql://workshop:hunter2@db/workshop');")],
  [
    'secrets',
    'the output key holds a secret',
    imports("import { AccessKey, User } from 'aws-cdk-lib/aws-iam';"),
    atTheEnd(`const key = new AccessKey(this, 'Key', { user: new User(this, 'User') });
      new CfnOutput(this, 'key', { value: key.secretAccessKey.unsafeUnwrap() });`),
  ],
  // Permissions
  ['no-wildcards', 'AdministratorAccess', instead("'AmazonSSMManagedInstanceCore'", "'AdministratorAccess'")],
  ['no-wildcards', 'DescribeStacks on *', instead('[this.stackId]', "['*']")],
  [
    'no-wildcards',
    'stack/*',
    instead('[this.stackId]', '[`arn:aws:cloudformation:${this.region}:${this.account}:stack/*`]'),
  ],
  [
    'no-wildcards',
    'secretsmanager:Get*',
    instead("'secretsmanager:GetSecretValue'", "'secretsmanager:Get*'"),
  ],
  [
    'no-wildcards',
    'NotAction',
    atTheEnd(
      "role.addToPolicy(new PolicyStatement({ notActions: ['iam:*'], resources: [secret.secretArn] }));",
    ),
  ],
  [
    'no-wildcards',
    'every account',
    imports("import { AnyPrincipal } from 'aws-cdk-lib/aws-iam';"),
    instead("new ServicePrincipal('ec2.amazonaws.com')", 'new AnyPrincipal()'),
  ],
  // Alarms
  ['alarm-metrics', 'AWS/Redis', instead("'AWS/ElastiCache'", "'AWS/Redis'")],
  ['alarm-metrics', 'CpuUtilization', instead("ofCache('CPUUtilization')", "ofCache('CpuUtilization')")],
  [
    'alarm-metrics',
    'dimensions clusterId',
    instead('CacheClusterId: `${cache.ref}-001`', 'clusterId: cache.ref'),
  ],
  ['alarm-metrics', 'CacheClusterId=cache-0001-001', instead('${cache.ref}-001', '${cache.ref}-0001-001')],
  [
    'alarm-metrics',
    'in None',
    imports("import { Unit } from 'aws-cdk-lib/aws-cloudwatch';"),
    instead("statistic: 'Maximum',", "statistic: 'Maximum', unit: Unit.NONE,"),
  ],
  ['alarms', 'LessThanThreshold', instead('GREATER_THAN_THRESHOLD', 'LESS_THAN_THRESHOLD')],
  ['alarms', 'fires above 0.9', instead('Duration.minutes(1) }), 90)', 'Duration.minutes(1) }), 0.9)')],
  ['alarms', 'the Sum of CPUUtilization', instead("statistic: 'Maximum'", "statistic: 'Sum'")],
  ['alarms', 'fires after 60 minutes', instead('evaluationPeriods: 5', 'evaluationPeriods: 60')],
  ['alarms', 'switched off', instead('evaluationPeriods: 5', 'evaluationPeriods: 5, actionsEnabled: false')],
  [
    'alarms',
    'ops@example.com is not subscribed',
    instead('new EmailSubscription(props.alarmEmail)', "new EmailSubscription('me@example.com')"),
  ],
  // Outputs and references
  ['outputs', 'clustercfg', instead('attrPrimaryEndPointAddress', 'attrConfigurationEndPointAddress')],
  ['outputs', 'webserverpublicip is', instead('server.instancePublicIp', 'server.instancePrivateIp')],
  [
    'synthesises',
    'has no attribute PrimaryEndpoint.Address',
    imports("import { Fn } from 'aws-cdk-lib/core';"),
    instead(
      'cache.attrPrimaryEndPointAddress',
      "Fn.getAtt(cache.logicalId, 'PrimaryEndpoint.Address').toString()",
    ),
  ],
  [
    'synthesises',
    'refers to Nowhere',
    imports("import { Fn } from 'aws-cdk-lib/core';"),
    instead('server.instancePublicIp', "Fn.ref('Nowhere')"),
  ],
];

test.for(stacks)('%s: %s', async ([id, says, ...changes]) => {
  const failure = await firstFailure(changes);
  expect(failure?.observed).toContain(says);
  expect(failure?.id).toBe(id);
});
