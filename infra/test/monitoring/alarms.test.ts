import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { alarmsOf, textOf, type SeenAlarm } from './alarms-of.ts';
import { cases } from './cases.ts';
import { isKnown } from './known-metrics.ts';
import { siteOf } from './site.ts';

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe.each(Object.entries(cases))('%s', (_, { context, cache, database, web }) => {
  const site = siteOf(context);
  const alarms = alarmsOf(site);
  const { template } = site;

  it('has these alarms, and no other', () => {
    const expected = [...cache, ...database, ...web];
    expect(alarms.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
    template.resourceCountIs('AWS::CloudWatch::Alarm', expected.length);
  });

  it('looks only at metrics that AWS reports, under their own dimensions', () => {
    for (const { id, metrics } of alarms) {
      expect(metrics, id).not.toEqual([]);
      for (const { namespace, name, dimensions } of metrics) {
        expect(isKnown(namespace, name, Object.keys(dimensions)), `${id}: ${namespace} ${name}`).toBe(true);
      }
    }
  });

  it('watches every member of the cache under its own name', () => {
    const { members, serverlessName } = site.cache;
    const dimensions = members.map(({ cacheClusterId }) => ({
      CacheClusterId: textOf(site.stack.resolve(cacheClusterId)),
    }));
    const expected =
      serverlessName === undefined ? dimensions : [{ clusterId: textOf(site.stack.resolve(serverlessName)) }];
    const ofCache = alarms.filter(({ id }) => cache.includes(id));
    expect(ofCache).toHaveLength(cache.length);
    for (const { id, metrics } of ofCache) {
      for (const name of new Set(metrics.map((metric) => metric.name))) {
        const seen = metrics.filter((metric) => metric.name === name).map((metric) => metric.dimensions);
        expect(seen, `${id}: ${name}`).toEqual(expected);
      }
    }
  });

  it('watches the database, the replica and the servers by their own names', () => {
    const { instance, replica } = site.database;
    const ids = (name: string, dimension: string) =>
      alarms.find(({ id }) => id === name)?.metrics.map(({ dimensions }) => dimensions[dimension]);
    const nameOf = (value: string) => textOf(site.stack.resolve(value));
    for (const name of database.filter((id) => id !== 'DatabaseReplicaLag')) {
      expect(new Set(ids(name, 'DBInstanceIdentifier')), name).toEqual(
        new Set([nameOf(instance.instanceIdentifier)]),
      );
    }
    if (replica)
      expect(ids('DatabaseReplicaLag', 'DBInstanceIdentifier')).toEqual([nameOf(replica.instanceIdentifier)]);
    if (site.web.instance)
      expect(ids('WebStatus', 'InstanceId')).toEqual([nameOf(site.web.instance.instanceId)]);
    if (site.web.target) {
      for (const name of ['WebErrors', 'WebUnhealthy']) {
        expect(ids(name, 'TargetGroup'), name).toEqual([nameOf(site.web.target.targetGroupFullName)]);
      }
    }
    if (site.web.balancer) {
      for (const name of web) {
        expect(ids(name, 'LoadBalancer'), name).toEqual([nameOf(site.web.balancer.loadBalancerFullName)]);
      }
    }
  });

  it('tells the topic, and says in the mail where to read on', () => {
    const topic = site.stack.resolve(site.monitoring.topic.topicArn);
    for (const { id, properties } of alarms) {
      expect(properties.AlarmActions, id).toEqual([topic]);
      expect(properties.AlarmDescription, id).toContain(`docs/alarms.md, ${id}.`);
    }
    const sayWhenOver = alarms.filter(({ properties }) => properties.OKActions).map(({ id }) => id);
    expect(sayWhenOver).toEqual(web.filter((id) => id === 'WebStatus' || id === 'WebUnhealthy'));
  });

  it('fires within a quarter of an hour, on as many points as it looks at', () => {
    for (const { id, metrics, properties } of alarms) {
      const [{ seconds } = { seconds: Number.NaN }] = metrics;
      expect(seconds % 60, id).toBe(0);
      expect(seconds * properties.EvaluationPeriods, id).toBeLessThanOrEqual(900);
      expect(properties.DatapointsToAlarm, id).toBe(properties.EvaluationPeriods);
    }
  });
});

describe('the thresholds', () => {
  const limits = (context: Record<string, string>) =>
    Object.fromEntries(alarmsOf(siteOf(context)).map(({ id, properties }) => [id, properties.Threshold]));

  it('on CPU: 90 % of the engine on four vCPUs and more, 90 divided by the vCPUs on fewer', () => {
    expect(limits({})['CacheCpu']).toBe(45);
    expect(named(alarmsOf(siteOf({})), 'CacheCpu').metrics[0]?.name).toBe('CPUUtilization');
    const large = siteOf({ 'cache.nodeType': 'm7g.xlarge' });
    expect(named(alarmsOf(large), 'CacheCpu').properties.Threshold).toBe(90);
    expect(named(alarmsOf(large), 'CacheCpu').metrics[0]?.name).toBe('EngineCPUUtilization');
  });

  it('of a serverless cache are shares of its limits', () => {
    const serverless = limits({
      profile: 'serverless',
      'cache.maxGb': '5',
      'cache.maxEcpuPerSecond': '2000',
    });
    expect(serverless['CacheStorage']).toBe(4e9);
    expect(serverless['CacheEcpu']).toBe(96_000);
  });

  it('of the database follow from its class and disk', () => {
    expect(limits({})).toMatchObject({
      DatabaseMemory: Math.round(0.05 * 1024 ** 3),
      DatabaseStorage: 2 * 1024 ** 3,
      DatabaseConnections: 51,
    });
    expect(limits({ 'database.instanceType': 'm7g.xlarge', 'database.storageGiB': '50' })).toMatchObject({
      DatabaseLoad: 4,
      DatabaseMemory: Math.round(0.05 * 16 * 1024 ** 3),
      DatabaseStorage: 5 * 1024 ** 3,
    });
  });

  it('on disk credits are only for the classes that have them', () => {
    expect(limits({ 'database.instanceType': 'm7g.2xlarge' })).toHaveProperty('DatabaseDiskCredits');
    expect(limits({ 'database.instanceType': 'm7g.4xlarge' })).not.toHaveProperty('DatabaseDiskCredits');
  });
});

describe('the formulas', () => {
  const oneNode = alarmsOf(siteOf({}));

  it('take a silent node for a busy one', () => {
    const twoNodes = alarmsOf(siteOf({ 'cache.mode': 'replicated' }));
    expect(named(twoNodes, 'CacheCpu').expressions).toEqual(['MAX([FILL(cpu0, 100), FILL(cpu1, 100)])']);
    for (const id of ['CacheCpu', 'DatabaseCpu', 'WebStatus']) {
      expect(named(oneNode, id).properties.TreatMissingData, id).toBe('breaching');
    }
  });

  it('pass over a low hit rate of few look-ups', () => {
    expect(named(oneNode, 'CacheHitRate').expressions).toEqual(['IF(missed0 >= 20, rate0, 100)']);
  });

  it('pass over CPU credits that are few because the machine is new', () => {
    expect(named(oneNode, 'CacheCredits').expressions).toEqual(['IF(spent0 > 1, left0 / 2.88, 100)']);
    const small = alarmsOf(siteOf({ 'cache.nodeType': 't4g.small' }));
    expect(named(small, 'CacheCredits').expressions).toEqual(['IF(spent0 > 2, left0 / 5.76, 100)']);
  });

  it('take a replica that no longer replicates for one that is behind', () => {
    const alarms = alarmsOf(siteOf({ 'database.readReplica': 'true' }));
    expect(named(alarms, 'DatabaseReplicaLag').expressions).toEqual(['IF(lag0 < 0, 3600, lag0)']);
  });

  it('ask Redis OSS for the latency that it reports', () => {
    expect(named(oneNode, 'CacheReadLatency').metrics[0]?.name).toBe('SuccessfulReadRequestLatency');
    const redis = alarmsOf(siteOf({ 'cache.engine': 'redis' }));
    expect(named(redis, 'CacheReadLatency').metrics[0]?.name).toBe('GetTypeCmdsLatency');
  });
});

describe('a large cluster', () => {
  const site = siteOf({
    'cache.mode': 'cluster',
    'cache.shards': '20',
    'cache.replicas': '1',
    'cache.nodeType': 'm7g.large',
  });
  const alarms = alarmsOf(site);

  it('has alarms of ten metrics at most, which together watch each of its 40 nodes once', () => {
    for (const { id, metrics } of alarms) expect(metrics.length, id).toBeLessThanOrEqual(10);
    const cpu = alarms.filter(({ id }) => /^CacheCpu\d*$/.test(id));
    expect(cpu.map(({ id }) => id)).toEqual(['CacheCpu', 'CacheCpu2', 'CacheCpu3', 'CacheCpu4']);
    const watched = cpu.flatMap(({ metrics }) =>
      metrics.map(({ dimensions }) => dimensions['CacheClusterId']),
    );
    expect(watched).toHaveLength(40);
    expect(new Set(watched).size).toBe(40);
    expect(watched[0]).toContain('-0001-001');
    expect(watched[39]).toContain('-0020-002');
  });

  it('leaves room in the stack', () => {
    const hitRates = alarms.filter(({ id }) => /^CacheHitRate\d*$/.test(id));
    expect(hitRates).toHaveLength(8);
    expect(Object.keys(site.template.toJSON()['Resources'] as object).length).toBeLessThan(200);
  });
});

describe('what it costs', () => {
  // An alarm is paid for by the metrics it looks at; docs/alarms.md and docs/cost.md have these numbers.
  it.each([
    ['workshop', 18, 23],
    ['production', 19, 30],
    ['serverless', 17, 21],
  ])('%s: %i alarms on %i metrics', (profile, alarmCount, metricCount) => {
    const alarms = alarmsOf(siteOf({ profile }));
    expect(alarms).toHaveLength(alarmCount);
    expect(sum(alarms.map(({ metrics }) => metrics.length))).toBe(metricCount);
  });
});

describe('the topic', () => {
  it('takes TLS only, and the alarms of this account', () => {
    const { template } = siteOf();
    template.resourceCountIs('AWS::SNS::Topic', 1);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ],
      },
    });
  });

  it('sends mails to whom the configuration names, and to nobody else', () => {
    siteOf().template.resourceCountIs('AWS::SNS::Subscription', 0);
    const { template } = siteOf({ alarmEmail: 'ops@example.com' });
    template.resourceCountIs('AWS::SNS::Subscription', 1);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
  });
});

function named(alarms: readonly SeenAlarm[], id: string): SeenAlarm {
  const alarm = alarms.find((candidate) => candidate.id === id);
  if (!alarm) throw new Error(`there is no alarm ${id}`);
  return alarm;
}
