import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { Cache } from '../lib/cache/cache.ts';
import type { CacheConfig, CacheMode } from '../lib/config/config.ts';
import { InfraConfigError, readInfraConfig } from '../lib/config/config.ts';
import { Network } from '../lib/network.ts';
import { emptyStack } from './support/synthesise.ts';

const NODE = configOf('node');
const NODES = ['node', 'replicated', 'cluster'] as const;
const ENGINES = ['valkey', 'redis'] as const;

describe.each(ENGINES)('%s on nodes', (engine) => {
  test.each(NODES)('%s: encrypted at rest and on the way, for users with a password', (mode) => {
    const { template } = make({ ...configOf(mode), engine });
    template.resourceCountIs('AWS::ElastiCache::ReplicationGroup', 1);
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      Engine: engine,
      EngineVersion: engine === 'valkey' ? '8.1' : '7.1',
      AtRestEncryptionEnabled: true,
      TransitEncryptionEnabled: true,
      TransitEncryptionMode: 'required',
      UserGroupIds: [{ Ref: Match.stringLikeRegexp('Group') }],
      AuthToken: Match.absent(),
      CacheSubnetGroupName: { Ref: Match.stringLikeRegexp('Subnets') },
    });
    template.hasResourceProperties('AWS::ElastiCache::ParameterGroup', {
      CacheParameterGroupFamily: engine === 'valkey' ? 'valkey8' : 'redis7',
      Properties: {
        'maxmemory-policy': 'allkeys-lru',
        'cluster-enabled': mode === 'cluster' ? 'yes' : Match.absent(),
      },
    });
  });
});

describe('the modes', () => {
  test('node: one, which nobody takes over from', () => {
    const { cache, template } = make(NODE);
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      NumCacheClusters: 1,
      AutomaticFailoverEnabled: false,
      MultiAZEnabled: false,
      CacheNodeType: 'cache.t4g.micro',
      SnapshotRetentionLimit: 0,
    });
    expect(resolved(cache)).toEqual([['001', '-001', false]]);
  });

  test('replicated: a primary and replicas in other zones, with failover', () => {
    const { cache, template } = make({ ...configOf('replicated'), replicas: 2, snapshotDays: 3 });
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      NumCacheClusters: 3,
      AutomaticFailoverEnabled: true,
      MultiAZEnabled: true,
      SnapshotRetentionLimit: 3,
    });
    expect(resolved(cache)).toEqual([
      ['001', '-001', true],
      ['002', '-002', true],
      ['003', '-003', true],
    ]);
  });

  test('cluster: shards, each with its replicas, added and taken away without another cluster', () => {
    const { cache, template } = make({ ...configOf('cluster'), shards: 2, replicas: 1 });
    template.hasResource('AWS::ElastiCache::ReplicationGroup', {
      Properties: {
        NumNodeGroups: 2,
        ReplicasPerNodeGroup: 1,
        NumCacheClusters: Match.absent(),
        AutomaticFailoverEnabled: true,
        MultiAZEnabled: true,
      },
      UpdatePolicy: { UseOnlineResharding: true },
    });
    expect(resolved(cache)).toEqual([
      ['0001-001', '-0001-001', true],
      ['0001-002', '-0001-002', true],
      ['0002-001', '-0002-001', true],
      ['0002-002', '-0002-002', true],
    ]);
  });

  test('a cluster without replicas has failover, which it insists on, but not in several zones', () => {
    const { template } = make({ ...configOf('cluster'), replicas: 0 });
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      AutomaticFailoverEnabled: true,
      MultiAZEnabled: false,
    });
  });

  test.each(ENGINES)('serverless %s: with limits on what it may cost', (engine) => {
    const { cache, template } = make({
      ...configOf('serverless'),
      engine,
      maxGb: 2,
      maxEcpuPerSecond: 3_000,
    });
    template.resourceCountIs('AWS::ElastiCache::ReplicationGroup', 0);
    template.hasResourceProperties('AWS::ElastiCache::ServerlessCache', {
      Engine: engine,
      MajorEngineVersion: engine === 'valkey' ? '8' : '7',
      CacheUsageLimits: { DataStorage: { Maximum: 2, Unit: 'GB' }, ECPUPerSecond: { Maximum: 3_000 } },
      ServerlessCacheName: cache.serverlessName,
      UserGroupId: { Ref: Match.stringLikeRegexp('Group') },
    });
    expect(cache.members).toEqual([]);
    expect(cache).toMatchObject({ maxGb: 2, maxEcpuPerSecond: 3_000, port: 6379 });
    expect(cache.serverlessName).toMatch(/^[a-z](?:-?[a-z0-9]){0,39}$/);
  });
});

