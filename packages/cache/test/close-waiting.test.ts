import { describe, expect, it, vi } from 'vitest';
import { CacheClosedError } from '../src/index.ts';
import { gate, makeCache, makeTappedCache } from './support.ts';
import { called, leaseName, makePair, manualTime, PATIENCE, UNHURRIED } from './support-time.ts';

const TTL = { ttlMs: 60_000 };

describe('close', () => {
  it('ends the wait for another process: the readers load for themselves', async () => {
    const time = manualTime();
    const { here, there, redis, prefix } = makePair({ time, lease: { ms: 600_000, waitMs: 600_000 } });
    const held = gate<string>();
    const slow = vi.fn(() => held.promise);
    const first = here.getOrLoad('key', slow, TTL);
    await called(slow);
    const load = vi.fn(() => 'mine');
    const reads = [1, 2, 3].map(() => there.getOrLoad('key', load, TTL));
    await time.untilPausing(2);
    await there.close();
    expect(await Promise.all(reads)).toEqual(['mine', 'mine', 'mine']);
    expect(load).toHaveBeenCalledTimes(1);
    expect(time.pauses()).toEqual([200_000]);
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
    held.open('value');
    expect(await first).toBe('value');
  });

  it('stops renewing leases, and leaves them to end', async () => {
    const time = manualTime();
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time, lease: { ms: 60_000 } });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const read = cache.getOrLoadWithOutcome('key', load, TTL);
    await called(load);
    await time.untilPausing();
    await cache.close();
    expect(time.pauses()).toEqual([]);
    expect(await redis.pttl(leaseName(prefix, 'key'))).toBeGreaterThan(0);
    held.open('value');
    expect(await read).toMatchObject({
      value: 'value',
      storing: { stored: false, storeReason: 'superseded' },
    });
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
  });

  it('lets loads that wait for their turn reach their callers, and queues none after', async () => {
    const { cache } = makeCache({ ...UNHURRIED, loads: { maxConcurrent: 1 } });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const reads = [1, 2, 3].map((id) => cache.getOrLoad(`key:${id}`, load, TTL));
    await vi.waitFor(() => expect(cache.stats().queuedLoads).toBe(2), PATIENCE);
    await cache.close();
    await expect(cache.getOrLoad('other', load, TTL)).rejects.toThrow(CacheClosedError);
    held.open('value');
    expect(await Promise.all(reads)).toEqual(['value', 'value', 'value']);
    expect(cache.stats()).toMatchObject({ runningLoads: 0, queuedLoads: 0, writes: 0 });
  });

  it('keeps a refresh behind a reader’s back from storing', async () => {
    const time = manualTime();
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time });
    const options = { ttlMs: 10_000, staleWhileRevalidateMs: 50_000 };
    await cache.getOrLoad('key', () => 'old', options);
    time.advance(10_000);
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    expect(await cache.getOrLoad('key', load, options)).toBe('old');
    await called(load);
    await cache.close();
    held.open('new');
    await vi.waitFor(() => expect(cache.stats().voidedLoads).toBe(1), PATIENCE);
    expect(await redis.get(`${prefix}:key`)).toContain('old');
  });

  it('lets a reader whose look-up was under way load, and does not store for it', async () => {
    const { cache, tap, redis, prefix, client } = await makeTappedCache(UNHURRIED);
    await cache.get('warm');
    const late = tap.weather.hold(({ name }) => name === 'GET', { at: 'reply' });
    const load = vi.fn(() => 'value');
    const read = cache.getOrLoad('key', load, TTL);
    await late.arrived;
    await cache.close();
    late.release();
    expect(await read).toBe('value');
    expect(load).toHaveBeenCalledTimes(1);
    await client.ping();
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
  });

  it('answers each method of each kind with CacheClosedError', async () => {
    const { cache } = makeCache(UNHURRIED);
    const rows = cache.namespace<string, number>('row', TTL);
    await cache.close();
    const calls = [
      () => cache.getOrLoadWithOutcome('key', () => 1, TTL),
      () => cache.getOrLoadMany([1], () => new Map(), { ...TTL, key: String }),
      () => cache.getOrLoadJson('key', () => 1, TTL),
      () => cache.invalidateTags(['tag']),
      () => rows.getOrLoad(1, () => 'row'),
      () => rows.getOrLoadMany([], () => new Map()),
    ];
    for (const call of calls) await expect(call()).rejects.toThrow(CacheClosedError);
  });
});
