import { expect, test } from 'vitest';
import { load } from '../../commands/load.ts';
import { FakeError, useFakeAws, type FakeAws } from './fake-aws.ts';
import { fakeIo } from './fake-io.ts';
import { useFakeStack } from './fake-stack.ts';

const stackName = 'CachingWorkshop';

/** Answers each look at the command with the next of these; the last one stays. */
async function account(looks: readonly (object | FakeError)[], servers = ['i-2', 'i-1']): Promise<FakeAws> {
  const aws = await useFakeAws();
  useFakeStack(aws);
  aws.on('ssm:DescribeInstanceInformation', () => ({
    InstanceInformationList: servers.map((InstanceId) => ({ InstanceId })),
  }));
  aws.on('ssm:SendCommand', () => ({ Command: { CommandId: 'c-1' } }));
  let at = 0;
  aws.on('ssm:GetCommandInvocation', () => {
    const look = looks[Math.min(at, looks.length - 1)];
    at += 1;
    if (look instanceof FakeError) throw look;
    return look;
  });
  return aws;
}

const sent = (aws: FakeAws) => aws.requests.find(({ action }) => action === 'ssm:SendCommand')?.params;

test('runs the loader on one server, and says what it says, once', async () => {
  const aws = await account([
    new FakeError('InvocationDoesNotExist'),
    { Status: 'Pending' },
    { Status: 'InProgress', StandardOutputContent: 'articles 40 %\n' },
    new FakeError('ThrottlingException', 'Rate exceeded'),
    { Status: 'Success', StandardOutputContent: 'articles 40 %\nLoaded: 1,000 articles.\n', ResponseCode: 0 },
  ]);
  const io = fakeIo();
  expect(await load({ stackName, rows: 1_000, force: true }, io)).toBe(0);
  expect(io.text()).toBe('Loading on i-1 ...\narticles 40 %\nLoaded: 1,000 articles.');
  expect(sent(aws)).toEqual({
    DocumentName: 'AWS-RunShellScript',
    InstanceIds: ['i-1'],
    Parameters: {
      commands: ['/usr/local/bin/caching-workshop-load --rows 1000 --force'],
      executionTimeout: ['10800'],
    },
  });
  const asked = aws.requests.find(({ action }) => action === 'ssm:DescribeInstanceInformation');
  expect(asked?.params).toEqual({
    Filters: [
      { Key: 'tag:workshop-stack', Values: [stackName] },
      { Key: 'PingStatus', Values: ['Online'] },
    ],
  });
});

test('by itself it leaves rows and data to the loader, and says that it goes on', async () => {
  const quiet = Array.from({ length: 25 }, () => ({ Status: 'InProgress', StandardOutputContent: '' }));
  const aws = await account([...quiet, { Status: 'Success', StandardOutputContent: 'Nothing to do.' }]);
  const io = fakeIo();
  expect(await load({ stackName, force: false }, io)).toBe(0);
  expect(sent(aws)).toMatchObject({ Parameters: { commands: ['/usr/local/bin/caching-workshop-load'] } });
  expect(io.text()).toBe('Loading on i-1 ...\n  still loading, 30 s\n  still loading, 60 s\nNothing to do.');
});

test('what the loader complains of is the error', async () => {
  await account([
    {
      Status: 'Failed',
      ResponseCode: 1,
      StandardOutputContent: '',
      StandardErrorContent:
        'The table articles was not made by the workshop. --force replaces it.\nfailed to run commands: exit status 1',
    },
  ]);
  await expect(load({ stackName, force: false }, fakeIo())).rejects.toThrow(
    /^The data was not loaded \(Failed, exit code 1\):\n\nThe table articles was not made[^]*--force/,
  );
});

test('a command that never ran has no words of its own', async () => {
  await account([{ Status: 'TimedOut', ResponseCode: -1 }]);
  await expect(load({ stackName, force: false }, fakeIo())).rejects.toThrow(/TimedOut[^]*and said\s+nothing/);
});

test('no server that Session Manager reaches: what may be the cause', async () => {
  const aws = await account([], []);
  await expect(load({ stackName, force: false }, fakeIo())).rejects.toThrow(
    /reaches no server of CachingWorkshop[^]*a minute or two[^]*infra:status/,
  );
  expect(sent(aws)).toBeUndefined();
});
