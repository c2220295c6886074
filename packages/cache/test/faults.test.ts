import { assert, describe, expect, it, vi } from 'vitest';
import type { RedisEvent } from '@workshop/wiretap';
import { CacheRedisError } from '../src/index.ts';
import { storeScript } from '../src/redis/scripts.ts';
import { gate, makeTappedCache } from './support.ts';

const TTL = { ttlMs: 60_000 };
const named = (name: string) => (event: RedisEvent) => event.name === name;
/** The script that stores a value, by its digest or, on a server that does not know it yet, by its text. */
const storing = (event: RedisEvent) =>
  [storeScript.sha, storeScript.source].includes(String(event.args?.[0] ?? ''));
const commands = (events: readonly RedisEvent[]) =>
  events.flatMap(({ kind, name }) => (kind === 'command' && name !== undefined ? [name] : []));

describe('on the wire', () => {
  it('a miss is GET and PTTL at once, a lease, then one write with its expiry', async () => {
    const { cache, tap } = await makeTappedCache();
    // The server learns the scripts.
    await cache.getOrLoad('warm', () => 1, TTL);
    const mark = tap.record.mark();
    await cache.getOrLoadWithOutcome('key', () => 'value', { ttlMs: 1_234.9 });
    const events = tap.record.since(mark).filter((event) => event.store === 'redis');
    expect(commands(events)).toEqual(['GET', 'PTTL', 'EVALSHA', 'EVALSHA']);
    const [get, ttl, _claim, store] = events;
    // Sent together: the second was asked before the first was answered.
    assert(get?.endedAt !== undefined && ttl !== undefined);
    expect(ttl.startedAt).toBeLessThanOrEqual(get.endedAt);
    expect(store?.args?.slice(-2).map(String)).toEqual(['j"value"', '1234']);
  });

  it('a plain read is one GET', async () => {
    const { cache, tap } = await makeTappedCache();
    await cache.set('key', 1, TTL);
    const mark = tap.record.mark();
    await cache.getOrLoad('key', () => 2, TTL);
    expect(commands(tap.record.since(mark).filter((event) => event.store === 'redis'))).toEqual(['GET']);
  });
});

describe('a Redis whose reply comes late', () => {
  it('does not make a second load: a reader that missed before the write joins even after the load', async () => {
    const { cache, tap } = await makeTappedCache({ timeoutMs: 60_000 });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const first = cache.getOrLoadWithOutcome('key', load, TTL);
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1), { timeout: 20_000 });
    const late = tap.weather.hold(named('GET'), { at: 'reply' });
    const second = cache.getOrLoadWithOutcome('key', load, TTL);
    await late.arrived;
    held.open('loaded');
    await tap.record.waitFor((event) => event.store === 'redis' && storing(event), { timeoutMs: 20_000 });
    late.release();
    expect((await Promise.all([first, second])).map(({ value }) => value)).toEqual(['loaded', 'loaded']);
    expect(load).toHaveBeenCalledTimes(1);
    expect(cache.stats()).toMatchObject({ misses: 2, coalesced: 1, writes: 1 });
  });
});

describe('a Redis that hangs', () => {
  it('holds a read up for no longer than the time-out, and the value is the loader’s', async () => {
    const { cache, tap, redis, prefix } = await makeTappedCache({ timeoutMs: 50 });
    // Not by the cache: on a busy machine, 50 ms may be too short for a Redis that is well.
    await redis.set(`${prefix}:key`, 'j"cached"', 'EX', 60);
    tap.weather.hang();
    const answer = await cache.getOrLoadWithOutcome('key', () => 'loaded', TTL);
    expect(answer).toMatchObject({
      outcome: 'bypass',
      reason: 'timeout',
      value: 'loaded',
      storing: { stored: false, storeReason: 'timeout' },
    });
    expect(cache.stats()).toMatchObject({ bypasses: 1, errors: { timeout: 1 } });
  });

  it('is asked once a read: after a time-out nothing is written', async () => {
    const { cache, tap } = await makeTappedCache({ timeoutMs: 50 });
    await cache.get('warm');
    tap.weather.hang();
    const mark = tap.record.mark();
    await cache.getOrLoad('key', () => 'loaded', TTL);
    expect(commands(tap.record.since(mark).filter((event) => event.store === 'redis'))).toEqual(['GET']);
  });

  it('only on writing gives the value all the same, and says that it is not stored', async () => {
    // Long enough for the look-up and the lease on a busy machine.
    const { cache, tap } = await makeTappedCache({ timeoutMs: 1_000 });
    tap.weather.hang(storing);
    const answer = await cache.getOrLoadWithOutcome('key', () => 'loaded', TTL);
    expect(answer).toMatchObject({
      outcome: 'miss',
      value: 'loaded',
      storing: { stored: false, storeReason: 'timeout' },
    });
  });

  it('answers again once it is well, on the same connection', async () => {
    const { cache, tap, redis, prefix } = await makeTappedCache({ timeoutMs: 50 });
    // Not by the cache: on a busy machine, 50 ms may be too short for a Redis that is well.
    await redis.set(`${prefix}:key`, 'j"cached"', 'EX', 60);
    const spell = tap.weather.hang();
    expect(await cache.getOrLoad('key', () => 'loaded', TTL)).toBe('loaded');
    spell.stop();
    await vi.waitFor(async () => expect(await cache.get('key')).toMatchObject({ outcome: 'hit' }), {
      timeout: 20_000,
    });
  });
});

