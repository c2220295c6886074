import { assert, describe, expect, it, vi } from 'vitest';
import { freshnessOf } from '../src/freshness.ts';
import { systemTime } from '../src/index.ts';
import { checkLoadOptions } from '../src/load-options.ts';
import { gate, makeCache } from './support.ts';
import type { ManualTime } from './support-time.ts';
import { called, manualTime, PATIENCE, UNHURRIED } from './support-time.ts';

const never = () => assert.fail('this is not loaded');

/** An entry as the cache writes one whose load took `took` ms and that is fresh for another 10 s. */
const entry = (time: ManualTime, took: number) =>
  `@${JSON.stringify({ at: time.now(), ms: 10_000, took })}\nj"old"`;

describe('earlyRefresh', () => {
  // XFetch: refresh when took * beta * -ln(1 - random) >= time left.
  it.each([
    { beta: 1, took: 1_000, leftMs: 1_000, random: 0.6, isEarly: false },
    { beta: 1, took: 1_000, leftMs: 1_000, random: 0.64, isEarly: true },
    { beta: 2, took: 1_000, leftMs: 1_000, random: 0.4, isEarly: true },
    { beta: 2, took: 1_000, leftMs: 1_000, random: 0.39, isEarly: false },
    { beta: 1, took: 10, leftMs: 1_000, random: 0.999_999, isEarly: false },
    { beta: 1, took: 10, leftMs: 1, random: 0.2, isEarly: true },
    { beta: 1, took: 0, leftMs: 1, random: 0.999_999, isEarly: false },
    { beta: 1, took: 1_000, leftMs: 1, random: 0, isEarly: false },
  ])('of beta $beta, a load of $took ms, $leftMs ms left and chance $random: $isEarly', async (given) => {
    const time = manualTime();
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time });
    await redis.set(`${prefix}:key`, entry(time, given.took), 'PX', 60_000);
    time.advance(10_000 - given.leftMs);
    time.setRandom(given.random);
    const options = { ttlMs: 10_000, earlyRefresh: given.beta };
    const load = vi.fn(() => 'new');
    const answer = await cache.getOrLoadWithOutcome('key', load, options);
    expect(answer).toMatchObject({ outcome: 'hit', reason: 'found', value: 'old' });
    if (given.isEarly) await vi.waitFor(() => expect(cache.stats().writes).toBe(1), PATIENCE);
    time.setRandom(0);
    expect(await cache.getOrLoad('key', never, options)).toBe(given.isEarly ? 'new' : 'old');
    const calls = given.isEarly ? 1 : 0;
    expect(load).toHaveBeenCalledTimes(calls);
    expect(cache.stats()).toMatchObject({ refreshes: calls, earlyRefreshes: calls, staleHits: 0, hits: 2 });
  });

  it('begins, in the mean, beta load times before the end', () => {
    const plan = checkLoadOptions({ ttlMs: 10_000, earlyRefresh: 2 });
    const header = { loadedAt: 0, freshMs: 10_000, loadMs: 100 };
    // With a step of one millisecond and even chances, the mean of the first moment at which it is early.
    const chances = Array.from({ length: 1_000 }, (_, index) => (index + 0.5) / 1_000);
    const isEarlyAt = (now: number, chance: number) =>
      freshnessOf(header, plan, { ...systemTime, now: () => now, random: () => chance }) === 'early';
    const starts = chances.map((chance) => {
      let now = 9_999;
      while (now > 0 && isEarlyAt(now - 1, chance)) now--;
      return isEarlyAt(now, chance) ? 10_000 - now : 0;
    });
    const mean = starts.reduce((sum, ms) => sum + ms, 0) / starts.length;
    expect(Math.abs(mean - 200)).toBeLessThan(5);
  });

  it('measures each load, and stores how long it took', async () => {
    const time = manualTime();
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time });
    await cache.getOrLoad('key', () => 'value', { ttlMs: 10_000, earlyRefresh: 1 });
    const [head = ''] = String(await redis.get(`${prefix}:key`)).split('\n');
    expect(JSON.parse(head.slice(1))).toEqual({ at: time.now(), ms: 10_000, took: expect.any(Number) });
    expect(cache.stats().latency.load.count).toBe(1);
  });

  it('makes one refresh of many hits, and none when it is off', async () => {
    const time = manualTime();
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time });
    await redis.set(`${prefix}:key`, entry(time, 1_000), 'PX', 60_000);
    time.advance(9_900);
    time.setRandom(0.9);
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const off = { ttlMs: 10_000 };
    expect(await cache.getOrLoad('key', load, off)).toBe('old');
    const reads = Array.from({ length: 50 }, () => cache.getOrLoad('key', load, { ...off, earlyRefresh: 1 }));
    expect(new Set(await Promise.all(reads))).toEqual(new Set(['old']));
    await called(load);
    held.open('new');
    await vi.waitFor(() => expect(cache.stats().writes).toBe(1), PATIENCE);
    expect(await cache.getOrLoad('key', never, off)).toBe('new');
    expect(cache.stats()).toMatchObject({ refreshes: 1, earlyRefreshes: 1, loads: 1 });
  });
});
