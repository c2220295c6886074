import { describe, expect, test } from 'vitest';
import { InfraConfigError, readInfraConfig } from '../../lib/config/config.ts';

describe('the profiles', () => {
  test('without a profile it is the workshop: the cheapest, and nothing is kept', () => {
    expect(readInfraConfig({})).toEqual({
      profile: 'workshop',
      stackName: 'CachingWorkshop',
      network: { zones: 2, flowLogs: true },
      database: {
        instanceType: 't4g.micro',
        storageGiB: 20,
        multiAz: false,
        readReplica: false,
        rotation: false,
        backupDays: 1,
        keepData: false,
      },
      cache: {
        engine: 'valkey',
        mode: 'node',
        nodeType: 't4g.micro',
        replicas: 0,
        shards: 1,
        snapshotDays: 0,
        maxGb: 1,
        maxEcpuPerSecond: 1_000,
      },
      web: { kind: 'server', instanceType: 't4g.micro', least: 1, most: 1 },
      access: { everyone: false },
    });
  });

  test('production survives the loss of a zone and keeps its data', () => {
    const { database, cache, web, network } = readInfraConfig({ profile: 'production' });
    expect(database).toMatchObject({ multiAz: true, rotation: true, keepData: true, backupDays: 7 });
    expect(cache).toMatchObject({ mode: 'replicated', replicas: 1, snapshotDays: 1 });
    expect(web).toMatchObject({ kind: 'fleet', least: 2, most: 4 });
    expect(network.flowLogs).toBe(true);
  });

  test('serverless has a serverless cache with small limits', () => {
    const { cache } = readInfraConfig({ profile: 'serverless' });
    expect(cache).toMatchObject({ mode: 'serverless', maxGb: 1, maxEcpuPerSecond: 1_000 });
  });

  test('the sizes follow the mode that is asked for', () => {
    expect(readInfraConfig({ 'cache.mode': 'cluster' }).cache).toMatchObject({ shards: 2, replicas: 1 });
    expect(readInfraConfig({ profile: 'production', 'cache.mode': 'node' }).cache.replicas).toBe(0);
    expect(readInfraConfig({ profile: 'production', 'web.kind': 'server' }).web).toMatchObject({
      least: 1,
      most: 1,
    });
  });
});

describe('the vocabulary', () => {
  test('values come as texts, as JSON, or as a group', () => {
    const expected = readInfraConfig({
      'cache.mode': 'cluster',
      'cache.shards': 3,
      'database.multiAz': true,
    });
    expect(expected.cache.shards).toBe(3);
    const texts = { 'cache.mode': 'cluster', 'cache.shards': '3', 'database.multiAz': 'true' };
    expect(readInfraConfig(texts)).toEqual(expected);
    const groups = { cache: { mode: 'cluster', shards: 3 }, database: '{"multiAz": true}' };
    expect(readInfraConfig(groups)).toEqual(expected);
  });

  test('visitors and everyone are short for those of access', () => {
    expect(readInfraConfig({ visitors: '203.0.113.7/32' }).access).toEqual({
      visitors: '203.0.113.7/32',
      everyone: false,
    });
    expect(readInfraConfig({ visitors: '0.0.0.0/0', everyone: 'true' }).access.everyone).toBe(true);
  });

  test('what is CDK’s own is passed over', () => {
    const context = { '@aws-cdk/core:checkSecretUsage': true, 'aws:cdk:enable-path-metadata': true };
    expect(readInfraConfig(context)).toEqual(readInfraConfig({}));
  });
});

