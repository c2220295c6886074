import { assert, describe, expect, it, vi } from 'vitest';
import { gate, makeCache, makeTappedCache } from './support.ts';
import { called, makePair, manualTime, PATIENCE, UNHURRIED } from './support-time.ts';

const SWR = { ttlMs: 10_000, staleWhileRevalidateMs: 50_000 };
const SIE = { ttlMs: 10_000, staleIfErrorMs: 50_000 };
const never = () => assert.fail('this is not loaded');
const away = () => Promise.reject(new Error('the database is away'));

describe('staleWhileRevalidateMs', () => {
  it('gives the old value at once, and one refresh among many readers of two processes brings the new one', async () => {
    const time = manualTime();
    const { here, there } = makePair({ time });
    await here.getOrLoad('key', () => 'old', SWR);
    time.advance(10_000);
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const stale = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        (index % 2 === 0 ? here : there).getOrLoadWithOutcome('key', load, SWR),
      ),
    );
    for (const answer of stale)
      expect(answer).toMatchObject({ outcome: 'hit', reason: 'stale', value: 'old' });
    await called(load);
    // Those who come while it runs do not begin another.
    expect(await there.getOrLoad('key', load, SWR)).toBe('old');
    expect(await here.getOrLoad('key', load, SWR)).toBe('old');
    held.open('new');
    await vi.waitFor(() => expect(here.stats().writes + there.stats().writes).toBe(2), PATIENCE);
    expect(await here.getOrLoadWithOutcome('key', never, SWR)).toMatchObject({
      reason: 'found',
      value: 'new',
    });
    expect(await there.getOrLoad('key', never, SWR)).toBe('new');
    expect(load).toHaveBeenCalledTimes(1);
    expect(here.stats().refreshes + there.stats().refreshes).toBe(1);
    expect(here.stats().staleHits + there.stats().staleHits).toBe(52);
    expect(here.stats().misses + there.stats().misses).toBe(1);
  });

  it('ends: past it the value is a miss, and the reader waits for the load', async () => {
    const time = manualTime();
    const { cache } = makeCache({ ...UNHURRIED, time });
    await cache.getOrLoad('key', () => 'old', SWR);
    time.advance(9_999);
    expect(await cache.getOrLoadWithOutcome('key', never, SWR)).toMatchObject({ reason: 'found' });
    time.advance(50_001);
    const answer = await cache.getOrLoadWithOutcome('key', () => 'new', SWR);
    expect(answer).toMatchObject({ outcome: 'miss', reason: 'expired', value: 'new' });
  });

  it('is the reader’s to allow: who does not gets a miss', async () => {
    const time = manualTime();
    const { cache } = makeCache({ ...UNHURRIED, time });
    await cache.getOrLoad('key', () => 'old', SWR);
    time.advance(10_000);
    expect(await cache.get('key')).toMatchObject({ outcome: 'miss', reason: 'expired' });
    const answer = await cache.getOrLoadWithOutcome('key', () => 'new', { ttlMs: 10_000 });
    expect(answer).toMatchObject({ outcome: 'miss', reason: 'expired', value: 'new' });
  });

  it('is kept in Redis for the TTL and the time after it', async () => {
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time: manualTime() });
    const options = { ...SWR, staleIfErrorMs: 20_000 };
    const answer = await cache.getOrLoadWithOutcome('key', () => 'value', options);
    expect(answer).toMatchObject({ storing: { stored: true, ttlMs: 60_000 } });
    const left = await redis.pttl(`${prefix}:key`);
    expect(left).toBeGreaterThan(30_000);
    expect(left).toBeLessThanOrEqual(60_000);
  });

  it('keeps the old value when the refresh fails, and lets a later reader try again', async () => {
    const time = manualTime();
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time });
    await cache.getOrLoad('key', () => 'old', SWR);
    time.advance(10_000);
    const failing = vi.fn(away);
    expect(await cache.getOrLoad<string>('key', failing, SWR)).toBe('old');
    await vi.waitFor(() => expect(cache.stats().loadErrors).toBe(1), PATIENCE);
    await vi.waitFor(async () => expect(await redis.keys(`${prefix}:lease:*`)).toEqual([]), PATIENCE);
    const load = vi.fn(() => 'new');
    expect(await cache.getOrLoad('key', load, SWR)).toBe('old');
    await vi.waitFor(() => expect(cache.stats().writes).toBe(2), PATIENCE);
    expect(await cache.getOrLoad('key', never, SWR)).toBe('new');
    expect(cache.stats()).toMatchObject({ refreshes: 2, staleHits: 2 });
  });

  it('survives a Redis that does not let it claim the refresh, and counts the fault', async () => {
    const time = manualTime();
    const { cache, tap } = await makeTappedCache({ ...UNHURRIED, time });
    await cache.getOrLoad('key', () => 'old', SWR);
    time.advance(10_000);
    const spell = tap.weather.fail(({ name }) => name === 'EVALSHA', 'OOM command not allowed');
    const load = vi.fn(() => 'new');
    expect(await cache.getOrLoad('key', load, SWR)).toBe('old');
    await vi.waitFor(() => expect(cache.stats().errors.reply).toBe(1), PATIENCE);
    expect(load).not.toHaveBeenCalled();
    spell.stop();
  });

  it('never gives a value that was invalidated, nor lets a refresh that was overtaken store', async () => {
    const time = manualTime();
    const { here, there } = makePair({ time });
    const options = { ...SWR, staleIfErrorMs: 50_000, tags: ['tag'] };
    for (const invalidate of [() => there.invalidate('key'), () => there.invalidateTags(['tag'])]) {
      await here.getOrLoad('key', () => 'old', options);
      time.advance(10_000);
      const held = gate<string>();
      const load = vi.fn(() => held.promise);
      expect(await here.getOrLoad('key', load, options)).toBe('old');
      await called(load);
      expect(await invalidate()).toBe(true);
      await expect(here.getOrLoad<string>('key', away, options)).rejects.toThrow('the database is away');
      expect(await there.get('key')).toMatchObject({ outcome: 'miss' });
      held.open('overtaken');
      await vi.waitFor(() => expect(here.stats().runningLoads).toBe(0), PATIENCE);
      expect(await here.getOrLoad('key', () => 'new', options)).toBe('new');
      await here.invalidate('key');
    }
  });

  it('goes for JSON bytes too', async () => {
    const time = manualTime();
    const { cache } = makeCache({ ...UNHURRIED, time });
    await cache.getOrLoad('key', () => ['old'], SWR);
    time.advance(10_000);
    expect((await cache.getOrLoadJson('key', () => ['new'], SWR)).toString()).toBe('["old"]');
    await vi.waitFor(() => expect(cache.stats().writes).toBe(2), PATIENCE);
    expect((await cache.getOrLoadJson('key', never, SWR)).toString()).toBe('["new"]');
  });
});

