import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cdk } from '../../commands/cdk.ts';
import { deploy } from '../../commands/deploy.ts';
import { synthesise, type Settings } from '../../commands/synthesise.ts';
import { ACCOUNT, FakeError, REGION, useFakeAws, type FakeAws } from './fake-aws.ts';
import { fakeIo } from './fake-io.ts';
import { STACK_ID } from './fake-stack.ts';
import { standIn } from './make-once.ts';

const stackName = 'CachingWorkshop';

/** An account in which CDK is bootstrapped, and CloudFormation makes a stack as soon as it is asked to. */
async function account(): Promise<FakeAws> {
  const aws = await useFakeAws();
  aws.on('sts:GetCallerIdentity', () => ({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/someone` }));
  aws.on('sts:AssumeRole', () => ({
    Credentials: {
      AccessKeyId: 'AKIDEXAMPLE',
      SecretAccessKey: 'not-a-real-key',
      SessionToken: 'none',
      Expiration: '2036-01-01T00:00:00Z',
    },
  }));
  aws.on('ssm:GetParameter', () => ({ Parameter: { Value: '27' } }));
  aws.on('s3:GetBucketLocation', () => REGION);
  aws.on('s3:GetBucketEncryption', () => ({
    Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
  }));
  aws.on('s3:ListObjectsV2', () => ({ KeyCount: 0 }));
  aws.on('s3:PutObject', () => ({}));

  let status: string | undefined;
  const change = {
    ChangeSetId: 'change-1',
    ChangeSetName: 'change',
    StackId: STACK_ID,
    StackName: stackName,
  };
  aws.on('cloudformation:DescribeStacks', ({ StackName }) => {
    if (status === undefined || StackName === 'CDKToolkit') {
      throw new FakeError('ValidationError', `Stack with id ${String(StackName)} does not exist`);
    }
    const CreationTime = '2026-11-01T12:00:00Z';
    return {
      Stacks: { member: [{ StackId: STACK_ID, StackName: stackName, StackStatus: status, CreationTime }] },
    };
  });
  aws.on('cloudformation:CreateChangeSet', () => {
    status = 'REVIEW_IN_PROGRESS';
    return { Id: change.ChangeSetId, StackId: STACK_ID };
  });
  aws.on('cloudformation:DescribeChangeSet', () => ({
    ...change,
    Status: 'CREATE_COMPLETE',
    ExecutionStatus: 'AVAILABLE',
    Changes: { member: [{ Type: 'Resource', ResourceChange: { Action: 'Add', LogicalResourceId: 'X' } }] },
  }));
  aws.on('cloudformation:ExecuteChangeSet', () => {
    status = 'CREATE_COMPLETE';
    return {};
  });
  aws.on('cloudformation:DescribeStackEvents', () => ({ StackEvents: { member: [] } }));
  aws.on('cloudformation:GetTemplate', () => ({ TemplateBody: '{}' }));
  return aws;
}

test("CDK's own command line uploads what was priced, and deploys it with the time of its end", async () => {
  const aws = await account();
  const folder = await mkdtemp(join(tmpdir(), 'infra-deploy-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const io = fakeIo();
  const bundle = await standIn(folder);
  const tools = {
    make: (settings: Settings) =>
      synthesise(settings, { folder: join(folder, 'cdk.out'), validates: false, bundle }),
    runCdk: (args: readonly string[], region: string) => cdk(args, region, 'ignore'),
  };
  expect(await deploy({ settings: { destroyAfterHours: '8' }, yes: true }, io, tools)).toBe(0);

  const asked = (action: string) =>
    aws.requests.filter((each) => each.action === action).map(({ params }) => params);
  const uploaded = asked('s3:PutObject').map(({ bucket, key }) => `${String(bucket)}/${String(key)}`);
  const bucket = `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`;
  // The template, and the web server's program.
  expect(uploaded.map((name) => name.replace(/[0-9a-f]{64}/, '*')).toSorted()).toEqual([
    `${bucket}/*.json`,
    `${bucket}/*.zip`,
  ]);
  const [made] = asked('cloudformation:CreateChangeSet');
  expect(made).toMatchObject({
    StackName: stackName,
    ChangeSetType: 'CREATE',
    TemplateURL: `${aws.url}/${uploaded.find((name) => name.endsWith('.json'))}`,
    RoleARN: `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`,
  });
  const given = Object.entries(made ?? {});
  const at = given.find(([, value]) => value === 'DestroyAt')?.[0].replace(/Key$/, 'Value') ?? '';
  expect(made?.[at]).toBe('2026-11-01T20:00:00');
  expect(asked('cloudformation:ExecuteChangeSet')).toHaveLength(1);
  expect(io.text()).toMatch(/\nDeployed in .* It destroys itself at 2026-11-01 20:00 UTC/);
});
