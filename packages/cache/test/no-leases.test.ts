import { describe, expect, it, vi } from 'vitest';
import { gate, makeCache } from './support.ts';
import { called, makePair, PATIENCE, UNHURRIED } from './support-time.ts';

const TTL = { ttlMs: 60_000 };

/** What is left of the promises without leases: enough to measure against, and to show what leases are for. */
describe('lease: false', () => {
  it('still reads, stores, and shares a load within the process', async () => {
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, lease: false });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const reads = Array.from({ length: 100 }, () => cache.getOrLoad('key', load, TTL));
    await called(load);
    const late = cache.getOrLoad('key', load, TTL);
    await vi.waitFor(() => expect(cache.stats().coalesced).toBe(100), PATIENCE);
    held.open('value');
    expect(new Set(await Promise.all([...reads, late]))).toEqual(new Set(['value']));
    expect(load).toHaveBeenCalledTimes(1);
    await vi.waitFor(
      async () => expect(await redis.keys(`${prefix}:*`)).toEqual([`${prefix}:key`]),
      PATIENCE,
    );
    expect(await redis.pttl(`${prefix}:key`)).toBeGreaterThan(0);
    expect(await cache.getOrLoad('key', load, TTL)).toBe('value');
  });

  it('lets each process load for itself', async () => {
    const { here, there } = makePair({ lease: false });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const reads = [here, there].map((cache) => cache.getOrLoad('key', load, TTL));
    await called(load, 2);
    held.open('value');
    expect(await Promise.all(reads)).toEqual(['value', 'value']);
  });

  it('still voids a load that this process itself has invalidated', async () => {
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, lease: false });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const read = cache.getOrLoadWithOutcome('key', load, TTL);
    await called(load);
    await cache.invalidate('key');
    held.open('old');
    expect(await read).toMatchObject({ value: 'old', storing: { stored: false, storeReason: 'superseded' } });
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
  });

  it('stores what another process has invalidated meanwhile: that is what leases are for', async () => {
    const { here, there } = makePair({ lease: false });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const read = here.getOrLoad('key', load, TTL);
    await called(load);
    await there.invalidate('key');
    held.open('old');
    await read;
    expect(await there.getOrLoad('key', () => 'new', TTL)).toBe('old');
  });
});
