import { describe, expect, it, vi } from 'vitest';
import { gate, makeCache } from './support.ts';

const TTL = { ttlMs: 60_000 };

/** Resolves once the load that the test holds at its gate has been called so many times. */
function called(load: ReturnType<typeof vi.fn>, times: number): Promise<void> {
  return vi.waitFor(() => expect(load).toHaveBeenCalledTimes(times), { timeout: 20_000 });
}

describe('concurrent reads of one missing key', () => {
  it('share one load and one write', async () => {
    const { cache } = makeCache();
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const reads = Array.from({ length: 200 }, () => cache.getOrLoadWithOutcome('key', load, TTL));
    await vi.waitFor(() => expect(cache.stats().misses).toBe(200), { timeout: 20_000 });
    held.open('value');

    const answers = await Promise.all(reads);
    expect(new Set(answers.map(({ value }) => value))).toEqual(new Set(['value']));
    expect(load).toHaveBeenCalledTimes(1);
    expect(answers.filter((answer) => answer.outcome === 'miss' && answer.coalesced)).toHaveLength(199);
    expect(cache.stats()).toMatchObject({ misses: 200, loads: 1, coalesced: 199, writes: 1 });
  });

  it('all get the error of a load that fails, the very same one, and the next read loads again', async () => {
    const { cache } = makeCache();
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const reads = Array.from({ length: 50 }, () => cache.getOrLoad('key', load, TTL));
    const settled = Promise.allSettled(reads);
    await vi.waitFor(() => expect(cache.stats().misses).toBe(50), { timeout: 20_000 });
    const failure = new Error('deadlock found');
    held.fail(failure);

    const reasons = (await settled).map((result) =>
      result.status === 'rejected' ? result.reason : 'a value',
    );
    expect(new Set(reasons)).toEqual(new Set([failure]));
    expect(load).toHaveBeenCalledTimes(1);
    expect(await cache.getOrLoad('key', () => 'value', TTL)).toBe('value');
  });

  it('of different keys load each their own', async () => {
    const { cache } = makeCache();
    const load = vi.fn((key: number) => key * 2);
    const reads = Array.from({ length: 20 }, (_, key) => cache.getOrLoad(`key:${key}`, () => load(key), TTL));
    expect(await Promise.all(reads)).toEqual(Array.from({ length: 20 }, (_, key) => key * 2));
    expect(load).toHaveBeenCalledTimes(20);
  });
});

describe('an invalidation while a load runs', () => {
  it('keeps the old value from being stored, and from readers that come later', async () => {
    const { cache, redis, prefix } = makeCache();
    const [before, after] = [gate<string>(), gate<string>()];
    const load = vi.fn().mockReturnValueOnce(before.promise).mockReturnValueOnce(after.promise);
    const earlyReads = [1, 2].map(() => cache.getOrLoadWithOutcome('key', load, TTL));
    await called(load, 1);

    await cache.invalidate('key');
    const lateReads = [1, 2].map(() => cache.getOrLoadWithOutcome('key', load, TTL));
    await called(load, 2);
    before.open('old');

    for (const early of await Promise.all(earlyReads)) {
      expect(early).toMatchObject({ value: 'old', storing: { stored: false, storeReason: 'superseded' } });
    }
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
    after.open('new');
    for (const late of await Promise.all(lateReads)) {
      expect(late).toMatchObject({ value: 'new', storing: { stored: true } });
    }
    expect(await cache.get('key')).toMatchObject({ outcome: 'hit', value: 'new' });
  });

  it('holds too when the newer load ends first', async () => {
    const { cache } = makeCache();
    const before = gate<string>();
    const load = vi.fn().mockReturnValueOnce(before.promise).mockReturnValueOnce('new');
    const early = cache.getOrLoad('key', load, TTL);
    await called(load, 1);

    await cache.invalidate('key');
    expect(await cache.getOrLoad('key', load, TTL)).toBe('new');
    before.open('old');
    expect(await early).toBe('old');

    expect(await cache.get('key')).toMatchObject({ outcome: 'hit', value: 'new' });
  });

  it.each<['set' | 'clear', string | undefined]>([
    ['set', 'written'],
    ['clear', undefined],
  ])('is no different by %s', async (operation, left) => {
    const { cache } = makeCache();
    const before = gate<string>();
    const load = vi.fn(() => before.promise);
    const early = cache.getOrLoad('key', load, TTL);
    await called(load, 1);

    if (operation === 'set') await cache.set('key', 'written', TTL);
    else await cache.clear();
    before.open('old');
    expect(await early).toBe('old');

    expect(await cache.get('key')).toMatchObject(
      left === undefined ? { outcome: 'miss', reason: 'absent' } : { outcome: 'hit', value: left },
    );
  });

  it('of another key changes nothing', async () => {
    const { cache } = makeCache();
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const read = cache.getOrLoad('key', load, TTL);
    await called(load, 1);
    await cache.invalidate('other');
    held.open('value');
    expect(await read).toBe('value');
    expect(await cache.get('key')).toMatchObject({ outcome: 'hit', value: 'value' });
  });

  it('lets a load that fails after it take nothing with it', async () => {
    const { cache } = makeCache();
    const [before, after] = [gate<string>(), gate<string>()];
    const load = vi.fn().mockReturnValueOnce(before.promise).mockReturnValueOnce(after.promise);
    const early = cache.getOrLoad('key', load, TTL);
    await called(load, 1);
    await cache.invalidate('key');
    const late = cache.getOrLoad('key', load, TTL);
    await called(load, 2);

    before.fail(new Error('lost connection'));
    await expect(early).rejects.toThrow('lost connection');
    const joined = cache.getOrLoad('key', load, TTL);
    await vi.waitFor(() => expect(cache.stats().coalesced).toBe(1), { timeout: 20_000 });
    after.open('new');

    expect(await Promise.all([late, joined])).toEqual(['new', 'new']);
    expect(load).toHaveBeenCalledTimes(2);
  });
});