/** Every line is one problem, and begins with the property's name. */
const WRONG: readonly (readonly [name: string, context: Record<string, unknown>, problem: RegExp])[] = [
  ['shards', { shards: 3 }, /is not a setting\. There are: profile, .*cache\.shards/],
  ['cache.shard', { cache: { shard: 3 } }, /is not a setting/],
  ['cache', { cache: 'cluster' }, /is a group of settings. Give one of them \(cache\.engine=…\)/],
  ['access.visitors', { visitors: '203.0.113.7/32', 'access.visitors': '203.0.113.8/32' }, /is given twice/],
  ['profile', { profile: 'prod' }, /must be one of workshop, production, serverless, not "prod"/],
  ['stackName', { stackName: '1st' }, /must be 1 to 64 letters/],
  ['stackName', { stackName: 'a--b' }, /single hyphens/],
  ['network.zones', { 'network.zones': '4' }, /must be 2 or 3, not 4/],
  ['network.flowLogs', { 'network.flowLogs': 'yes' }, /must be true or false, not "yes"/],
  [
    'database.instanceType',
    { 'database.instanceType': 'db.t4g.micro' },
    /must be without "db\.": t4g\.micro/,
  ],
  [
    'database.instanceType',
    { 'database.instanceType': 't4g.nano' },
    /a size that the family t4g has \(micro/,
  ],
  ['database.instanceType', { 'database.instanceType': 'z9.huge' }, /must be of one of the families t3, t4g/],
  ['database.storageGiB', { 'database.storageGiB': '10' }, /must be a whole number from 20 to 65536, not 10/],
  ['database.storageGiB', { 'database.storageGiB': 'much' }, /not "much"/],
  ['database.backupDays', { 'database.readReplica': true, 'database.backupDays': 0 }, /must be 1 or more/],
  [
    'database.readReplica',
    { profile: 'production', 'database.readReplica': 'true' },
    /must be false with database\.rotation/,
  ],
  ['cache.engine', { 'cache.engine': 'memcached' }, /must be one of valkey, redis/],
  ['cache.mode', { 'cache.mode': 'sharded' }, /must be one of node, replicated, cluster, serverless/],
  [
    'cache.nodeType',
    { 'cache.nodeType': 't4g.large' },
    /a size that the family t4g has \(micro, small, medium\)/,
  ],
  ['cache.nodeType', { 'cache.nodeType': 'cache.t4g.micro' }, /must be without "cache\."/],
  ['cache.nodeType', { profile: 'serverless', 'cache.nodeType': 't4g.micro' }, /must be left out/],
  [
    'cache.replicas',
    { 'cache.replicas': 1 },
    /must be 0 with cache\.mode=node: cache\.mode=replicated has them/,
  ],
  ['cache.replicas', { 'cache.mode': 'replicated', 'cache.replicas': 0 }, /so that one can take over/],
  ['cache.replicas', { 'cache.mode': 'replicated', 'cache.replicas': 6 }, /from 0 to 5/],
  ['cache.shards', { 'cache.shards': 2 }, /must be 1 with cache\.mode=node: .*cache\.mode=cluster/],
  ['cache.shards', { 'cache.mode': 'cluster', 'cache.shards': 0 }, /from 1 to 500, not 0/],
  ['cache.shards', { 'cache.mode': 'cluster', 'cache.shards': 501 }, /from 1 to 500/],
  ['cache.shards', { 'cache.mode': 'cluster', 'cache.shards': 100 }, /or fewer with cache\.replicas=1/],
  ['cache.maxGb', { 'cache.maxGb': 2 }, /must be left out with cache\.mode=node/],
  ['cache.maxEcpuPerSecond', { profile: 'serverless', 'cache.maxEcpuPerSecond': 10 }, /from 1000 to/],
  ['web.instanceType', { 'web.instanceType': 't3.micro' }, /must be of one of the families t4g, c6g/],
  ['web.least', { 'web.kind': 'fleet', 'web.least': 5 }, /must be web\.most, which is 4, or fewer/],
  ['web.most', { 'web.most': 2 }, /must be 1 with web\.kind=server/],
  ['web.certificateArn', { 'web.kind': 'fleet', 'web.certificateArn': 'mine' }, /must be the ARN/],
  [
    'web.certificateArn',
    { 'web.certificateArn': 'arn:aws:acm:eu-west-1:123456789012:certificate/1-2' },
    /must be left out with web\.kind=server/,
  ],
  ['access.visitors', { visitors: 'me' }, /must be an IPv4 range such as 203\.0\.113\.7\/32, not "me"/],
  ['access.visitors', { visitors: '203.0.113.7' }, /203\.0\.113\.7\/32 is this address alone/],
  ['access.visitors', { visitors: '203.0.113.7/33' }, /a number of bits from 0 to 32/],
  [
    'access.visitors',
    { visitors: '203.0.113.7/24' },
    /first address: 203\.0\.113\.0\/24, or 203\.0\.113\.7\/32/,
  ],
  ['access.visitors', { visitors: '10.0.0.0/8' }, /must be a range of \/16 or narrower/],
  ['access.visitors', { visitors: '2001:db8::1/128' }, /must be an IPv4 range: the network has no IPv6/],
  ['access.visitors', { visitors: '0.0.0.0/0' }, /lets in the whole internet; .*everyone=true/],
  ['access.everyone', { everyone: true }, /must be false, or go with visitors=0\.0\.0\.0\/0/],
  ['alarmEmail', { alarmEmail: 'me' }, /must be an e-mail address, not "me"/],
  ['budget.email', { 'budget.usd': 5 }, /must be an e-mail address/],
  ['budget.usd', { 'budget.email': 'me@example.com' }, /must be an amount in US dollars/],
  ['budget.usd', { 'budget.usd': 0, 'budget.email': 'me@example.com' }, /must be an amount/],
  ['destroyAfterHours', { destroyAfterHours: '0' }, /from 1 to 168, not 0/],
  [
    'destroyAfterHours',
    { profile: 'production', destroyAfterHours: 8 },
    /must be left out with database\.keepData/,
  ],
];

describe('what cannot work', () => {
  test.each(WRONG)('%s: %j', (name, context, problem) => {
    const error = errorOf(context);
    expect(error.properties).toEqual([name]);
    expect(error.message.startsWith(`${name} `)).toBe(true);
    expect(error.message).toMatch(problem);
  });

  test('all of it is told at once, a line each', () => {
    const error = errorOf({ foo: 1, 'cache.mode': 'x', visitors: 'me', 'network.zones': 1 });
    expect(error.properties.toSorted()).toEqual(['access.visitors', 'cache.mode', 'foo', 'network.zones']);
    expect(error.message.split('\n')).toHaveLength(4);
  });
});

function errorOf(context: Record<string, unknown>): InfraConfigError {
  try {
    readInfraConfig(context);
  } catch (error) {
    if (error instanceof InfraConfigError) return error;
    throw error;
  }
  throw new Error('it was taken');
}
