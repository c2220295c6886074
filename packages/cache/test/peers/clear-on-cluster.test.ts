import { enginesUp } from '@workshop/engines';
import { Cluster } from 'ioredis';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { cacheClientOptions } from '../../src/index.ts';
import { makeCache, testPrefix } from '../support.ts';

// On a Redis Cluster, bentocache's clear() removes nothing, and async-cache-dedupe's only what one of its nodes has.

let nodes: { host: string; port: number }[];
let password: string;

beforeAll(async () => {
  const engines = await enginesUp({ cluster: true });
  nodes = engines.clusterNodes!;
  password = decodeURIComponent(new URL(engines.clusterUrl!).password);
}, 120_000);

test('clear() on a cluster removes every key of its prefix, and no other', async () => {
  const redis = new Cluster(nodes, { redisOptions: { ...cacheClientOptions, password } });
  onTestFinished(() => redis.disconnect());
  const { cache } = makeCache({ redis });
  const bystander = makeCache({ redis, prefix: testPrefix() }).cache;
  onTestFinished(async () => void (await bystander.clear()));
  const keys = Array.from({ length: 60 }, (_, id) => `article:${id}`);
  const options = { ttlMs: 60_000 };
  await Promise.all(keys.map((key) => cache.set(key, 'kept', options)));
  await bystander.set('article', 'kept', options);

  expect(await cache.clear()).toEqual({ removed: 60, error: undefined });
  for (const key of keys) expect((await cache.get(key)).outcome).toBe('miss');
  expect(await bystander.get('article')).toMatchObject({ outcome: 'hit', value: 'kept' });
});
