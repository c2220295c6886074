import { expect, test } from 'vitest';
import { cdk } from '../../commands/cdk.ts';
import { diff } from '../../commands/diff.ts';
import { ACCOUNT, useFakeAws, type FakeAws } from './fake-aws.ts';
import { fakeIo } from './fake-io.ts';
import { useFakeStack } from './fake-stack.ts';
import { makeOnce } from './make-once.ts';

/** CDK's own command line, whose output is not ours to test. */
const tools = {
  make: makeOnce,
  runCdk: (args: readonly string[], region: string) => cdk(args, region, 'ignore'),
};

async function account(stackName: string): Promise<FakeAws> {
  const aws = await useFakeAws();
  useFakeStack(aws, { name: stackName, template: { Resources: { Old: { Type: 'AWS::SNS::Topic' } } } });
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
  return aws;
}

test('CDK reads the deployed template, and changes nothing, not by a change set either', async () => {
  const aws = await account('CachingWorkshop');
  const io = fakeIo();
  expect(await diff({}, io, tools)).toBe(0);
  expect(io.text()).toMatch(/^Price after it: 0\.\d+ USD an hour/);
  const asked = aws.requests.map(({ action }) => action);
  expect(asked).toContain('cloudformation:GetTemplate');
  expect(asked.filter((action) => !/:(Describe|Get|AssumeRole)/.test(action))).toEqual([]);
});

test('where there is no stack, all of it is new', async () => {
  await account('Other');
  const io = fakeIo();
  expect(await diff({}, io, tools)).toBe(0);
  expect(io.text()).toMatch(/^There is no stack CachingWorkshop in eu-west-1: all of it would be new\.\n/);
});