describe('staleIfErrorMs', () => {
  it('gives the old value only when the load fails', async () => {
    const time = manualTime();
    const { cache } = makeCache({ ...UNHURRIED, time });
    await cache.getOrLoad('key', () => 'old', SIE);
    time.advance(10_000);
    const kept = await cache.getOrLoadWithOutcome<string>('key', away, SIE);
    expect(kept).toMatchObject({ outcome: 'hit', reason: 'stale', value: 'old' });
    const answer = await cache.getOrLoadWithOutcome('key', () => 'new', SIE);
    expect(answer).toMatchObject({ outcome: 'miss', reason: 'expired', value: 'new' });
    expect(cache.stats()).toMatchObject({ staleOnError: 1, misses: 3, hits: 0, loads: 3, loadErrors: 1 });
    time.advance(60_000);
    await expect(cache.getOrLoad<string>('key', away, SIE)).rejects.toThrow('the database is away');
  });

  it('gives it to all who waited for the load that failed', async () => {
    const time = manualTime();
    const { cache } = makeCache({ ...UNHURRIED, time });
    await cache.getOrLoad('key', () => 'old', SIE);
    time.advance(10_000);
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const reads = Array.from({ length: 20 }, () => cache.getOrLoad('key', load, SIE));
    await vi.waitFor(() => expect(cache.stats().coalesced).toBe(19), PATIENCE);
    held.fail(new Error('deadlock found'));
    expect(new Set(await Promise.all(reads))).toEqual(new Set(['old']));
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('comes after staleWhileRevalidateMs where both are given', async () => {
    const time = manualTime();
    const { cache } = makeCache({ ...UNHURRIED, time });
    const both = { ttlMs: 10_000, staleWhileRevalidateMs: 10_000, staleIfErrorMs: 40_000 };
    await cache.getOrLoad('key', () => 'old', both);
    time.advance(15_000);
    const refresh = vi.fn(away);
    expect(await cache.getOrLoad<string>('key', refresh, both)).toBe('old');
    await vi.waitFor(() => expect(cache.stats().loadErrors).toBe(1), PATIENCE);
    time.advance(10_000);
    const failing = vi.fn(away);
    expect(await cache.getOrLoad<string>('key', failing, both)).toBe('old');
    expect(failing).toHaveBeenCalledTimes(1);
    expect(cache.stats()).toMatchObject({ staleHits: 1, staleOnError: 1 });
  });

  it('goes for many, each id for itself, and for JSON bytes', async () => {
    const time = manualTime();
    const { cache } = makeCache({ ...UNHURRIED, time });
    const options = { ...SIE, key: (id: number) => `row:${id}` };
    await cache.getOrLoadMany([1, 2], (ids) => new Map(ids.map((id) => [id, `row ${id}`])), options);
    time.advance(10_000);
    const found = await cache.getOrLoadMany<number, string>([1, 2], away, options);
    expect([...found.values()]).toEqual(['row 1', 'row 2']);
    expect((await cache.getOrLoadJson('row:1', away, SIE)).toString()).toBe('"row 1"');
    await expect(cache.getOrLoadMany<number, string>([1, 4], away, options)).rejects.toThrow(
      'the database is away',
    );
  });
});
