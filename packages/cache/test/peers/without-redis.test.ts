import { createRedisTap } from '@workshop/wiretap';
import { expect, inject, test } from 'vitest';
import { makeCache, makeTappedCache } from '../support.ts';

// cachified throws what its store throws, also that it tried to delete what it could not read; with their defaults, cacheable and
// cache-manager over node-redis wait until Redis is back, and bentocache without a memory layer throws.

const options = { ttlMs: 60_000 };

test('while Redis is away, reads are answered by their loads', async () => {
  const { cache, tap } = await makeTappedCache();
  expect(await cache.getOrLoad('before', async () => 'loaded', options)).toBe('loaded');
  const outage = tap.weather.refuse();
  const reads = Array.from({ length: 10 }, (_, id) =>
    cache.getOrLoad(`article:${id}`, async () => `article ${id}`, options),
  );
  expect(await Promise.all(reads)).toEqual(Array.from({ length: 10 }, (_, id) => `article ${id}`));
  expect(await cache.getOrLoad('before', async () => 'loaded anew', options)).toBe('loaded anew');
  expect(cache.stats().bypasses).toBe(11);

  outage.stop();
  await expect
    .poll(() => cache.getOrLoad('before', async () => 'never', options), { timeout: 20_000 })
    .toBe('loaded');
});

test('where Redis has never been, reads are answered by their loads', async () => {
  const { hostname, port } = new URL(inject('redisUrl'));
  const tap = await createRedisTap({ upstream: { host: hostname, port: Number(port) } });
  const redis = tap.url(inject('redisUrl'));
  await tap.close();
  const { cache } = makeCache({ redis });
  expect(await cache.getOrLoad('article', async () => 'loaded', options)).toBe('loaded');
  expect(await cache.getOrLoad('article', async () => 'loaded again', options)).toBe('loaded again');
});

test('what a load throws while Redis is away is what the caller gets', async () => {
  const { cache, tap } = await makeTappedCache();
  tap.weather.refuse();
  const error = new Error('The database is down too.');
  await expect(cache.getOrLoad('article', () => Promise.reject(error), options)).rejects.toBe(error);
});
