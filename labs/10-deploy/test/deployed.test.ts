import { beforeEach, describe, expect, test, vi } from 'vitest';
import { open as openHarness } from '../harness.ts';
import { StackError } from '../deployed/stack-error.ts';
import { verifyDeployed } from '../deployed/verify-deployed.ts';
import type { Template } from '../template/template.ts';
import { accountOf, type FakeAccount } from './fake-account.ts';
import { findings, serverless, sharded, solution, withReplica } from './changed-by-hand.ts';
import { useFakeAws } from './use-fake-aws.ts';
import type { FakeError } from './wire.ts';

const aws = await useFakeAws();
const templates = new Map<string, Template>();

async function template(file: string, props: { visitors?: string } = {}): Promise<Template> {
  const key = `${file} ${props.visitors}`;
  const done = templates.get(key);
  if (done) return done;
  const stack = await openHarness(new URL(`../${file}`, import.meta.url).href);
  const made = (await stack.synth(props)).template;
  templates.set(key, made);
  return made;
}

/** Deploys a stack into an account of its own, and does what somebody does by hand. */
async function deploy(
  file: string,
  byHand: (account: FakeAccount) => unknown = () => {},
  props: { visitors?: string } = {},
): Promise<void> {
  const account = accountOf('Workshop', await template(file, props));
  byHand(account);
  aws.accounts.set('Workshop', account);
}

describe('a stack that is there', () => {
  test.for([
    [solution, 'MySQL 8.4', 'on 1 node'],
    [withReplica, '8.4.7', 'on 2 nodes'],
    [sharded, 'valkey', 'nodes'],
    [serverless, 'valkey 8', 'available'],
  ])('%s passes', async ([file = '', ...says]) => {
    await deploy(file, undefined, { visitors: '198.51.100.24/32' });
    const verdict = await verifyDeployed('Workshop');
    expect(verdict.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict).toMatchObject({ lab: '10', passed: true, transcript: [] });
    expect(verdict.checks).toHaveLength(20);
    const running = verdict.checks.find(({ id }) => id === 'running');
    for (const words of says) expect(running?.observed.toLowerCase()).toContain(words.toLowerCase());
  });

  test('is asked about by requests that change nothing, each service for what it has', async () => {
    await deploy(solution);
    await verifyDeployed('Workshop');
    const about = [...new Set(aws.requests)].toSorted();
    expect(about).toEqual([
      'DescribeCacheClusters',
      'DescribeDBInstances',
      'DescribeDBParameters',
      'DescribeReplicationGroups',
      'DescribeStacks',
      'GetTemplate',
      'ListStackResources',
    ]);
  });
});

describe('what is not as it should be', () => {
  test.for(findings)('%s (%s)', async ([, file, byHand, id, says]) => {
    await deploy(file, byHand);
    const { passed, checks } = await verifyDeployed('Workshop');
    const first = checks.find((check) => !check.passed);
    expect(passed).toBe(false);
    expect(first?.observed).toContain(says);
    expect(first?.id).toBe(id);
    expect(first?.expected).not.toBe('');
    expect(first?.hint).not.toBe('');
  });

  test('a site that is open to everybody', async () => {
    await deploy(solution, undefined, { visitors: '0.0.0.0/0' });
    const { checks } = await verifyDeployed('Workshop');
    const first = checks.find(({ passed }) => !passed);
    expect(first?.observed).toContain('the web server lets in 0.0.0.0/0 on tcp 8008');
  });

  test('parameters that wait for a restart', async () => {
    await deploy(solution, ({ instances: [database] }) => {
      const [group] = database!['DBParameterGroups'] as object[];
      Object.assign(group!, { ParameterApplyStatus: 'pending-reboot' });
    });
    const { checks } = await verifyDeployed('Workshop');
    const first = checks.find(({ passed }) => !passed);
    expect(first?.id).toBe('runs-in-transit');
    expect(first?.observed).toContain('is pending-reboot, expected in-sync');
    expect(first?.observed).toContain('require_secure_transport, is not in force yet');
    expect(first?.hint).toContain('aws rds reboot-db-instance --db-instance-identifier workshop-database');
  });

  test('says how many of how many properties differ', async () => {
    await deploy(solution, ({ instances: [database], groups: [cache] }) => {
      Object.assign(database!, { AllocatedStorage: 50, MultiAZ: true });
      Object.assign(cache!, { CacheNodeType: 'cache.m7g.large' });
    });
    const { checks } = await verifyDeployed('Workshop');
    const drift = checks.find(({ id }) => id === 'as-written');
    expect(drift?.observed).toMatch(/^2 of \d\d properties not as written: AllocatedStorage/);
    expect(drift?.mistake).toBe('changed-by-hand');
  });

  test('newer versions of the same line, a backup under way and a disk that grew are not among it', async () => {
    await deploy(solution, ({ instances: [database], nodes: [node] }) => {
      Object.assign(database!, { EngineVersion: '8.4.12', DBInstanceStatus: 'backing-up' });
      Object.assign(node!, { EngineVersion: '8.2.1' });
    });
    expect(await verifyDeployed('Workshop')).toMatchObject({ passed: true });
  });
});

