import { describe, expect, test, vi } from 'vitest';
import { deploy } from '../../commands/deploy.ts';
import { destroy } from '../../commands/destroy.ts';
import { load } from '../../commands/load.ts';
import { status } from '../../commands/status.ts';
import { whoAmI } from '../../commands/account.ts';
import { withAws } from '../../commands/aws/aws.ts';
import { FakeError, REGION, useFakeAws } from './fake-aws.ts';
import { fakeIo } from './fake-io.ts';
import { makeOnce } from './make-once.ts';

const stackName = 'CachingWorkshop';

/** What each command does first of all that needs AWS. */
const COMMANDS: Readonly<Record<string, () => Promise<unknown>>> = {
  status: () => status(stackName, fakeIo()),
  load: () => load({ stackName, force: false }, fakeIo()),
  destroy: () => destroy({ stackName, yes: true }, fakeIo()),
};

/** What the commands' messages have in common: the code of the error, and what it tells. */
const TROUBLES = [
  [
    'ExpiredToken',
    'The security token included in the request is expired',
    /have expired.*aws login.*aws sso login/,
  ],
  [
    'InvalidClientTokenId',
    'The security token included in the request is invalid',
    /does not accept these.*get-caller-identity/,
  ],
  [
    'AccessDenied',
    'User: someone is not authorized',
    /may not .*They need (cloudformation|sts):\w+, in a policy/,
  ],
  ['Throttling', 'Rate exceeded', /takes no more requests for now.*Try again in a minute/],
  ['InternalFailure', 'oh no', /did not answer as expected/],
] as const;

describe.each(Object.keys(COMMANDS))('%s', (name) => {
  test.each(TROUBLES)('%s is told with what to do', async (code, message, told) => {
    const aws = await useFakeAws();
    aws.weather.set('*', { error: new FakeError(code, message, 403), times: Infinity });
    const error = await COMMANDS[name]!().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'AwsError' });
    expect((error as Error).message.replaceAll('\n', ' ')).toMatch(told);
    expect((error as Error).message).toContain(message.split(' ')[0]);
  });

  test('no credentials: where to get some', async () => {
    await useFakeAws();
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');
    await expect(COMMANDS[name]!()).rejects.toThrow(
      /^No AWS credentials were found[^]*aws sso login[^]*aws configure/,
    );
  });

  test('no region: how to name it', async () => {
    await useFakeAws();
    vi.stubEnv('AWS_REGION', '');
    await expect(COMMANDS[name]!()).rejects.toThrow(/^No AWS region is set\.[^]*export AWS_REGION=eu-west-1/);
  });

  test('nobody answers: is there a network', async () => {
    await useFakeAws();
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    await expect(COMMANDS[name]!()).rejects.toThrow(
      /CloudFormation in eu-west-1 gave no answer[^]*ECONNREFUSED[^]*Is\s+there a network/,
    );
  });
});

test('deploy says the price before it finds that there are no credentials', async () => {
  await useFakeAws();
  vi.stubEnv('AWS_ACCESS_KEY_ID', '');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');
  const io = fakeIo();
  await expect(deploy({ settings: {}, yes: true }, io, { make: makeOnce })).rejects.toThrow(
    /^No AWS credentials/,
  );
  expect(io.text()).toMatch(
    /^What it costs while it stands[^]*an hour {2}8 hours\n[^]* all +0\.\d{4} +0\.\d\d\n/,
  );
});

test("yesterday's `aws sso login` is one that has expired, not one that is missing", async () => {
  const { awsError } = await import('../../commands/aws/aws-error.ts');
  const thrown = Object.assign(new Error('The SSO session associated with this profile has expired'), {
    name: 'CredentialsProviderError',
  });
  const asked = { service: 'STS', action: 'sts:GetCallerIdentity', purpose: 'find out', region: REGION };
  expect(awsError(thrown, asked).code).toBe('expired-credentials');
});

test('no message is wider than 80 columns', async () => {
  const aws = await useFakeAws();
  for (const [code, message] of TROUBLES) {
    aws.weather.set('*', { error: new FakeError(code, message), times: Infinity });
    const error = await withAws(whoAmI).catch((thrown: unknown) => thrown as Error);
    const widths = (error as Error).message.split('\n').map(({ length }) => length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  }
});
