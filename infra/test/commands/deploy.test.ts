import { beforeEach, expect, test } from 'vitest';
import { deploy } from '../../commands/deploy.ts';
import { DESTROY_AT } from '../../lib/self-destruct.ts';
import { DESTROY_AT as TOLD } from '../../commands/status.ts';
import { ACCOUNT, FakeError, REGION, useFakeAws, type FakeAws } from './fake-aws.ts';
import { fakeIo } from './fake-io.ts';
import { useFakeStack } from './fake-stack.ts';
import { makeOnce } from './make-once.ts';

const ran: { args: readonly string[]; region: string }[] = [];
beforeEach(() => {
  ran.length = 0;
});

/** CDK's command line is not run here: it would deploy. */
const tools = (code: number) => ({
  make: makeOnce,
  runCdk: (args: readonly string[], region: string) => {
    ran.push({ args, region });
    return Promise.resolve(code);
  },
});

async function account({ bootstrap }: { readonly bootstrap?: number } = {}): Promise<FakeAws> {
  const aws = await useFakeAws();
  aws.on('sts:GetCallerIdentity', () => ({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/someone` }));
  aws.on('ssm:GetParameter', () => {
    if (bootstrap === undefined) throw new FakeError('ParameterNotFound');
    return { Parameter: { Value: String(bootstrap) } };
  });
  aws.on('cloudformation:DescribeStacks', ({ StackName }) => {
    throw new FakeError('ValidationError', `Stack with id ${String(StackName)} does not exist`);
  });
  return aws;
}

test('price, account, question; then CDK deploys what was priced, and it says how to go on', async () => {
  await account({ bootstrap: 27 });
  const io = fakeIo(['yes']);
  expect(await deploy({ settings: {}, yes: false }, io, tools(0))).toBe(0);
  expect(io.questions).toEqual(['\nDeploy it? [y/N] ']);
  expect(io.text()).toMatch(
    /^What it costs[^]*Account 111122223333, region eu-west-1, as user\/someone\n[^]*profile workshop, would be new/,
  );
  expect(io.text()).toMatch(
    /It costs money until you destroy it[^]*infra:open[^]*infra:load[^]*infra:status[^]*infra:destroy/,
  );
  const [{ args, region }] = ran as [(typeof ran)[number]];
  expect(region).toBe(REGION);
  expect(args.join(' ')).toMatch(
    /^deploy --require-approval never --progress events --app \S+ CachingWorkshop$/,
  );
  expect(args.at(-2)).toBe((await makeOnce({})).folder);
});

test.each([[['n']], [['']], [['no, wait']]])('%j is a no', async (answers) => {
  await account({ bootstrap: 27 });
  await expect(deploy({ settings: {}, yes: false }, fakeIo(answers), tools(0))).rejects.toThrow(
    'Nothing was deployed.',
  );
  expect(ran).toEqual([]);
});

test('without a terminal it wants --yes', async () => {
  await account({ bootstrap: 27 });
  await expect(deploy({ settings: {}, yes: false }, fakeIo(), tools(0))).rejects.toThrow(
    /no terminal[^]*--yes/,
  );
  expect(ran).toEqual([]);
});

test.each([
  [undefined, /^CDK is not prepared in account 111122223333, region eu-west-1\./],
  [5, /of version 5; 6 or newer/],
])('bootstrap of version %j: the command that is missing', async (bootstrap, told) => {
  await account({ bootstrap });
  const error = await deploy({ settings: {}, yes: true }, fakeIo(), tools(0)).catch(
    (thrown: unknown) => thrown,
  );
  expect((error as Error).message.replaceAll('\n', ' ')).toMatch(told);
  expect((error as Error).message).toContain(
    '  infra/node_modules/.bin/cdk bootstrap aws://111122223333/eu-west-1',
  );
  expect(ran).toEqual([]);
});

test('a stack that is there is said to be changed', async () => {
  const aws = await account({ bootstrap: 27 });
  useFakeStack(aws, { outputs: { webserverurl: 'http://203.0.113.9:8008' } });
  const io = fakeIo();
  const settings = { visitors: '203.0.113.7/32' };
  expect(await deploy({ settings, yes: true }, io, tools(0))).toBe(0);
  expect(io.text()).toMatch(/is there already, and would be brought to\s+what is\s+here/);
  expect(io.text()).toContain('  http://203.0.113.9:8008\n      the page');
});

test('a stack that ends by itself is told its time, and so are people', async () => {
  await account({ bootstrap: 27 });
  const io = fakeIo();
  await deploy({ settings: { destroyAfterHours: '8', stackName: 'Tuesday' }, yes: true }, io, tools(0));
  expect(ran[0]?.args.join(' ')).toContain(`--parameters Tuesday:${DESTROY_AT}=2026-11-01T20:00:00 `);
  expect(io.text()).toContain('It destroys itself at 2026-11-01 20:00 UTC, in about 8 hours.');
  expect(io.text()).toContain('pnpm infra:destroy --stack Tuesday');
  expect(TOLD).toBe(DESTROY_AT);
});

test('a deployment that fails says where to look, and is a failure', async () => {
  await account({ bootstrap: 27 });
  const io = fakeIo();
  expect(await deploy({ settings: {}, yes: true }, io, tools(1))).toBe(1);
  expect(io.text()).toMatch(/The deployment failed[^]*infra:status[^]*infra:destroy$/);
});

test('settings that cannot work are told before anything else happens', async () => {
  const aws = await account();
  const io = fakeIo();
  const settings = { profile: 'palace', 'cache.shards': '0' };
  await expect(deploy({ settings, yes: true }, io, tools(0))).rejects.toThrow(
    /^profile must[^]*\ncache\.shards must/,
  );
  expect(io.text()).toBe('');
  expect(aws.requests).toEqual([]);
});
