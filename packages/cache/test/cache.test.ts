import { assert, describe, expect, it, vi } from 'vitest';
import { CacheEncodeError, CacheOptionError } from '../src/index.ts';
import { makeCache } from './support.ts';

const TTL = { ttlMs: 60_000 };

describe('getOrLoad', () => {
  it('loads a missing value once, stores it with its expiry, and then gives it from Redis', async () => {
    const { cache, redis, prefix } = makeCache();
    const load = vi.fn(async () => [{ id: 1 }]);

    expect(await cache.getOrLoad('rows', load, TTL)).toEqual([{ id: 1 }]);
    expect(await redis.get(`${prefix}:rows`)).toBe('j[{"id":1}]');
    const ttl = await redis.pttl(`${prefix}:rows`);
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(60_000);

    expect(await cache.getOrLoad('rows', load, TTL)).toEqual([{ id: 1 }]);
    expect(load).toHaveBeenCalledTimes(1);
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 1, bypasses: 0, loads: 1, writes: 1 });
  });

  it.each<[string, unknown]>([
    ['0', 0],
    ['an empty string', ''],
    ['false', false],
    ['null', null],
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['an empty list', []],
  ])('counts %s as a value', async (_name, value) => {
    const { cache } = makeCache();
    const load = vi.fn(() => value);

    const first = await cache.getOrLoadWithOutcome('key', load, TTL);
    const second = await cache.getOrLoadWithOutcome('key', load, TTL);

    expect([first.outcome, second.outcome]).toEqual(['miss', 'hit']);
    expect(first.value).toStrictEqual(value);
    expect(second.value).toStrictEqual(value);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('gives equal values on a miss and on a hit, types included', async () => {
    const { cache } = makeCache();
    const row = {
      at: new Date(0),
      big: 2n ** 60n,
      blob: Buffer.from('x'),
      set: new Set([1]),
      none: undefined,
    };
    const miss = await cache.getOrLoad('row', () => row, TTL);
    const hit = await cache.getOrLoad('row', () => assert.fail('a hit does not load'), TTL);
    expect(hit).toStrictEqual(miss);
  });

  it('loads again when the time of a value is up', async () => {
    const { cache, redis, prefix } = makeCache();
    await cache.getOrLoad('key', () => 'old', TTL);
    await redis.pexpire(`${prefix}:key`, 0);
    const answer = await cache.getOrLoadWithOutcome('key', () => 'new', TTL);
    expect(answer).toMatchObject({ outcome: 'miss', reason: 'absent', value: 'new' });
  });

  it('passes on what the load throws, stores nothing, and loads again next time', async () => {
    const { cache, redis, prefix } = makeCache();
    const failure = new Error('the database is away');
    await expect(cache.getOrLoad('key', () => Promise.reject(failure), TTL)).rejects.toBe(failure);
    await expect(
      cache.getOrLoad(
        'key',
        () => {
          throw failure;
        },
        TTL,
      ),
    ).rejects.toBe(failure);
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
    expect(await cache.getOrLoad('key', () => 'there again', TTL)).toBe('there again');
    expect(cache.stats()).toMatchObject({ loads: 3, loadErrors: 2, writes: 1 });
  });

  it('gives a value that cannot be stored, and says so', async () => {
    const onError = vi.fn();
    const { cache } = makeCache({ onError });
    const value = { now: () => 1 };
    const answer = await cache.getOrLoadWithOutcome('key', () => value, TTL);
    expect(answer).toMatchObject({ outcome: 'miss', storing: { stored: false, storeReason: 'unencodable' } });
    expect(answer.value).toBe(value);
    expect(onError).toHaveBeenCalledWith(expect.any(CacheEncodeError));
    expect(cache.stats().errors.encode).toBe(1);
  });

  it.each([
    ['bytes of another program', 'O:8:"stdClass":0:{}'],
    ['a format of a later version', 'z\u0001\u0002'],
    ['a value cut short', 'j{"rows":['],
  ])('takes %s for a miss, counts it, and stores over it', async (_name, bytes) => {
    const { cache, redis, prefix } = makeCache();
    await redis.set(`${prefix}:key`, bytes, 'PX', 60_000);
    const answer = await cache.getOrLoadWithOutcome('key', () => 1, TTL);
    expect(answer).toMatchObject({
      outcome: 'miss',
      reason: 'undecodable',
      value: 1,
      storing: { stored: true },
    });
    expect(cache.stats()).toMatchObject({ misses: 1, errors: { decode: 1 } });
    expect(await redis.get(`${prefix}:key`)).toBe('j1');
  });

  it('survives a key of another type, and stores over it', async () => {
    const { cache, redis, prefix } = makeCache();
    await redis.hset(`${prefix}:key`, 'field', 'value');
    const answer = await cache.getOrLoadWithOutcome('key', () => 1, TTL);
    expect(answer).toMatchObject({ outcome: 'bypass', reason: 'reply', storing: { stored: true } });
    expect(await cache.get('key')).toMatchObject({ outcome: 'hit', value: 1 });
  });

  it('refuses a TTL that is none, naming it', async () => {
    const { cache } = makeCache();
    for (const ttlMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, undefined, '60']) {
      // @ts-expect-error: some of these are no numbers
      await expect(cache.getOrLoad('key', () => 1, { ttlMs })).rejects.toThrow(CacheOptionError);
    }
    // @ts-expect-error: the TTL has no default
    await expect(cache.set('key', 1)).rejects.toThrow(/^ttlMs must be .* but is undefined/);
    await expect(cache.getOrLoad('', () => 1, TTL)).rejects.toThrow(/^key must be/);
    // @ts-expect-error: a loader is a function
    await expect(cache.getOrLoad('key', Promise.resolve(1), TTL)).rejects.toThrow(/^load must be a function/);
  });
});