describe('a Redis that refuses', () => {
  it('connections is passed by at once', async () => {
    const onError = vi.fn();
    // A time-out that the test could not wait for: not connected means not asked.
    const { cache, tap, client } = await makeTappedCache({ timeoutMs: 600_000, onError });
    await cache.set('key', 'cached', TTL);
    const refused = tap.weather.refuse();
    await vi.waitFor(() => expect(client.status).not.toBe('ready'), { timeout: 20_000 });

    for (const read of [1, 2, 3]) {
      const answer = await cache.getOrLoadWithOutcome('key', () => read, TTL);
      expect(answer).toMatchObject({ outcome: 'bypass', reason: 'unavailable', value: read });
    }
    expect(onError).toHaveBeenCalledWith(expect.any(CacheRedisError));

    refused.stop();
    await vi.waitFor(async () => expect(await cache.get('key')).toMatchObject({ outcome: 'hit' }), {
      timeout: 20_000,
    });
  });

  it('and then answers no greeting is not waited for either, having been lost', async () => {
    const { cache, tap, client } = await makeTappedCache({ timeoutMs: 600_000 });
    await cache.get('warm');
    const refused = tap.weather.refuse();
    await vi.waitFor(() => expect(client.status).toBe('reconnecting'), { timeout: 20_000 });
    tap.weather.hang();
    refused.stop();
    // Connected, and waiting for the reply to HELLO.
    await vi.waitFor(() => expect(client.status).toBe('connect'), { timeout: 20_000, interval: 5 });
    expect(await cache.getOrLoadWithOutcome('key', () => 'loaded', TTL)).toMatchObject({
      outcome: 'bypass',
      reason: 'unavailable',
    });
  });

  it.each([
    ['OOM', 'OOM command not allowed when used memory > maxmemory'],
    ['READONLY', "READONLY You can't write against a read only replica"],
    ['MISCONF', 'MISCONF Redis is configured to save RDB snapshots'],
  ])('writes with %s still gives the value, counted', async (_name, line) => {
    const { cache, tap } = await makeTappedCache();
    tap.weather.fail(storing, line);
    const answer = await cache.getOrLoadWithOutcome('key', () => 'loaded', TTL);
    expect(answer).toMatchObject({
      outcome: 'miss',
      value: 'loaded',
      storing: { stored: false, storeReason: 'reply' },
    });
    expect(cache.stats()).toMatchObject({ misses: 1, writes: 0, errors: { reply: 1 } });
  });

  it.each([
    ['LOADING', 'LOADING Redis is loading the dataset in memory'],
    ['NOAUTH', 'NOAUTH Authentication required.'],
    ['MASTERDOWN', 'MASTERDOWN Link with MASTER is down'],
  ])('reads with %s gives the value of the loader', async (_name, line) => {
    const { cache, tap } = await makeTappedCache();
    tap.weather.fail(named('GET'), line);
    expect(await cache.getOrLoadWithOutcome('key', () => 'loaded', TTL)).toMatchObject({
      outcome: 'bypass',
      reason: 'reply',
      value: 'loaded',
    });
  });

  it('in the middle of a reply, by cutting it, fails no read', async () => {
    const { cache, tap } = await makeTappedCache();
    await cache.set('key', 'x'.repeat(10_000), TTL);
    tap.weather.cutReply(named('GET'));
    expect(await cache.getOrLoadWithOutcome('key', () => 'loaded', TTL)).toMatchObject({
      outcome: 'bypass',
      value: 'loaded',
    });
  });
});

