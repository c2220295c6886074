import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Change } from '../../change.ts';
import { atTheEnd, firstFailure, imports, labFolder, removeChanged } from './changed-solution.ts';

afterAll(removeChanged);

const network =
  "const { vpc, servers, stores } = new Network(this, 'Network', { zones: 2, flowLogs: false });";

/** What people add to such a stack, and CDK's own helpers write: none of it is a mistake. */
const additions: Record<string, Change[]> = {
  'a name and a region of its own': [
    [
      'super(scope, id, props);',
      "super(scope, id, { ...props, env: { region: 'us-east-1' }, stackName: 'demo' });",
    ],
    [
      'resources: [this.stackId]',
      "resources: [this.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: 'demo/*' })]",
    ],
  ],
  'a network without our construct, its default group emptied, flow logs, an endpoint': [
    [
      network,
      `const vpc = new ec2.Vpc(this, 'Network', { maxAzs: 2, natGateways: 0, restrictDefaultSecurityGroup: true });
      const servers = { subnetType: ec2.SubnetType.PUBLIC };
      const stores = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };`,
    ],
    atTheEnd(`vpc.addFlowLog('Flow');
      vpc.addInterfaceEndpoint('Secrets', { service: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER });`),
  ],
  'an asset that the server may read': [
    imports("import { Asset } from 'aws-cdk-lib/aws-s3-assets';"),
    atTheEnd(`new Asset(this, 'Web', { path: '${join(labFolder, 'README.md')}' }).grantRead(role);`),
  ],
  'a topic with a key': [
    imports("import { Key } from 'aws-cdk-lib/aws-kms';"),
    [
      "new Topic(this, 'Alarms')",
      "new Topic(this, 'Alarms', { masterKey: new Key(this, 'Key'), enforceSSL: true })",
    ],
    atTheEnd("alarms.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));"),
  ],
  'a watched database with users of IAM': [
    [
      'storageEncrypted: true,',
      'storageEncrypted: true, monitoringInterval: Duration.seconds(60), iamAuthentication: true,',
    ],
    atTheEnd("database.grantConnect(role, 'workshop');"),
  ],
  'a token for the cache': [
    imports("import { Secret } from 'aws-cdk-lib/aws-secretsmanager';"),
    [
      'transitEncryptionEnabled: true,',
      "transitEncryptionEnabled: true, authToken: new Secret(this, 'Token').secretValue.unsafeUnwrap(),",
    ],
  ],
  'more alarms': [
    atTheEnd(`for (const metric of [
        database.metricFreeStorageSpace(),
        database.metricCPUUtilization(),
        ofCache('Evictions'),
        new Metric({ namespace: 'Workshop', metricName: 'HitRatio' }),
      ]) {
        new Alarm(this, 'Other' + metric.metricName, {
          metric,
          threshold: 1,
          evaluationPeriods: 60,
          comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        }).addAlarmAction(new SnsAction(alarms));
      }`),
  ],
  'a server that sends only where it has to': [
    ["'ServerGroup', { vpc }", "'ServerGroup', { vpc, allowAllOutbound: false }"],
    atTheEnd(`serverGroup.addEgressRule(databaseGroup, ec2.Port.tcp(mysqlPort));
      serverGroup.addEgressRule(cacheGroup, ec2.Port.tcp(redisPort));
      serverGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS);`),
  ],
};

test.for(Object.entries(additions))('accepts %s', async ([, changes]) => {
  expect(await firstFailure(changes)).toBeUndefined();
});