describe('the outcome', () => {
  it('tells what a miss did and what a hit found', async () => {
    const { cache, prefix } = makeCache();
    const miss = await cache.getOrLoadWithOutcome('key', () => 'value', TTL);
    expect(miss).toEqual({
      outcome: 'miss',
      reason: 'absent',
      value: 'value',
      key: `${prefix}:key`,
      coalesced: false,
      loadMs: expect.any(Number),
      redisMs: expect.any(Number),
      storing: { stored: true, ttlMs: 60_000, bytes: 8 },
      storeMs: expect.any(Number),
    });
    const hit = await cache.getOrLoadWithOutcome('key', () => 'other', TTL);
    assert(hit.outcome === 'hit');
    expect(hit).toEqual({
      outcome: 'hit',
      reason: 'found',
      value: 'value',
      key: `${prefix}:key`,
      bytes: 8,
      ttlMs: expect.any(Number),
      redisMs: expect.any(Number),
    });
    expect(hit.ttlMs).toBeGreaterThan(0);
    expect(hit.ttlMs).toBeLessThanOrEqual(60_000);
  });

  it('has no TTL for a key that somebody else stored for ever', async () => {
    const { cache, redis, prefix } = makeCache();
    await redis.set(`${prefix}:key`, 'j1');
    expect(await cache.get('key')).toMatchObject({ outcome: 'hit', value: 1, ttlMs: undefined });
  });
});

describe('get, set and invalidate', () => {
  it('tells a stored undefined from nothing', async () => {
    const { cache } = makeCache();
    expect(await cache.get('key')).toMatchObject({ outcome: 'miss', reason: 'absent' });
    expect(await cache.set('key', undefined, TTL)).toBe(true);
    expect(await cache.get('key')).toMatchObject({ outcome: 'hit', value: undefined });
  });

  it('invalidates one key and leaves its neighbours', async () => {
    const { cache } = makeCache();
    await cache.set('a', 1, TTL);
    await cache.set('ab', 2, TTL);
    expect(await cache.invalidate('a')).toBe(true);
    expect(await cache.get('a')).toMatchObject({ outcome: 'miss' });
    expect(await cache.get('ab')).toMatchObject({ outcome: 'hit', value: 2 });
    expect(cache.stats()).toMatchObject({ writes: 2, invalidations: 1 });
  });

  it('rejects a set of what cannot be kept, and leaves what is stored', async () => {
    const { cache } = makeCache();
    await cache.set('key', 1, TTL);
    await expect(cache.set('key', () => 1, TTL)).rejects.toThrow(CacheEncodeError);
    expect(await cache.get('key')).toMatchObject({ outcome: 'hit', value: 1 });
  });

  it('keeps two prefixes apart', async () => {
    const one = makeCache();
    const two = makeCache();
    await one.cache.set('key', 1, TTL);
    expect(await two.cache.get('key')).toMatchObject({ outcome: 'miss' });
  });
});

describe('clear', () => {
  it('removes all under its prefix and nothing else', async () => {
    // So many writes at once take their time on a busy machine; how long a write may take is not the matter here.
    const { cache, prefix, redis } = makeCache({ timeoutMs: 20_000 });
    const longer = makeCache({ prefix: `${prefix}x` });
    await Promise.all(Array.from({ length: 2_500 }, (_, index) => cache.set(`key:${index}`, index, TTL)));
    await longer.cache.set('key', 1, TTL);

    expect(await cache.clear()).toEqual({ removed: 2_500, error: undefined });

    expect(await redis.keys(`${prefix}:*`)).toEqual([]);
    expect(await longer.cache.get('key')).toMatchObject({ outcome: 'hit' });
  });

  it('takes the signs of a glob in its prefix literally', async () => {
    const { prefix } = makeCache();
    const starred = makeCache({ prefix: `${prefix}[*]?` });
    const hit = makeCache({ prefix: `${prefix}*a` });
    await starred.cache.set('key', 1, TTL);
    await hit.cache.set('key', 1, TTL);
    expect(await starred.cache.clear()).toEqual({ removed: 1, error: undefined });
    expect(await hit.cache.get('key')).toMatchObject({ outcome: 'hit' });
  });
});

describe('a codec of your own', () => {
  it('is used both ways, and its failures are survived', async () => {
    const codec = {
      encode: (value: unknown) => Buffer.from(`!${String(value)}`),
      decode: (bytes: Buffer) => {
        if (bytes[0] !== 33) throw new Error('not mine');
        return bytes.toString('utf8', 1);
      },
    };
    const { cache, redis, prefix } = makeCache({ codec });
    await cache.getOrLoad('key', () => 'value', TTL);
    expect(await redis.get(`${prefix}:key`)).toBe('!value');
    expect(await cache.getOrLoad('key', () => 'other', TTL)).toBe('value');
    await redis.set(`${prefix}:key`, '?', 'PX', 60_000);
    expect(await cache.getOrLoad('key', () => 'loaded', TTL)).toBe('loaded');
    expect(cache.stats().errors.decode).toBe(1);
  });
});