describe('a Redis that is slow to start', () => {
  it('is waited for within the time-out by the first read', async () => {
    const { cache, tap, client } = await makeTappedCache({ timeoutMs: 60_000 });
    expect(client.status).not.toBe('ready');
    expect(await cache.getOrLoadWithOutcome('key', () => 'loaded', TTL)).toMatchObject({
      outcome: 'miss',
      storing: { stored: true },
    });
    expect(tap.openConnections).toBe(1);
  });

  it('gets no write that the reader no longer stands behind', async () => {
    const { cache, tap, redis, prefix, client } = await makeTappedCache({ timeoutMs: 50 });
    const hang = tap.weather.hang();
    expect(await cache.set('key', 'late', TTL)).toBe(false);
    hang.stop();
    await vi.waitFor(() => expect(client.status).toBe('ready'), { timeout: 20_000 });
    await client.ping();
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
  });
});

describe('an invalidation that Redis does not hear', () => {
  it('is kept by this process, and made good when Redis is back', async () => {
    const { cache, tap, redis, prefix, client } = await makeTappedCache();
    await cache.set('key', 'old', TTL);
    await cache.set('other', 'old', TTL);
    const refused = tap.weather.refuse();
    await vi.waitFor(() => expect(client.status).not.toBe('ready'), { timeout: 20_000 });

    expect(await cache.invalidate('key')).toBe(false);
    expect(await cache.set('other', 'new', TTL)).toBe(false);
    expect(await redis.get(`${prefix}:key`)).toBe('j"old"');
    expect(cache.stats().owedInvalidations).toBe(2);

    refused.stop();
    await vi.waitFor(() => expect(cache.stats().owedInvalidations).toBe(0), { timeout: 20_000 });
    expect(await redis.exists(`${prefix}:key`, `${prefix}:other`)).toBe(0);
    expect(await cache.getOrLoad('key', () => 'new', TTL)).toBe('new');
  });

  it('is never answered with the old value, while it is owed', async () => {
    const { cache, tap, redis, prefix } = await makeTappedCache();
    await cache.set('key', 'old', TTL);
    const spell = tap.weather.fail(named('UNLINK'), 'READONLY You cannot write against a read only replica');
    expect(await cache.invalidate('key')).toBe(false);

    expect(await cache.get('key')).toMatchObject({ outcome: 'miss', reason: 'invalidated' });
    const refused = await cache.getOrLoadWithOutcome('key', () => 'new', TTL);
    expect(refused).toMatchObject({ reason: 'invalidated', value: 'new', storing: { stored: false } });
    expect(await redis.get(`${prefix}:key`)).toBe('j"old"');

    spell.stop();
    const settled = await cache.getOrLoadWithOutcome('key', () => 'new', TTL);
    expect(settled).toMatchObject({ reason: 'invalidated', value: 'new', storing: { stored: true } });
    expect(await cache.get('key')).toMatchObject({ outcome: 'hit', value: 'new' });
    expect(cache.stats().owedInvalidations).toBe(0);
  });

  it('still keeps a load that ran meanwhile from being stored', async () => {
    const { cache, tap, redis, prefix } = await makeTappedCache();
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const early = cache.getOrLoad('key', load, TTL);
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1), { timeout: 20_000 });
    tap.weather.fail(named('UNLINK'), 'OOM command not allowed');
    await cache.invalidate('key');
    held.open('old');
    expect(await early).toBe('old');
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
  });

  it('is told by clear, with what it had removed until then', async () => {
    const { cache, tap } = await makeTappedCache();
    await cache.set('key', 1, TTL);
    tap.weather.fail(named('UNLINK'), 'READONLY You cannot write against a read only replica');
    const { removed, error } = await cache.clear();
    expect(removed).toBe(0);
    expect(error).toMatchObject({ fault: 'reply', command: 'UNLINK' });
  });
});

describe('onError', () => {
  it('may throw without failing the read', async () => {
    const warned = vi.fn();
    process.once('warning', warned);
    const { cache, tap } = await makeTappedCache({
      onError: () => {
        throw new Error('the log is full');
      },
    });
    tap.weather.fail(named('GET'), 'ERR no');
    expect(await cache.getOrLoad('key', () => 'loaded', TTL)).toBe('loaded');
    await vi.waitFor(() => expect(warned).toHaveBeenCalledTimes(1), { timeout: 20_000 });
  });
});
