import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { DatabaseConfig } from '../lib/config/config.ts';
import { InfraConfigError, readInfraConfig } from '../lib/config/config.ts';
import { Database } from '../lib/database.ts';
import { Network } from '../lib/network.ts';
import { emptyStack } from './support/synthesise.ts';

const WORKSHOP = readInfraConfig({}).database;
const PRODUCTION = readInfraConfig({ profile: 'production' }).database;

describe('whatever the profile', () => {
  test.each([WORKSHOP, PRODUCTION])('MySQL 8.4, encrypted, and not public: %j', (config) => {
    const { template } = make(config);
    template.hasResourceProperties('AWS::RDS::DBInstance', {
      Engine: 'mysql',
      EngineVersion: Match.stringLikeRegexp('^8\\.4\\.'),
      EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
      StorageEncrypted: true,
      StorageType: 'gp3',
      PubliclyAccessible: false,
      DBName: 'workshop',
      MasterUsername: 'workshop',
    });
    template.hasResourceProperties('AWS::RDS::DBParameterGroup', {
      Family: 'mysql8.4',
      Parameters: { require_secure_transport: '1', local_infile: '1', slow_query_log: '1' },
    });
  });

  test('its security group lets nobody in by itself, and nothing out', () => {
    const { template } = make(WORKSHOP);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
    });
  });

  test('it tells what alarms are made from', () => {
    const { database } = make(WORKSHOP);
    expect(database).toMatchObject({
      port: 3307,
      vCpus: 2,
      memoryBytes: 1024 ** 3,
      storageGiB: 20,
      isBurstable: true,
      multiAz: false,
      hasInsights: false,
    });
    expect(make(PRODUCTION).database).toMatchObject({
      vCpus: 2,
      memoryBytes: 8 * 1024 ** 3,
      isBurstable: false,
      multiAz: true,
      hasInsights: true,
    });
  });
});

describe('the password', () => {
  test('is made by Secrets Manager, and needs no escaping anywhere', () => {
    const { template } = make(WORKSHOP);
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: {
        SecretStringTemplate: '{"username":"workshop"}',
        GenerateStringKey: 'password',
        PasswordLength: 40,
        ExcludePunctuation: true,
      },
    });
    template.hasResourceProperties('AWS::RDS::DBInstance', {
      MasterUserPassword: {
        'Fn::Join': [
          '',
          ['{{resolve:secretsmanager:', { Ref: Match.anyValue() }, ':SecretString:password::}}'],
        ],
      },
      ManageMasterUserPassword: Match.absent(),
    });
  });

  test('with rotation it is RDS’s own, without a Lambda function or a transform', () => {
    const { template, database } = make({ ...WORKSHOP, rotation: true });
    template.hasResourceProperties('AWS::RDS::DBInstance', {
      ManageMasterUserPassword: true,
      MasterUsername: 'workshop',
      MasterUserPassword: Match.absent(),
    });
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    template.resourceCountIs('AWS::Serverless::Application', 0);
    expect(template.toJSON()['Transform']).toBeUndefined();
    expect(JSON.stringify(database.instance.stack.resolve(database.secret.secretArn))).toMatch(
      /MasterUserSecret\.SecretArn/,
    );
  });
});

describe('by option', () => {
  test('a standby, backups, and the smallest classes without insights', () => {
    const { template } = make({ ...WORKSHOP, multiAz: true, backupDays: 35, instanceType: 't4g.medium' });
    template.hasResourceProperties('AWS::RDS::DBInstance', {
      MultiAZ: true,
      BackupRetentionPeriod: 35,
      DBInstanceClass: 'db.t4g.medium',
      EnablePerformanceInsights: true,
    });
    make(WORKSHOP).template.hasResourceProperties('AWS::RDS::DBInstance', {
      EnablePerformanceInsights: false,
    });
  });

  test('a read replica, of the same kind as its source', () => {
    const { template, database } = make({ ...WORKSHOP, readReplica: true });
    template.resourceCountIs('AWS::RDS::DBInstance', 2);
    template.resourcePropertiesCountIs(
      'AWS::RDS::DBInstance',
      {
        StorageEncrypted: true,
        PubliclyAccessible: false,
        DBParameterGroupName: Match.anyValue(),
        Port: '3307',
      },
      2,
    );
    expect(database.replica).toBeDefined();
  });

  test('what is to be kept is protected, and leaves a snapshot; else nothing is left', () => {
    make(PRODUCTION).template.hasResource('AWS::RDS::DBInstance', {
      Properties: { DeletionProtection: true, DeleteAutomatedBackups: false },
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
    });
    make(WORKSHOP).template.hasResource('AWS::RDS::DBInstance', {
      Properties: { DeletionProtection: false, DeleteAutomatedBackups: true },
      DeletionPolicy: 'Delete',
    });
  });
});

test.each([
  ['database.instanceType', { instanceType: 'db.t4g.micro' }],
  ['database.instanceType', { instanceType: 'q1.large' }],
  ['database.backupDays', { readReplica: true, backupDays: 0 }],
  ['database.readReplica', { readReplica: true, rotation: true }],
])('used without the config, it fails by the property: %s %j', (name, wrong) => {
  const fails = () => make({ ...WORKSHOP, ...wrong });
  expect(fails).toThrow(InfraConfigError);
  expect(fails).toThrow(name);
});

function make(config: DatabaseConfig): { readonly database: Database; readonly template: Template } {
  const stack = emptyStack();
  const network = new Network(stack, 'Network', { zones: 2, flowLogs: false });
  const database = new Database(stack, 'Database', { network, ...config });
  return { database, template: Template.fromStack(stack) };
}
