import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { open as openHarness } from '../harness.ts';
import { StackError } from '../deployed/stack-error.ts';
import { verifyDeployed } from '../deployed/verify-deployed.ts';
import { fakeCloudFormation, type FakeCloudFormation, type FakeError } from './fake-cloudformation.ts';

const outputs = {
  secretname: 'workshop',
  mysqlendpoint: 'workshop.c1.eu-west-1.rds.amazonaws.com',
  redisendpoint: 'master.workshop.a1.euw1.cache.amazonaws.com',
  webserverpublicip: '203.0.113.80',
};
let cloudFormation: FakeCloudFormation;

async function templateOf(file: string, props: { visitors?: string }): Promise<string> {
  const stack = await openHarness(new URL(file, import.meta.url).href);
  return JSON.stringify((await stack.synth(props)).template);
}

beforeAll(async () => {
  const template = await templateOf('../solution/workshop-stack.ts', { visitors: '198.51.100.24/32' });
  const open = await templateOf('../solution/workshop-stack.ts', { visitors: '0.0.0.0/0' });
  const starter = await templateOf('../starter/workshop-stack.ts', {});
  cloudFormation = await fakeCloudFormation([
    { name: 'Workshop', template, outputs },
    { name: 'Open', template: open, outputs },
    { name: 'Half', template, outputs: { ...outputs, redisendpoint: '' } },
    { name: 'Starter', template: starter, status: 'UPDATE_COMPLETE' },
    { name: 'Rolled', template, outputs, status: 'UPDATE_ROLLBACK_COMPLETE' },
    { name: 'Busy', template, outputs, status: 'CREATE_IN_PROGRESS' },
    { name: 'Yaml', template: 'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n' },
  ]);
});

afterAll(async () => await cloudFormation.close());

beforeEach(() => {
  // Nothing of this machine's own: no profile, no keys of an instance.
  for (const name of ['AWS_PROFILE', 'AWS_DEFAULT_REGION', 'AWS_SESSION_TOKEN']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY');
  vi.stubEnv('AWS_ENDPOINT_URL', cloudFormation.url);
  cloudFormation.refuse(undefined);
  cloudFormation.requests.length = 0;
  return () => vi.unstubAllEnvs();
});

describe('a stack that is there', () => {
  test('passes, by two requests that change nothing', async () => {
    const verdict = await verifyDeployed('Workshop');
    expect(verdict.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict).toMatchObject({ lab: '10', passed: true, transcript: [] });
    expect(verdict.checks).toHaveLength(15);
    expect(cloudFormation.requests).toEqual(['DescribeStacks', 'GetTemplate']);
  });

  test.for([
    ['Starter', 'reachable', 'no rule lets the web server connect to port 3306'],
    ['Open', 'closed', 'the web server lets in 0.0.0.0/0 on tcp 8008'],
    ['Half', 'filled', '1 of 4 outputs without a value: redisendpoint'],
    ['Rolled', 'deployed', 'its status is UPDATE_ROLLBACK_COMPLETE'],
    ['Busy', 'deployed', 'its status is CREATE_IN_PROGRESS: it is not finished'],
  ] as const)('%s fails at %s', async ([name, id, observed]) => {
    const { passed, checks } = await verifyDeployed(name);
    const first = checks.find((check) => !check.passed);
    expect(passed).toBe(false);
    expect(first?.id).toBe(id);
    expect(first?.observed).toContain(observed);
  });
});

describe('a stack that cannot be looked at', () => {
  async function messageOf(name = 'Workshop'): Promise<string> {
    const error: unknown = await verifyDeployed(name).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StackError);
    return (error as StackError).message;
  }

  test('no such stack', async () => {
    expect(await messageOf('Nowhere')).toContain('There is no stack Nowhere in eu-west-1.');
  });

  test('no region', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    expect(await messageOf()).toContain('No AWS region is set.');
    expect(cloudFormation.requests).toEqual([]);
  });

  test('no credentials', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    expect(await messageOf()).toContain('No AWS credentials were found');
    expect(cloudFormation.requests).toEqual([]);
  });

  test('nobody answers', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    expect(await messageOf()).toContain('CloudFormation in eu-west-1 could not be reached (ECONNREFUSED)');
  });

  test('a template that CDK did not write', async () => {
    expect(await messageOf('Yaml')).toContain('was not deployed by CDK');
  });

  test.for<[FakeError, string]>([
    [
      {
        status: 403,
        code: 'AccessDenied',
        message: 'User: arn:aws:iam::111122223333:user/a is not authorized',
      },
      'They need cloudformation:DescribeStacks and cloudformation:GetTemplate',
    ],
    [{ status: 403, code: 'ExpiredToken', message: 'The security token is expired' }, 'have expired'],
    [
      { status: 403, code: 'InvalidClientTokenId', message: 'The token is invalid' },
      'does not accept these credentials',
    ],
    [
      { status: 400, code: 'ValidationError', message: '1 validation error detected' },
      'does not take Workshop for a name',
    ],
    [
      { status: 400, code: 'Strange', message: 'Never seen' },
      'did not answer as expected (Strange: Never seen)',
    ],
  ])('%o', async ([error, said]) => {
    cloudFormation.refuse(error);
    expect(await messageOf()).toContain(said);
  });
});
