import { createCache } from '@workshop/cache';
import type { ThrowawayServer } from '@workshop/engines/throwaway';
import { throwawayCluster, throwawayRedis } from '@workshop/engines/throwaway';
import { createDemoStore } from '@workshop/web';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ACCESS } from '../lib/cache/cache-users.ts';

const [, , ...RULES] = ACCESS.split(' ');
const USER = { user: 'workshop', password: 'workshop-password' };

test('one node: all that the demo sends is permitted', async () => {
  const redis = await startRedis();
  await useAsTheDemo(redis.userUrl, 'node');
  expect(await refusalsOf(redis)).toEqual([]);
});

test('a cluster: so it is there', async () => {
  const cluster = await throwawayCluster();
  onTestFinished(() => cluster.stop());
  for (const node of cluster.nodes) {
    await node.ask('ACL', 'SETUSER', USER.user, 'on', `>${USER.password}`, '~*', ...RULES);
  }
  const [first] = cluster.nodes;
  await useAsTheDemo(`redis://${USER.user}:${USER.password}@127.0.0.1:${first?.port}/0`, 'cluster');
  const refusals = await Promise.all(cluster.nodes.map(refusalsOf));
  expect(refusals.flat()).toEqual([]);
});

test.each([
  ['FLUSHALL'],
  ['FLUSHDB'],
  ['KEYS', '*'],
  ['CONFIG', 'GET', '*'],
  ['SHUTDOWN'],
  ['ACL', 'LIST'],
  ['CLIENT', 'LIST'],
  ['SCRIPT', 'FLUSH'],
  ['CLUSTER', 'RESET'],
  ['DEBUG', 'SLEEP', '0'],
] as const)('what would harm others is not: %s %s', async (...words) => {
  const redis = await startRedis();
  const verdict = await redis.ask('ACL', 'DRYRUN', USER.user, ...words);
  expect(verdict).toMatch(/no permissions/);
});

/** Everything that web and the cache library ask of Redis. MySQL is not there: what Redis may be asked does not depend on it. */
async function useAsTheDemo(redisUrl: string, redisMode: 'node' | 'cluster'): Promise<void> {
  const store = createDemoStore({
    mysqlUrl: 'mysql://nobody@127.0.0.1:1/none',
    redisUrl,
    redisMode,
    cacheTtlMs: 60_000,
    redisTimeoutMs: 2_000,
    mysqlTimeoutMs: 1,
    mysqlConnections: 1,
    cachePrefix: 'articles',
    nearEntries: 10,
  });
  onTestFinished(() => store.close());
  await vi.waitFor(async () => expect((await store.check())[1]).toMatchObject({ engine: 'redis', ok: true }));
  expect(store.reads).toBeDefined();
  store.reads?.record(7);
  await vi.waitFor(async () => expect(await store.reads?.top(3)).toEqual([{ id: 7, reads: 1 }]));
  const asked = await store.askRedis?.(new AbortController().signal);
  expect(asked?.keys.total).toBe(1);
  await store.deleteCache();

  if (redisMode === 'node') await useTheLibrary(redisUrl);
}

/** Leases, tags, near entries and their tracking, invalidation. */
async function useTheLibrary(redis: string): Promise<void> {
  const errors: unknown[] = [];
  const cache = createCache({
    redis,
    prefix: 'library',
    near: { maxEntries: 10 },
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => cache.close());
  const options = { ttlMs: 60_000, tags: ['articles'] };
  let loads = 0;
  const load = async () => (loads += 1);
  await vi.waitFor(async () => {
    await cache.getOrLoad('one', load, options);
    expect((await cache.getOrLoadWithOutcome('one', load, options)).outcome).toBe('hit');
  });
  await cache.set('two', 2, options);
  await cache.invalidate('one');
  await cache.invalidateTags(['articles']);
  await cache.clear();
  expect(errors).toEqual([]);
}

async function startRedis(): Promise<ThrowawayServer> {
  const redis = await throwawayRedis({ acl: { ...USER, keyPattern: '*', rules: RULES } });
  onTestFinished(() => redis.stop());
  return redis;
}

/** What Redis has refused to anybody, by its own log. */
async function refusalsOf(redis: ThrowawayServer): Promise<readonly unknown[]> {
  return (await redis.ask('ACL', 'LOG')) as readonly unknown[];
}
