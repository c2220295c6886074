import { expect, test } from 'vitest';
import { stackChecks } from '../checks.ts';
import type { Subject } from '../checks/lab-check.ts';
import { placeOf } from '../template/physical.ts';
import { modelOf } from '../template/stack-model.ts';
import { textOf, valuesOf, type Template } from '../template/template.ts';
import { infraTemplate } from './infra-template.ts';

const visited = { visitors: '198.51.100.24/32', alarmEmail: 'ops@example.com' };
const place = placeOf('arn:aws:cloudformation:eu-west-1:111122223333:stack/CachingWorkshop/0d2c1e90');

type Context = Readonly<Record<string, string>>;

async function judged(context: Context, change: (template: Template) => void = () => {}): Promise<string[]> {
  const { visitors, alarmEmail } = context;
  const template = await infraTemplate(context);
  change(template);
  const subject: Subject = {
    ...modelOf(template, place),
    welcome: (cidr) => cidr === visitors,
    ...(visitors === undefined ? {} : { visitors }),
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
  };
  return stackChecks.map(({ id, judge }) => {
    try {
      judge(subject);
      return `${id}: passes`;
    } catch (error) {
      return `${id}: ${(error as Error).message}`;
    }
  });
}

const passes = stackChecks.map(({ id }) => `${id}: passes`);

/** What `pnpm infra:deploy` deploys is held to what this lab teaches. */
test.for<[string, Context]>([
  ['workshop', { profile: 'workshop' }],
  ['production', { profile: 'production' }],
  ['serverless', { profile: 'serverless' }],
  ['a cluster', { profile: 'workshop', 'cache.mode': 'cluster' }],
  ['a cluster of one shard', { profile: 'production', 'cache.mode': 'cluster', 'cache.shards': '1' }],
  ['Redis OSS with a replica', { profile: 'workshop', 'cache.mode': 'replicated', 'cache.engine': 'redis' }],
  [
    'a read replica of MySQL, and HTTPS',
    {
      profile: 'production',
      'database.readReplica': 'true',
      'database.rotation': 'false',
      'web.certificateArn':
        'arn:aws:acm:eu-west-1:111122223333:certificate/0d2c1e90-0000-11f0-8000-0a1b2c3d4e5f',
    },
  ],
  [
    'a budget, and an end',
    { profile: 'workshop', budget: '{"usd":25,"email":"ops@example.com"}', destroyAfterHours: '8' },
  ],
])('%s passes every check, with visitors and with none', async ([, context]) => {
  expect(await judged({ ...context, ...visited })).toEqual(passes);
  expect(await judged(context)).toEqual(passes);
});

type Change = (template: Template) => void;

/** Puts properties over those of the first resource of a type whose own say these words. */
const change =
  (type: string, words: string, put: (properties: Record<string, unknown>) => object): Change =>
  ({ Resources = {} }) => {
    const found = Object.values(Resources).find(
      ({ Type, Properties }) => Type === type && textOf(Properties).includes(words),
    );
    const properties = found?.Properties as Record<string, unknown>;
    Object.assign(properties, put(properties));
  };
const launch = (put: (data: Record<string, unknown>) => object): Change =>
  change('AWS::EC2::LaunchTemplate', '', ({ LaunchTemplateData }) => ({
    LaunchTemplateData: { ...valuesOf(LaunchTemplateData), ...put({ ...valuesOf(LaunchTemplateData) }) },
  }));
const ofBalancer = (put: object) => change('AWS::EC2::SecurityGroup', 'load balancer', () => put);

/** Servers behind a load balancer are judged as one server is. */
test.for<[string, string, Change]>([
  [
    'no rule lets 198.51.100.24/32 connect to port 80 of the load balancer',
    'reachable',
    ofBalancer({ SecurityGroupIngress: [] }),
  ],
  [
    'no rule lets the load balancer connect to port 8008',
    'reachable',
    change('AWS::EC2::SecurityGroupIngress', '8008', () => ({ FromPort: 8080, ToPort: 8080 })),
  ],
  [
    'no rule lets the load balancer connect to port 8008',
    'reachable',
    change('AWS::EC2::SecurityGroupEgress', '8008', () => ({ FromPort: 8080, ToPort: 8080 })),
  ],
  [
    'the load balancer is not internet-facing',
    'reachable',
    change('AWS::ElasticLoadBalancingV2::LoadBalancer', '', () => ({ Scheme: 'internal' })),
  ],
  [
    'the load balancer lets in 0.0.0.0/0 on tcp 80, expected 198.51.100.24/32 on tcp 80',
    'closed',
    ofBalancer({
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '0.0.0.0/0' }],
    }),
  ],
  [
    'the load balancer lets in 198.51.100.24/32 on tcp 80 to 443',
    'closed',
    ofBalancer({
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 443, CidrIp: visited.visitors }],
    }),
  ],
  [
    'the web server lets in 10.0.0.0/16 on tcp 8008',
    'closed',
    change('AWS::EC2::SecurityGroup', '"The web servers"', () => ({
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 8008, ToPort: 8008, CidrIp: '10.0.0.0/16' }],
    })),
  ],
  [
    'HttpTokens of the web server',
    'metadata',
    launch(() => ({ MetadataOptions: { HttpTokens: 'optional' } })),
  ],
  [
    '1 of 1 volume of the web server not encrypted',
    'at-rest',
    launch(() => ({ BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8 } }] })),
  ],
  [
    "none allows GetSecretValue on the database's secret",
    'permitted',
    launch(() => ({ IamInstanceProfile: {} })),
  ],
  [
    'the output webserverurl is',
    'outputs',
    ({ Outputs }) => void Object.assign(Outputs!['webserverurl']!, { Value: 'http://localhost' }),
  ],
])('%s (%s)', async ([says, id, changed]) => {
  const verdicts = await judged({ profile: 'production', ...visited }, changed);
  const first = verdicts.find((verdict) => !verdict.endsWith(': passes'));
  expect(first).toContain(`${id}: `);
  expect(first).toContain(says);
});

test('the worst of many nodes has the threshold of one', async () => {
  const failed = await judged(
    { profile: 'workshop', 'cache.mode': 'cluster' },
    change('AWS::CloudWatch::Alarm', '"CPUUtilization"', () => ({ Threshold: 90 })),
  );
  expect(failed).toContainEqual(expect.stringMatching(/^alarms: .* fires above 90, expected 25 to 47.5/));
});