describe('the users', () => {
  test.each(ENGINES)('%s: the demo’s own, and the one without a name, who is shut out', (engine) => {
    const { template } = make({ ...NODE, engine });
    template.resourceCountIs('AWS::ElastiCache::User', 2);
    template.hasResourceProperties('AWS::ElastiCache::User', {
      UserName: 'default',
      AccessString: 'off -@all',
    });
    template.hasResourceProperties('AWS::ElastiCache::User', {
      UserName: 'workshop',
      AccessString: Match.stringLikeRegexp('^on ~\\* &\\* -@all .*-@dangerous'),
    });
    template.resourcePropertiesCountIs('AWS::ElastiCache::User', { Engine: engine }, 2);
    template.hasResourceProperties('AWS::ElastiCache::UserGroup', { Engine: engine });
  });

  test('the password is made by Secrets Manager, within ElastiCache’s limits, and stands nowhere', () => {
    const { template } = make(NODE);
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: {
        SecretStringTemplate: '{"username":"workshop"}',
        GenerateStringKey: 'password',
        PasswordLength: 40,
        ExcludePunctuation: true,
      },
    });
    template.allResourcesProperties('AWS::ElastiCache::User', {
      AuthenticationMode: {
        Type: 'password',
        Passwords: [
          { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: Match.anyValue() }, Match.anyValue()]] },
        ],
      },
      NoPasswordRequired: Match.absent(),
    });
  });

  test('their names are such as ElastiCache takes', () => {
    const { template } = make(NODE);
    const names = Object.values(template.findResources('AWS::ElastiCache::User')).map(
      ({ Properties }) => Properties['UserId'] as string,
    );
    for (const name of names) expect(name).toMatch(/^[a-z](?:-?[a-z0-9]){0,39}$/);
    expect(new Set(names).size).toBe(2);
  });
});

test.each([
  ['cache.nodeType', { nodeType: 'cache.t4g.micro' }],
  ['cache.nodeType', { nodeType: 't4g.2xlarge' }],
  ['cache.replicas', { replicas: 1 }],
  ['cache.shards', { shards: 2 }],
  ['cache.replicas', { mode: 'replicated' as const }],
])('used without the config, it fails by the property: %s %j', (name, wrong) => {
  const fails = () => make({ ...NODE, ...wrong });
  expect(fails).toThrow(InfraConfigError);
  expect(fails).toThrow(name);
});

function configOf(mode: CacheMode): CacheConfig {
  return readInfraConfig({ 'cache.mode': mode }).cache;
}

function make(config: CacheConfig): { readonly cache: Cache; readonly template: Template } {
  const stack = emptyStack();
  const network = new Network(stack, 'Network', { zones: 2, flowLogs: false });
  const cache = new Cache(stack, 'Cache', { network, ...config });
  return { cache, template: Template.fromStack(stack) };
}

/** Label, what stands behind the group's id, and whether it may be a replica. */
function resolved(cache: Cache): readonly unknown[] {
  return cache.members.map(({ label, cacheClusterId, mayBeReplica }) => {
    const suffix = cacheClusterId.replace(/^\$\{Token\[.*?\]\}/, '');
    return [label, suffix, mayBeReplica];
  });
}
