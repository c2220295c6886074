import * as fc from 'fast-check';
import type { CacheMode } from '../../lib/config/config.ts';

export type Context = Readonly<Record<string, unknown>>;

const MODES: readonly CacheMode[] = ['node', 'replicated', 'cluster', 'serverless'];
const flag = fc.boolean();
const whole = (min: number, max: number) => fc.integer({ min, max });
const size = fc.constantFrom('large', 'xlarge', '2xlarge', '16xlarge');
const family = fc.constantFrom('m6g', 'm7g', 'r6g', 'r7g');
const machine = fc.oneof(
  fc.tuple(fc.constantFrom('t3', 't4g'), fc.constantFrom('micro', 'small', 'medium')),
  fc.tuple(family, size),
);
const named = ([first, second]: readonly [string, string]) => `${first}.${second}`;
const type = machine.map(named);
const serverType = fc
  .tuple(fc.constantFrom('t4g', 'm7g', 'c7g'), fc.constantFrom('large', 'xlarge', '2xlarge'))
  .map(named);

const stackName = fc.stringMatching(/^[A-Za-z](?:-?[A-Za-z0-9]){0,20}$/);

const database = fc
  .record(
    {
      'database.instanceType': type,
      'database.storageGiB': whole(20, 65_536),
      'database.multiAz': flag,
      'database.backupDays': whole(0, 35),
      'database.keepData': flag,
    },
    { requiredKeys: [] },
  )
  .chain((given) =>
    fc
      .constantFrom(
        {},
        { 'database.rotation': true, 'database.readReplica': false },
        { 'database.rotation': false, 'database.readReplica': true, 'database.backupDays': 1 },
      )
      .map((choice) => ({ ...given, ...choice })),
  );

const cache = fc.constantFrom(...MODES).chain((mode) => {
  const common = { 'cache.engine': fc.constantFrom('valkey', 'redis'), 'cache.snapshotDays': whole(0, 35) };
  const node = { 'cache.nodeType': type };
  const own: Readonly<Record<CacheMode, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
    node,
    replicated: { ...node, 'cache.replicas': whole(1, 5) },
    cluster: { ...node, 'cache.replicas': whole(0, 3), 'cache.shards': whole(1, 5) },
    serverless: { 'cache.maxGb': whole(1, 5_000), 'cache.maxEcpuPerSecond': whole(1_000, 15_000_000) },
  };
  return fc
    .record({ ...common, ...own[mode] }, { requiredKeys: [] })
    .map((given) => ({ ...given, 'cache.mode': mode as string }));
});

const web = fc.oneof(
  fc.constant({}),
  fc.record({ 'web.kind': fc.constant('server'), 'web.instanceType': serverType }),
  fc
    .record({ least: whole(1, 20), more: whole(0, 19), certified: flag, 'web.instanceType': serverType })
    .map(({ least, more, certified, ...given }) => ({
      ...given,
      'web.kind': 'fleet',
      'web.least': least,
      'web.most': Math.min(20, least + more),
      ...(certified && { 'web.certificateArn': 'arn:aws:acm:eu-west-1:123456789012:certificate/a-1' }),
    })),
);

const access = fc.oneof(
  fc.constant({}),
  fc.constant({ visitors: '0.0.0.0/0', everyone: true }),
  fc.ipV4().map((address) => ({ visitors: `${address}/32` })),
);

const others = fc.record(
  {
    stackName,
    'network.zones': fc.constantFrom(2, 3),
    'network.flowLogs': flag,
    alarmEmail: fc.constant('alarms@example.com'),
    budget: fc.record({ usd: whole(1, 1_000), email: fc.constant('budget@example.com') }),
  },
  { requiredKeys: [] },
);

/** Contexts that can be deployed, from everywhere in the space of settings; some values as texts, as a command line gives them. */
export const validContext: fc.Arbitrary<Context> = fc
  .record({
    profile: fc.constantFrom('workshop', 'production', 'serverless'),
    parts: fc.tuple(database, cache, web, access, others),
    destroyAfterHours: fc.option(whole(1, 168), { nil: undefined }),
    asText: flag,
  })
  .map(({ profile, parts, destroyAfterHours, asText }) => {
    const given: Record<string, unknown> = Object.assign({ profile }, ...parts);
    const keeps = given['database.keepData'] ?? profile === 'production';
    if (!keeps && destroyAfterHours !== undefined) given['destroyAfterHours'] = destroyAfterHours;
    const rotates = given['database.rotation'] ?? profile === 'production';
    if (rotates) delete given['database.readReplica'];
    return asText ? inText(given) : given;
  });

function inText(context: Context): Context {
  return Object.fromEntries(
    Object.entries(context).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

const nonsense = fc.oneof(
  fc.constantFrom('', 'nonsense', '-1', '1.5', 'TRUE', null),
  fc.constantFrom([], [1], Number.NaN),
);

/** One setting that cannot work, whatever stands beside it: its name as the error has it, and how it is written. */
export const invalidSetting: fc.Arbitrary<{ readonly name: string; readonly given: Context }> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        'profile',
        'stackName',
        'network.zones',
        'network.flowLogs',
        'database.instanceType',
        'database.storageGiB',
        'database.multiAz',
        'database.readReplica',
        'database.rotation',
        'database.backupDays',
        'database.keepData',
        'cache.engine',
        'cache.mode',
        'cache.nodeType',
        'cache.replicas',
        'cache.shards',
        'cache.snapshotDays',
        'cache.maxGb',
        'cache.maxEcpuPerSecond',
        'web.kind',
        'web.instanceType',
        'web.least',
        'web.most',
        'web.certificateArn',
        'access.visitors',
        'access.everyone',
        'alarmEmail',
        'destroyAfterHours',
      ),
      nonsense,
    )
    // A word is a name.
    .filter(
      ([name, value]) =>
        !(name === 'stackName' && value === 'nonsense') && !(name === 'stackName' && value === 'TRUE'),
    )
    .map(([name, value]) => ({ name, given: { [name]: value } })),
  fc
    .constantFrom('cache.shard', 'replicas', 'visitor', 'database.size', 'web.certificate')
    .map((name) => ({ name, given: { [name]: '1' } })),
  fc.constantFrom<{ name: string; given: Context }>(
    { name: 'budget.email', given: { budget: { usd: 5 } } },
    { name: 'budget.usd', given: { budget: { email: 'me@example.com' } } },
    { name: 'database.instanceType', given: { 'database.instanceType': 'db.m7g.large' } },
    { name: 'cache.nodeType', given: { 'cache.nodeType': 't4g.16xlarge' } },
    { name: 'web.instanceType', given: { 'web.instanceType': 'm5.large' } },
    { name: 'access.visitors', given: { visitors: '10.0.0.0/8', everyone: false } },
  ),
);
