import type { RedisEvent } from '@workshop/wiretap';
import { describe, expect, it, vi } from 'vitest';
import { claimScript, releaseScript, storeScript } from '../src/redis/scripts.ts';
import { gate, makeCache, makeTappedCache } from './support.ts';
import { called, leaseName, manualTime, PATIENCE, UNHURRIED } from './support-time.ts';

const TTL = { ttlMs: 60_000 };

describe('the lease of a slow load', () => {
  const LEASE = { ms: 60_000, waitMs: 1_000_000 };

  it('is renewed for as long as it takes', async () => {
    const time = manualTime();
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time, lease: LEASE });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const read = cache.getOrLoadWithOutcome('key', load, TTL);
    await called(load);
    for (let round = 0; round < 3; round++) {
      await time.untilPausing();
      expect(time.pauses()).toEqual([20_000]);
      expect(await redis.pexpire(leaseName(prefix, 'key'), 30_000)).toBe(1);
      time.advance(20_000);
      await vi.waitFor(
        async () => expect(await redis.pttl(leaseName(prefix, 'key'))).toBeGreaterThan(30_000),
        PATIENCE,
      );
    }
    held.open('value');
    expect(await read).toMatchObject({ storing: { stored: true } });
    // The next tick finds nothing to renew, and is the last.
    time.advance(20_000);
    await vi.waitFor(() => expect(time.pauses()).toEqual([]), PATIENCE);
    expect(await redis.exists(leaseName(prefix, 'key'))).toBe(0);
  });

  it('makes it void when it is found lost: who comes then does not join, and its value is not stored', async () => {
    const time = manualTime();
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time, lease: LEASE });
    const [before, after] = [gate<string>(), gate<string>()];
    const load = vi.fn().mockReturnValueOnce(before.promise).mockReturnValueOnce(after.promise);
    const early = cache.getOrLoadWithOutcome<string>('key', load, TTL);
    await called(load, 1);
    await redis.set(leaseName(prefix, 'key'), `${'x'.repeat(36)} {}`, 'PX', 600_000);
    time.advance(20_000);
    // A void flight is not renewed any more.
    await vi.waitFor(() => expect(time.pauses()).toEqual([]), PATIENCE);
    await redis.unlink(leaseName(prefix, 'key'));
    const late = cache.getOrLoadWithOutcome<string>('key', load, TTL);
    await called(load, 2);
    before.open('old');
    expect(await early).toMatchObject({ value: 'old', storing: { storeReason: 'superseded' } });
    after.open('new');
    expect(await late).toMatchObject({ value: 'new', coalesced: false, storing: { stored: true } });
  });

  it('that is lost takes its error with it: nobody who comes later is given it', async () => {
    const time = manualTime();
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time, lease: LEASE });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const options = { ...TTL, errorTtlMs: 60_000 };
    const early = cache.getOrLoad('key', load, options);
    await called(load);
    await redis.unlink(leaseName(prefix, 'key'));
    time.advance(20_000);
    await vi.waitFor(() => expect(time.pauses()).toEqual([]), PATIENCE);
    await redis.ping();
    await vi.waitFor(async () => {
      const found = await cache.get('key');
      expect(found.outcome).toBe('miss');
    }, PATIENCE);
    held.fail(new Error('from before'));
    await expect(early).rejects.toThrow('from before');
    expect(await cache.getOrLoad('key', () => 'value', options)).toBe('value');
  });

  it('is renewed again after a renewal that failed', async () => {
    const time = manualTime();
    const { cache, tap, redis, prefix } = await makeTappedCache({ ...UNHURRIED, time, lease: LEASE });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const read = cache.getOrLoadWithOutcome('key', load, TTL);
    await called(load);
    await time.untilPausing();
    const bad = tap.weather.fail(({ name }) => name === 'EVALSHA', 'BUSY Redis is busy running a script');
    time.advance(20_000);
    await vi.waitFor(() => expect(cache.stats().errors.reply).toBe(1), PATIENCE);
    bad.stop();
    await time.untilPausing();
    await redis.pexpire(leaseName(prefix, 'key'), 30_000);
    time.advance(20_000);
    await vi.waitFor(
      async () => expect(await redis.pttl(leaseName(prefix, 'key'))).toBeGreaterThan(30_000),
      PATIENCE,
    );
    held.open('value');
    expect(await read).toMatchObject({ storing: { stored: true } });
  });
});

describe('a claim whose reply came after the time-out', () => {
  const scripted = (script: { readonly sha: string; readonly source: string }) => (event: RedisEvent) =>
    [script.sha, script.source].includes(String(event.args?.[0] ?? ''));

  it('gives the lease back, so that nobody waits for a load that is not made', async () => {
    const { cache, tap, redis, prefix } = await makeTappedCache({ timeoutMs: 1_000 });
    // The server learns the scripts.
    await vi.waitFor(async () => {
      const warm = await cache.getOrLoadWithOutcome('warm', () => 1, TTL);
      expect(warm.outcome).toBe('hit');
    }, PATIENCE);
    const late = tap.weather.hold(scripted(claimScript), { at: 'reply' });
    const answer = await cache.getOrLoadWithOutcome('key', () => 'loaded', TTL);
    expect(answer).toMatchObject({ value: 'loaded', storing: { stored: false } });
    expect(await redis.exists(leaseName(prefix, 'key'))).toBe(1);
    expect(cache.stats().errors.timeout).toBeGreaterThanOrEqual(1);
    const mark = tap.record.mark();
    late.release();
    await tap.record.waitFor(
      (event) => event.store === 'redis' && scripted(releaseScript)(event) && event.reply === 1,
      { timeoutMs: 20_000, from: mark },
    );
    expect(await redis.exists(leaseName(prefix, 'key'))).toBe(0);
    expect(
      tap.record.since(mark).filter((event) => event.store === 'redis' && scripted(storeScript)(event)),
    ).toEqual([]);
  });
});
