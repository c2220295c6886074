import { Redis } from 'ioredis';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { CacheOptionError, cacheClientOptions, createCache } from '../src/index.ts';
import { RedisLeases } from '../src/leases.ts';
import { leaseOf, namesUnder } from '../src/names.ts';
import { CircuitBreaker } from '../src/redis/breaker.ts';
import { RedisLink } from '../src/redis/link.ts';
import { connect, gate, makeCache, makeTappedCache, testPrefix } from './support.ts';
import { makePair, manualTime, PATIENCE, UNHURRIED } from './support-time.ts';

const TTL = { ttlMs: 60_000 };

/** What an attacker, or an odd program beside ours, once made the cache do. */
describe('found by attacking', () => {
  it('two caches whose loads read each other, with all places taken, come to an end', async () => {
    const loads = { maxConcurrent: 2 };
    const [one, two] = [makeCache({ ...UNHURRIED, loads }).cache, makeCache({ ...UNHURRIED, loads }).cache];
    const reads = [0, 1, 2, 3].flatMap((id) => [
      one.getOrLoad(`a${id}`, () => two.getOrLoad(`c${id}`, () => id, TTL), TTL),
      two.getOrLoad(`b${id}`, () => one.getOrLoad(`d${id}`, () => id, TTL), TTL),
    ]);
    expect(await Promise.all(reads)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  it('halves of surrogate pairs are keys of their own, and are not U+FFFD', async () => {
    const { cache } = makeCache(UNHURRIED);
    const keys = ['user:\ud800', 'user:\ud801', 'user:\ufffd'];
    for (const key of keys) await cache.set(key, key, TTL);
    for (const key of keys) expect(await cache.get(key)).toMatchObject({ outcome: 'hit', value: key });
  });

  it('a key of many percent signs costs what its length does', () => {
    const { value } = namesUnder('p');
    const long = '%'.repeat(1_000_000);
    // The first way of writing it took minutes for this; the time-out of the test is what notices.
    expect(value(`${long}a{`)).toBe(`p:${long}a%(`);
  });

  it('a deletion that Redis refused is tried again, though the connection never broke', async () => {
    const { cache, tap, redis, prefix } = await makeTappedCache(UNHURRIED);
    await cache.set('key', 'old', TTL);
    const refusing = tap.weather.fail(({ name }) => name === 'UNLINK', 'NOREPLICAS Not enough good replicas');
    expect(await cache.invalidate('key')).toBe(false);
    refusing.stop();
    await vi.waitFor(async () => expect(await redis.exists(`${prefix}:key`)).toBe(0), PATIENCE);
    await vi.waitFor(() => expect(cache.stats().owedInvalidations).toBe(0), PATIENCE);
  });

  it('a lease of a fraction of a millisecond is rounded, and values are stored', async () => {
    const { cache } = makeCache({ ...UNHURRIED, lease: { ms: 10_000 / 3 } });
    await cache.getOrLoad('key', () => 1, TTL);
    expect(await cache.get('key')).toMatchObject({ outcome: 'hit' });
  });

  it('values that begin alike are told apart when one of them was refused', async () => {
    const { here, there } = makePair();
    const tags = ['a'.repeat(60), 'b'.repeat(60), 'c'.repeat(60)];
    await here.getOrLoad('key', () => 'old', { ...TTL, tags });
    await here.invalidateTags(tags.slice(2));
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const reads = [here, there].map((cache) => cache.getOrLoad('key', load, { ...TTL, tags }));
    await vi.waitFor(() => expect(there.stats().leaseWaits + here.stats().leaseWaits).toBe(1), PATIENCE);
    held.open('new');
    expect(await Promise.all(reads)).toEqual(['new', 'new']);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('a codec that gives no Buffer loses the value, and nothing else', async () => {
    const codec = { encode: (): never => JSON.stringify({}) as never, decode: () => 1 };
    const { cache } = makeCache({ ...UNHURRIED, codec });
    const answer = await cache.getOrLoadWithOutcome('key', () => 'value', TTL);
    expect(answer).toMatchObject({ value: 'value', storing: { storeReason: 'unencodable' } });
  });

  it('an empty payload is a value for those who waited for it', async () => {
    const codec = { encode: (value: unknown) => Buffer.from(String(value)), decode: String };
    const { here, there } = makePair({ codec });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const reads = [here, there].map((cache) => cache.getOrLoad('key', load, TTL));
    await vi.waitFor(() => expect(there.stats().leaseWaits + here.stats().leaseWaits).toBe(1), PATIENCE);
    held.open('');
    expect(await Promise.all(reads)).toEqual(['', '']);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('a clock that is set back does not keep the breaker open, nor an error remembered', async () => {
    let now = 1_000_000;
    const breaker = new CircuitBreaker({ faults: 1, openMs: 1_000, now: () => now, onState: () => {} });
    breaker.timedOut();
    expect(breaker.admits()).toBe(false);
    now -= 3_600_000;
    expect(breaker.admits()).toBe(true);

    const time = manualTime();
    const { cache } = makeCache({ ...UNHURRIED, time });
    const load = vi.fn().mockRejectedValueOnce(new Error('no')).mockResolvedValueOnce('value');
    const options = { ...TTL, errorTtlMs: 1_000 };
    await expect(cache.getOrLoad('key', load, options)).rejects.toThrow('no');
    time.advance(-3_600_000);
    expect(await cache.getOrLoad('key', load, options)).toBe('value');
  });

  it('a client that pipelines by itself can be given', async () => {
    const client = new Redis(inject('redisUrl'), { ...cacheClientOptions, enableAutoPipelining: true });
    onTestFinished(() => client.disconnect());
    const { cache } = makeCache({ ...UNHURRIED, redis: client });
    await cache.getOrLoad('key', () => 1, TTL);
    expect(await cache.getOrLoadWithOutcome('key', () => 2, TTL)).toMatchObject({ outcome: 'hit', value: 1 });
  });

  it.each([
    ['an object with a toJSON', Object.defineProperty({ a: 1 }, 'toJSON', { value: () => 'gotcha' })],
    ['a class called Map', new (class Map extends globalThis.Map {})()],
    ['an object of a prototype of its own', Object.create(Object.create(null) as object) as object],
  ])('%s is refused, rather than come back as something else', async (_what, value) => {
    const { cache } = makeCache(UNHURRIED);
    const answer = await cache.getOrLoadWithOutcome<unknown>('key', () => value, TTL);
    expect(answer).toMatchObject({ storing: { stored: false, storeReason: 'unencodable' } });
  });

  it('a prefix with half a surrogate pair is refused', () => {
    expect(() => createCache({ redis: connect(), prefix: `${testPrefix()}\ud800` })).toThrow(
      CacheOptionError,
    );
  });

  it('a reader with stamps from before an invalidation does not take the lease from one with those after it', async () => {
    const client = new Redis(inject('redisUrl'), cacheClientOptions);
    onTestFinished(() => client.disconnect());
    const link = new RedisLink({ client, timeoutMs: 20_000 });
    const prefix = testPrefix();
    const leases = new RedisLeases(link, prefix, 60_000);
    const claim = (stamp: string, over = '') =>
      leases.claim(`${prefix}:key`, { tag: stamp }, '', over, undefined, 20_000);
    const newer = await claim('after');
    expect(newer).toMatchObject({ state: 'granted' });
    expect(await claim('before')).toEqual({ ...newer, state: 'other' });
    // Stamps that were read when that lease was known, and are others still, are newer.
    expect(await claim('later', 'lease' in newer ? newer.lease : '')).toMatchObject({ state: 'granted' });
    await connect().unlink(leaseOf(`${prefix}:key`, prefix));
    leases.close();
  });

  it('refreshes that a load sets off keep to the cap', async () => {
    const time = manualTime();
    const { cache } = makeCache({ ...UNHURRIED, time, loads: { maxConcurrent: 2 } });
    const options = { ttlMs: 1_000, staleWhileRevalidateMs: 60_000 };
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const key of keys) await cache.getOrLoad(key, () => 'old', options);
    time.advance(2_000);
    let [running, most, done] = [0, 0, 0];
    const refresh = async () => {
      most = Math.max(most, ++running);
      await connect().ping();
      running--;
      done++;
      return 'new';
    };
    await cache.getOrLoad(
      'outer',
      () => Promise.all(keys.map((key) => cache.getOrLoad(key, refresh, options))),
      TTL,
    );
    await vi.waitFor(() => expect(done).toBe(keys.length), PATIENCE);
    expect(most).toBeLessThanOrEqual(2);
  });
});
