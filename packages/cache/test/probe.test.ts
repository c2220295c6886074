import { describe, expect, it, vi } from 'vitest';
import type { CacheEvents, CacheOptions } from '../src/index.ts';
import { gate, makeCache } from './support.ts';
import { called, manualTime, PATIENCE, UNHURRIED } from './support-time.ts';

const TTL = { ttlMs: 60_000 };

/** A cache that probes, with a list of what it found. */
function makeProbing(options: Partial<CacheOptions> = {}) {
  const time = manualTime();
  const bench = makeCache({ ...UNHURRIED, probe: { rate: 1 }, time, ...options });
  const found: CacheEvents['probe'][] = [];
  bench.cache.events.on('probe', (event) => found.push(event));
  const untilProbed = (count: number) => vi.waitFor(() => expect(found).toHaveLength(count), PATIENCE);
  return { ...bench, time, found, untilProbed };
}

describe('the probe', () => {
  it('finds a stale entry, and tells how old it is', async () => {
    const { cache, prefix, time, found, untilProbed } = makeProbing();
    await cache.getOrLoad('key', () => ({ title: 'old' }), TTL);
    time.advance(5_000);
    const load = vi.fn(() => ({ title: 'changed, and not invalidated' }));
    expect(await cache.getOrLoad('key', load, TTL)).toEqual({ title: 'old' });
    await untilProbed(1);
    expect(found).toEqual([{ key: `${prefix}:key`, stale: true, ageMs: 5_000 }]);
    expect(load).toHaveBeenCalledTimes(1);
    expect(cache.stats()).toMatchObject({ probes: 1, staleProbes: 1, hits: 1, writes: 1 });
    expect(cache.stats().latency.stale.count).toBe(1);
  });

  it('finds a right one right, of any type', async () => {
    const { cache, prefix, found, untilProbed } = makeProbing();
    const load = () => ({ at: new Date(0), id: 2n ** 60n, set: new Set([1]), none: undefined });
    await cache.getOrLoad('key', load, TTL);
    await cache.getOrLoad('key', load, TTL);
    await untilProbed(1);
    expect(found).toMatchObject([{ key: `${prefix}:key`, stale: false }]);
    expect(cache.stats()).toMatchObject({ probes: 1, staleProbes: 0 });
  });

  it('does not hold up the read, and takes one hit at a time', async () => {
    const { cache, untilProbed } = makeProbing();
    await cache.getOrLoad('key', () => 'value', TTL);
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    expect(await cache.getOrLoad('key', load, TTL)).toBe('value');
    await called(load);
    for (let read = 0; read < 5; read++) expect(await cache.getOrLoad('key', load, TTL)).toBe('value');
    expect(load).toHaveBeenCalledTimes(1);
    held.open('value');
    await untilProbed(1);
    await cache.getOrLoad('key', load, TTL);
    await untilProbed(2);
  });

  it.each(['set', 'invalidate', 'another value of the same size'])(
    'does not count an entry that changed meanwhile (%s)',
    async (how) => {
      const { cache, redis, prefix, found, time, untilProbed } = makeProbing();
      await cache.getOrLoad('key', () => 'old', TTL);
      const held = gate<string>();
      const load = vi.fn(() => held.promise);
      await cache.getOrLoad('key', load, TTL);
      await called(load);
      time.advance(1);
      if (how === 'set') await cache.set('key', 'new', TTL);
      else await cache.invalidate('key');
      if (how.startsWith('another')) await cache.getOrLoad('key', () => 'new', TTL);
      held.open('new');
      // The next probe can begin only when this one is over.
      await redis.set(`${prefix}:next`, 'j1', 'PX', 60_000);
      await vi.waitFor(async () => {
        await cache.getOrLoad('next', () => 1, TTL);
        expect(found).not.toEqual([]);
      }, PATIENCE);
      expect(found.map(({ key }) => key)).toEqual(found.map(() => `${prefix}:next`));
      await untilProbed(cache.stats().probes);
    },
  );

  it('takes the share of hits that it is told, by chance', async () => {
    const { cache, time, untilProbed } = makeProbing({ probe: { rate: 0.25 } });
    await cache.getOrLoad('key', () => 'value', TTL);
    const load = vi.fn(() => 'value');
    time.setRandom(0.25);
    for (let read = 0; read < 5; read++) await cache.getOrLoad('key', load, TTL);
    time.setRandom(0.249);
    await cache.getOrLoad('key', load, TTL);
    await untilProbed(1);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('says nothing when the loader fails, and goes on', async () => {
    const { cache, found, untilProbed } = makeProbing();
    await cache.getOrLoad('key', () => 'value', TTL);
    const failing = vi.fn(() => Promise.reject(new Error('the database is away')));
    expect(await cache.getOrLoad<string>('key', failing, TTL)).toBe('value');
    await called(failing);
    await vi.waitFor(async () => {
      await cache.getOrLoad('key', () => 'value', TTL);
      expect(found).not.toEqual([]);
    }, PATIENCE);
    await untilProbed(cache.stats().probes);
    expect(cache.stats().staleProbes).toBe(0);
  });

  it('keeps to the cap on loads', async () => {
    const { cache, untilProbed } = makeProbing({ loads: { maxConcurrent: 1 } });
    await cache.getOrLoad('key', () => 'value', TTL);
    const held = gate<string>();
    const slow = vi.fn(() => held.promise);
    const other = cache.getOrLoad('other', slow, TTL);
    await called(slow);
    const load = vi.fn(() => 'value');
    await cache.getOrLoad('key', load, TTL);
    await vi.waitFor(
      () => expect(cache.stats()).toMatchObject({ runningLoads: 1, queuedLoads: 1 }),
      PATIENCE,
    );
    expect(load).not.toHaveBeenCalled();
    held.open('value');
    await other;
    await untilProbed(1);
  });

  it('probes what the near cache answers, too', async () => {
    const { cache, found, untilProbed } = makeProbing({ near: { maxEntries: 10 } });
    const long = (word: string) => ({ text: word.repeat(200) });
    await vi.waitFor(async () => {
      const answer = await cache.getOrLoadWithOutcome('key', () => long('old'), TTL);
      expect(answer).toMatchObject({ outcome: 'hit', reason: 'near' });
    }, PATIENCE);
    await untilProbed(cache.stats().probes);
    const before = found.length;
    await vi.waitFor(async () => {
      expect(await cache.getOrLoadWithOutcome('key', () => long('new'), TTL)).toMatchObject({
        reason: 'near',
      });
      expect(found.length).toBeGreaterThan(before);
      expect(found.at(-1)).toMatchObject({ stale: true });
    }, PATIENCE);
  });

  it('is off unless it is asked for', async () => {
    const { cache, redis, prefix } = makeCache(UNHURRIED);
    await cache.getOrLoad('key', () => 'value', TTL);
    const load = vi.fn(() => 'other');
    for (let read = 0; read < 10; read++) await cache.getOrLoad('key', load, TTL);
    expect(load).not.toHaveBeenCalled();
    expect(await redis.get(`${prefix}:key`)).toBe('j"value"');
  });
});
