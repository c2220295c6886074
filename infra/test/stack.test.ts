import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import type { App } from 'aws-cdk-lib/core';
import { STACK_OUTPUTS } from '@workshop/web';
import { describe, expect, test } from 'vitest';
import { rulesOf } from './support/rules.ts';
import { statementsOf } from './support/policies.ts';
import { synthesise } from './support/synthesise.ts';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

const PROFILES = ['workshop', 'production', 'serverless'] as const;

describe.each(PROFILES)('the profile %s', (profile) => {
  const { stack, template } = synthesise({ profile });

  test('has no port that is open to addresses: what is let in is named by security group', () => {
    const rules = rulesOf(template).filter(({ isIngress }) => isIngress);
    expect(rules.filter(({ peer }) => peer.includes('/'))).toEqual([]);
    // To the database and the cache; in the fleet also from the load balancer to the machines.
    expect(rules).toHaveLength(profile === 'production' ? 3 : 2);
  });

  test('lets visitors in where they are named, and nobody else', () => {
    const visitors = '203.0.113.0/24';
    const rules = rulesOf(synthesise({ profile, visitors }).template).filter(({ isIngress }) => isIngress);
    const open = rules.filter(({ peer }) => peer.includes('/'));
    expect(open).toEqual([
      expect.objectContaining({ peer: visitors, ports: profile === 'production' ? '80-80' : '8008-8008' }),
    ]);
  });

  test('goes out by HTTPS, to its stores, and nowhere else', () => {
    const rules = rulesOf(template).filter(
      ({ isIngress, peer }) => !isIngress && peer !== '255.255.255.255/32',
    );
    const out = rules.filter(({ peer }) => peer.includes('/'));
    expect(out.map(({ peer, ports }) => `${peer} ${ports}`)).toEqual(['0.0.0.0/0 443-443']);
  });

  test('has every connection to a store encrypted, and all that is stored', () => {
    template.resourceCountIs('AWS::RDS::DBInstance', 1);
    template.allResourcesProperties('AWS::RDS::DBInstance', {
      StorageEncrypted: true,
      PubliclyAccessible: false,
    });
    template.allResourcesProperties('AWS::RDS::DBParameterGroup', {
      Parameters: Match.objectLike({ require_secure_transport: '1' }),
    });
    // A serverless cache has no other way.
    const isServerless = profile === 'serverless';
    template.resourceCountIs('AWS::ElastiCache::ServerlessCache', isServerless ? 1 : 0);
    template.resourceCountIs('AWS::ElastiCache::ReplicationGroup', isServerless ? 0 : 1);
    const encrypted = {
      TransitEncryptionEnabled: true,
      TransitEncryptionMode: 'required',
      AtRestEncryptionEnabled: true,
    };
    template.resourcePropertiesCountIs('AWS::ElastiCache::ReplicationGroup', encrypted, isServerless ? 0 : 1);
    const buckets = profile === 'production' ? 2 : 0;
    template.resourceCountIs('AWS::S3::Bucket', buckets);
    template.resourcePropertiesCountIs('AWS::S3::Bucket', { BucketEncryption: Match.anyValue() }, buckets);
    for (const disk of disksOf(template)) expect(disk).toMatchObject({ Encrypted: true, VolumeType: 'gp3' });
    expect(disksOf(template)).toHaveLength(1);
  });

  test('gives the keys of its role to nobody who asks by IMDSv1', () => {
    const machines = JSON.stringify(
      Object.values(
        template.findResources(profile === 'production' ? 'AWS::EC2::LaunchTemplate' : 'AWS::EC2::Instance'),
      ),
    );
    expect(machines.match(/"HttpTokens":"required"/g)).toHaveLength(1);
    expect(machines).not.toContain('"KeyName"');
  });

  test('permits no more than it must', () => {
    const allowed = statementsOf(template).filter(({ effect }) => effect === 'Allow');
    expect(allowed.length).toBeGreaterThanOrEqual(5);
    expect(allowed.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
    expect(allowed.filter(({ principal }) => JSON.stringify(principal ?? '').includes('*'))).toEqual([]);
    const wide = allowed.flatMap(({ at, resources }) =>
      resources.filter((resource) => resource.includes('*')).map(() => at.replace(/[\dA-F]{8}$/, '')),
    );
    // AWS writes logs into these buckets, under names that it makes up.
    expect(wide.toSorted()).toEqual(
      profile === 'production' ? ['WebAccessLogReadersPolicy', 'WebAccessLogsPolicy'] : [],
    );
  });

  test('has of AWS’s own policies only Session Manager’s', () => {
    const managed = Object.values(template.findResources('AWS::IAM::Role')).flatMap(
      ({ Properties }) => (Properties['ManagedPolicyArns'] ?? []) as readonly unknown[],
    );
    expect(managed).toHaveLength(1);
    expect(JSON.stringify(managed)).toContain('AmazonSSMManagedInstanceCore');
  });

  test('has nothing in the network’s default security group', () => {
    const placed = resourcesOf(template).filter(({ Type }) =>
      /::(DBInstance|ReplicationGroup|ServerlessCache|Instance|LaunchTemplate|LoadBalancer)$/.test(Type),
    );
    expect(placed.length).toBeGreaterThanOrEqual(3);
    for (const { Properties } of placed) {
      expect(JSON.stringify(Properties)).toMatch(/SecurityGroup\w*","GroupId"|Group\w*","GroupId"/);
    }
  });

  test('needs no code of ours, no macro and no look-up in the account, and knows no region', () => {
    const types = resourcesOf(template).map(({ Type }) => Type);
    expect(
      types.filter((type) => /^Custom::|::CustomResource$|::Lambda::|::Serverless::/.test(type)),
    ).toEqual([]);
    const json = JSON.stringify(template.toJSON());
    expect(json).not.toContain('Fn::Transform');
    expect(json).not.toContain('"Transform"');
    expect(json).not.toMatch(/\b\d{12}\b/);
    expect(json).not.toMatch(/\b(us|eu|ap|sa|ca)-[a-z]+-\d\b/);
  });

  test('says where things are, under the keys that the demo reads', () => {
    const keys = Object.keys(template.findOutputs('*'));
    const own = ['dashboardurl', 'webserverurl', ...(profile === 'production' ? [] : ['webserverpublicip'])];
    const read = Object.values(STACK_OUTPUTS).map(({ key }) => key as string);
    expect(keys.toSorted()).toEqual([...read, ...own].toSorted());
  });

  test('leaves nothing, or its data where that is to be kept', () => {
    const kept = resourcesOf(template).filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete');
    const isKept = profile === 'production';
    expect(kept.map(({ Type, DeletionPolicy }) => `${Type} ${DeletionPolicy}`).toSorted()).toEqual(
      isKept ? ['AWS::RDS::DBInstance Snapshot', 'AWS::S3::Bucket Retain', 'AWS::S3::Bucket Retain'] : [],
    );
    template.allResourcesProperties('AWS::RDS::DBInstance', { DeletionProtection: isKept });
    expect(stack.terminationProtection).toBe(isKept);
  });

  test('bears its name on all that can bear a tag', () => {
    const { template: mine } = synthesise({ profile, stackName: 'Mine' });
    const tag = { Key: 'workshop-stack', Value: 'Mine' };
    for (const type of [
      'EC2::VPC',
      'RDS::DBInstance',
      'SecretsManager::Secret',
      'Logs::LogGroup',
      'SNS::Topic',
    ]) {
      mine.allResourcesProperties(`AWS::${type}`, { Tags: Match.arrayWith([tag]) });
    }
  });

  test('holds to CloudFormation’s own rules: CDK has not even a warning', () => {
    const checked = synthesise({ profile, alarmEmail: 'me@example.com' }, { validates: true });
    const { outdir } = checked.stack.node.root as App;
    expect(violationsIn(path.join(outdir, 'validation-report.json'))).toEqual([]);
  });
});

test('the passwords stand nowhere in a template', () => {
  for (const profile of PROFILES) {
    const json = JSON.stringify(synthesise({ profile }).template.toJSON());
    const passwords = [...json.matchAll(/"(?:MasterUserPassword|Passwords)":(.{40})/g)].map(
      ([, value]) => value,
    );
    for (const value of passwords) expect(value).toMatch(/^\[?\{"Fn::Join":\["",\["\{\{resolve:secretsm/);
  }
});

function resourcesOf(template: Template): readonly Resource[] {
  const { Resources } = template.toJSON() as { readonly Resources: Readonly<Record<string, Resource>> };
  return Object.values(Resources);
}

/** Of machines and of what machines are made from. */
function disksOf(template: Template): readonly unknown[] {
  return resourcesOf(template).flatMap(({ Type, Properties = {} }) => {
    const data = Type === 'AWS::EC2::LaunchTemplate' ? Properties['LaunchTemplateData'] : Properties;
    const mappings = (data as { readonly BlockDeviceMappings?: readonly { readonly Ebs: unknown }[] })
      .BlockDeviceMappings;
    return (mappings ?? []).map(({ Ebs }) => Ebs);
  });
}

/** From the report that CDK writes when it has something to say. */
function violationsIn(report: string): readonly unknown[] {
  if (!existsSync(report)) return [];
  const { pluginReports } = JSON.parse(readFileSync(report, 'utf8')) as {
    readonly pluginReports: readonly { readonly violations: readonly unknown[] }[];
  };
  return pluginReports.flatMap(({ violations }) => violations);
}