describe('a stack that cannot be looked at', () => {
  async function messageOf(name = 'Workshop'): Promise<string> {
    const error: unknown = await verifyDeployed(name).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StackError);
    return (error as StackError).message;
  }

  beforeEach(async () => await deploy(solution));

  test('no such stack', async () => {
    expect(await messageOf('Nowhere')).toContain('There is no stack Nowhere in eu-west-1.');
  });

  test('no region', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    expect(await messageOf()).toContain('No AWS region is set.');
    expect(aws.requests).toEqual([]);
  });

  test('no credentials', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    expect(await messageOf()).toContain('No AWS credentials were found');
    expect(aws.requests).toEqual([]);
  });

  test.for(['', '_CLOUDFORMATION', '_RDS', '_ELASTICACHE'])(
    'nobody answers at AWS_ENDPOINT_URL%s',
    async (suffix) => {
      vi.stubEnv(`AWS_ENDPOINT_URL${suffix}`, 'http://127.0.0.1:1');
      const service = { _RDS: 'RDS', _ELASTICACHE: 'ElastiCache' }[suffix] ?? 'CloudFormation';
      expect(await messageOf()).toContain(`${service} in eu-west-1 could not be reached (ECONNREFUSED)`);
    },
  );

  test('a template that CDK did not write', async () => {
    await deploy(solution, (account) =>
      Object.assign(account, { template: 'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n' }),
    );
    expect(await messageOf()).toContain('was not deployed by CDK');
  });

  const denied = {
    status: 403,
    code: 'AccessDenied',
    message: 'User: arn:aws:iam::111122223333:user/a is not authorized',
  };

  test.for([
    ['DescribeStacks', 'cloudformation:DescribeStacks'],
    ['GetTemplate', 'cloudformation:GetTemplate'],
    ['ListStackResources', 'cloudformation:ListStackResources'],
    ['DescribeDBInstances', 'rds:DescribeDBInstances'],
    ['DescribeDBParameters', 'rds:DescribeDBParameters'],
    ['DescribeReplicationGroups', 'elasticache:DescribeReplicationGroups'],
    ['DescribeCacheClusters', 'elasticache:DescribeCacheClusters'],
  ])('%s denied', async ([action, permission]) => {
    aws.refuse(denied, action);
    expect(await messageOf()).toContain(`They need ${permission};`);
  });

  test.for<[FakeError, string, string]>([
    [
      { status: 403, code: 'ExpiredToken', message: 'The security token is expired' },
      'DescribeDBInstances',
      'have expired',
    ],
    [
      { status: 403, code: 'InvalidClientTokenId', message: 'The token is invalid' },
      'DescribeStacks',
      'does not accept these credentials',
    ],
    [
      { status: 400, code: 'ValidationError', message: '1 validation error detected' },
      'DescribeStacks',
      'does not take Workshop for a name',
    ],
    [
      { status: 400, code: 'Throttling', message: 'Rate exceeded' },
      'DescribeDBParameters',
      'RDS takes no more requests for now',
    ],
    [
      { status: 400, code: 'Throttling', message: 'Rate exceeded' },
      'DescribeReplicationGroups',
      'ElastiCache takes no more requests for now',
    ],
    [
      { status: 400, code: 'Strange', message: 'Never seen' },
      'DescribeCacheClusters',
      'ElastiCache did not answer DescribeCacheClusters as expected (Strange: Never seen)',
    ],
  ])('%o', async ([error, action, said]) => {
    aws.refuse(error, action);
    expect(await messageOf()).toContain(said);
  });
});
