import { assert, describe, expect, it, vi } from 'vitest';
import type { LoadOptions } from '../src/index.ts';
import { CacheOptionError } from '../src/index.ts';
import { makeCache } from './support.ts';
import { manualTime, UNHURRIED } from './support-time.ts';

/** For how long a load's value was stored; undefined when it was not. */
async function storedFor<T>(value: T, options: LoadOptions<T>, random = 0): Promise<number | undefined> {
  const time = manualTime();
  time.setRandom(random);
  const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time });
  const answer = await cache.getOrLoadWithOutcome('key', () => value, options);
  assert(answer.outcome === 'miss');
  expect(answer.value).toBe(value);
  const left = await redis.pttl(`${prefix}:key`);
  if (!answer.storing.stored) {
    expect(left).toBe(-2);
    return undefined;
  }
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(answer.storing.ttlMs);
  return answer.storing.ttlMs;
}

describe('jitter', () => {
  it.each([
    [0, 0.9, 100_000],
    [0.1, 0, 100_000],
    [0.1, 0.5, 95_000],
    [0.5, 0.75, 62_500],
    [1, 0.999_999_999, 1],
  ])('of %d takes, by a chance of %d, a TTL of 100 s down to %i ms', async (jitter, random, ttlMs) => {
    // The one case of 1 ms would be gone by the time it is looked at.
    const options = { ttlMs: 100_000, jitter, ...(ttlMs === 1 && { staleIfErrorMs: 9_999 }) };
    expect(await storedFor('value', options, random)).toBe(ttlMs === 1 ? 10_000 : ttlMs);
  });

  it('holds for set too', async () => {
    const time = manualTime();
    time.setRandom(0.5);
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time });
    await cache.set('key', 1, { ttlMs: 100_000, jitter: 1 });
    const left = await redis.pttl(`${prefix}:key`);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(50_000);
  });
});

describe('absentTtlMs', () => {
  it.each([
    ['null', null, 30_000],
    ['undefined', undefined, 30_000],
    ['0', 0, 60_000],
    ['an empty list', [], 60_000],
    ['false', false, 60_000],
  ])('keeps %s for its time', async (_name, value, ttlMs) => {
    expect(await storedFor<unknown>(value, { ttlMs: 60_000, absentTtlMs: 30_000 })).toBe(ttlMs);
  });

  it('is the TTL of any other value where it is not given', async () => {
    expect(await storedFor(null, { ttlMs: 60_000 })).toBe(60_000);
  });

  it('stands in for a function of the value, which is not asked about what is not there', async () => {
    const ttlMs = vi.fn((row: { days: number } | null) => (row as { days: number }).days * 1_000);
    expect(await storedFor(null, { ttlMs, absentTtlMs: 30_000 })).toBe(30_000);
    expect(await storedFor(null, { ttlMs })).toBeUndefined();
    expect(ttlMs).not.toHaveBeenCalled();
  });
});

describe('a ttlMs that is a function', () => {
  it('tells the TTL from the value', async () => {
    const ttlMs = ({ isFinal }: { isFinal: boolean }) => (isFinal ? 600_000 : 20_000);
    expect(await storedFor({ isFinal: true }, { ttlMs })).toBe(600_000);
    expect(await storedFor({ isFinal: false }, { ttlMs })).toBe(20_000);
    expect(await storedFor({ isFinal: true }, { ttlMs, jitter: 1 }, 0.5)).toBe(300_000);
    expect(await storedFor({ isFinal: true }, { ttlMs, staleIfErrorMs: 10_000 })).toBe(610_000);
  });

  it('keeps a value from being stored by 0, and lets the next reader load at once', async () => {
    const { cache, redis, prefix } = makeCache(UNHURRIED);
    const load = vi.fn(() => 'value');
    for (const read of [1, 2]) {
      const answer = await cache.getOrLoadWithOutcome('key', load, { ttlMs: () => 0 });
      expect(answer).toMatchObject({ value: 'value', storing: { stored: false, storeReason: 'unwanted' } });
      expect(load).toHaveBeenCalledTimes(read);
    }
    await vi.waitFor(async () => expect(await redis.keys(`${prefix}:*`)).toEqual([]));
    expect(cache.stats()).toMatchObject({ loads: 2, writes: 0 });
  });

  it.each<[string, () => number]>([
    ['NaN', () => Number.NaN],
    ['a negative number', () => -1],
    ['infinity', () => Number.POSITIVE_INFINITY],
    [
      'an error',
      () => {
        throw new Error('no such field');
      },
    ],
  ])('that gives %s takes the value from nobody, stores nothing, and is reported', async (_name, ttlMs) => {
    const onError = vi.fn();
    const { cache } = makeCache({ ...UNHURRIED, onError });
    const answer = await cache.getOrLoadWithOutcome('key', () => 'value', { ttlMs });
    expect(answer).toMatchObject({ value: 'value', storing: { stored: false, storeReason: 'unwanted' } });
    expect(onError).toHaveBeenCalledWith(expect.any(CacheOptionError));
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ option: 'ttlMs(value)' }));
  });

  it('is not for set, which knows its value', async () => {
    const { cache } = makeCache(UNHURRIED);
    // @ts-expect-error: a number only
    await expect(cache.set('key', 1, { ttlMs: () => 1_000 })).rejects.toThrow(
      /^ttlMs must be .* but is a function/,
    );
  });
});
