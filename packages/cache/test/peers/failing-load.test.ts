import { expect, inject, onTestFinished, test } from 'vitest';
import { openCrowd } from '../../bench/support/crowd.ts';
import { gate, makeCache, testPrefix } from '../support.ts';

// bentocache runs a failing loader once for each caller, one after the other: 50 callers make 50 queries to a database in trouble.

test('a load that fails runs once for all its callers, and each gets its error', async () => {
  const { cache } = makeCache();
  const failing = gate<never>();
  let loads = 0;
  const reads = Array.from({ length: 50 }, () =>
    cache.getOrLoad(
      'article',
      () => {
        loads += 1;
        return failing.promise;
      },
      { ttlMs: 60_000 },
    ),
  );
  const outcomes = Promise.allSettled(reads);
  const error = new Error('The database is down.');
  // All have joined, or are it; then it fails.
  await expect.poll(() => cache.stats().coalesced, { timeout: 20_000 }).toBe(49);
  failing.fail(error);
  for (const outcome of await outcomes) expect(outcome).toEqual({ status: 'rejected', reason: error });
  expect(loads).toBe(1);
  expect(cache.stats()).toMatchObject({ loads: 1, loadErrors: 1 });
});

test('with callers in several processes it runs at most once in each', async () => {
  const crowd = await openCrowd(2, {
    redisUrl: inject('redisUrl'),
    prefix: testPrefix(),
    library: 'ours',
    callers: 200,
    loadMs: 50,
    fails: true,
  });
  onTestFinished(() => crowd.close());
  for (const { loads, got } of await crowd.rush('article')) {
    expect(loads).toBeLessThanOrEqual(1);
    expect([...got]).toEqual([['Error: The load failed.', 200]]);
  }
});

test('the next read after a failed load asks the source again', async () => {
  const { cache } = makeCache();
  const options = { ttlMs: 60_000 };
  await expect(cache.getOrLoad('article', () => Promise.reject(new Error('down')), options)).rejects.toThrow(
    'down',
  );
  expect(await cache.getOrLoad('article', async () => 'up again', options)).toBe('up again');
});
