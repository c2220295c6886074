import { expect, test } from 'vitest';
import { verifyDeployed } from '../deployed/verify-deployed.ts';
import { accountOf, type FakeAccount } from './fake-account.ts';
import { infraTemplate } from './infra-template.ts';
import { useFakeAws } from './use-fake-aws.ts';

const aws = await useFakeAws();

type Context = Readonly<Record<string, string>>;

const name = 'CachingWorkshop';
const workshop: Context = { visitors: '198.51.100.24/32' };
const production: Context = { profile: 'production' };
const cluster: Context = { profile: 'production', 'cache.mode': 'cluster' };
const serverless: Context = { profile: 'serverless' };

async function verify(context: Context, byHand: (account: FakeAccount) => void = () => {}) {
  const account = accountOf(name, await infraTemplate(context));
  byHand(account);
  aws.accounts.set(name, account);
  return await verifyDeployed(name);
}

test.for<[string, Context, string]>([
  ['workshop', workshop, '1 node, available'],
  ['production', production, '2 nodes, available'],
  ['a cluster', cluster, '4 nodes, available'],
  ['serverless', serverless, 'valkey 8, available'],
])('%s passes once it is deployed', async ([, context, says]) => {
  const { checks } = await verify(context);
  expect(checks.filter(({ passed }) => !passed)).toEqual([]);
  expect(checks.find(({ id }) => id === 'running')?.observed).toContain(says);
});

test.for<[string, Context, (account: FakeAccount) => void, string]>([
  [
    'the users taken from the cache',
    workshop,
    ({ groups }) => void Object.assign(groups[0]!, { UserGroupIds: [] }),
    'UserGroupIds of the cache',
  ],
  [
    'the users taken from a serverless cache',
    serverless,
    (account) => void Object.assign(account.serverless[0]!, { UserGroupId: undefined }),
    'UserGroupId of the cache',
  ],
  [
    'a user more in the group',
    production,
    ({ userGroups: [group] }) => void (group!['UserIds'] as string[]).push('somebody'),
    "UserIds of the cache's user group",
  ],
  [
    'a shard less',
    cluster,
    ({ groups: [cache] }) => void (cache!['MemberClusters'] as string[]).splice(2),
    'the template says 4 (',
  ],
  [
    'another limit of what is billed',
    serverless,
    (account) =>
      void Object.assign(account.serverless[0]!, {
        CacheUsageLimits: { DataStorage: { Maximum: 500, Unit: 'GB' }, ECPUPerSecond: { Maximum: 1000 } },
      }),
    'CacheUsageLimits of the cache',
  ],
  [
    'protection switched off',
    production,
    ({ instances: [database] }) => void Object.assign(database!, { DeletionProtection: false }),
    'DeletionProtection of the database',
  ],
])('%s is found', async ([, context, byHand, says]) => {
  const { checks } = await verify(context, byHand);
  const failed = checks.filter(({ passed }) => !passed);
  expect(failed.map(({ id }) => id)).toEqual(['as-written']);
  expect(failed[0]?.observed).toContain(says);
});

test('a user group that is not active yet', async () => {
  const { checks } = await verify(workshop, ({ userGroups: [group] }) => {
    Object.assign(group!, { Status: 'modifying' });
  });
  expect(checks.find(({ passed }) => !passed)).toMatchObject({
    id: 'running',
    observed: expect.stringContaining('is modifying, expected available') as string,
  });
});
