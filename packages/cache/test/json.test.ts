import { assert, describe, expect, it, vi } from 'vitest';
import type { Codec } from '../src/index.ts';
import { CacheOptionError, jsonCodec } from '../src/index.ts';
import { gate, makeCache } from './support.ts';
import { manualTime, PATIENCE, UNHURRIED } from './support-time.ts';

const TTL = { ttlMs: 60_000 };
const SIE = { ttlMs: 10_000, staleIfErrorMs: 50_000 };
const never = () => assert.fail('this is not loaded');

describe('getOrLoadJson', () => {
  it('gives the JSON text of a value, the same on a miss and on a hit', async () => {
    const { cache } = makeCache(UNHURRIED);
    const value = { title: 'Zürich', rows: [1, 2.5, null, true], text: '"\u2028😀' };
    const load = vi.fn(() => Promise.resolve(value));
    const miss = await cache.getOrLoadJson('key', load, TTL);
    const hit = await cache.getOrLoadJson('key', load, TTL);
    expect(JSON.parse(miss.toString())).toEqual(value);
    expect(JSON.parse(hit.toString())).toEqual(value);
    expect(load).toHaveBeenCalledTimes(1);
    expect(cache.stats()).toMatchObject({ misses: 1, hits: 1, loads: 1 });
  });

  it('shares its keys with getOrLoad', async () => {
    const { cache } = makeCache(UNHURRIED);
    await cache.getOrLoad('a', () => [1], TTL);
    expect((await cache.getOrLoadJson('a', never, TTL)).toString()).toBe('[1]');
    await cache.getOrLoadJson('b', () => [2], TTL);
    expect(await cache.getOrLoad('b', never, TTL)).toEqual([2]);
  });

  it('hands on the bytes that Redis keeps, as they are', async () => {
    const { cache, redis, prefix } = makeCache(UNHURRIED);
    await redis.set(`${prefix}:key`, 'J{ "spaced" : "ü" }', 'PX', 60_000);
    expect((await cache.getOrLoadJson('key', never, TTL)).toString()).toBe('{ "spaced" : "ü" }');
  });

  it.each<[string, unknown, string]>([
    ['a Date', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    ['a part that is undefined', { a: undefined, b: 1 }, '{"b":1}'],
    ['undefined', undefined, 'null'],
    ['null', null, 'null'],
    ['NaN', [Number.NaN], '[null]'],
    ['a Map', new Map([[1, 2]]), '{}'],
    ['a Buffer', Buffer.from('a'), '{"type":"Buffer","data":[97]}'],
    ['text that is not ASCII', 'äöü'.repeat(50), JSON.stringify('äöü'.repeat(50))],
  ])('writes %s as JSON.stringify does, on a miss and on a hit', async (_name, value, json) => {
    const { cache } = makeCache(UNHURRIED);
    expect((await cache.getOrLoadJson('key', () => value, TTL)).toString()).toBe(json);
    expect((await cache.getOrLoadJson('key', never, TTL)).toString()).toBe(json);
  });

  it('rejects for a bigint, as JSON.stringify does, and a hit of one does not load', async () => {
    const { cache } = makeCache(UNHURRIED);
    await expect(cache.getOrLoadJson('key', () => 1n, TTL)).rejects.toThrow(TypeError);
    expect(await cache.getOrLoad('key', never, TTL)).toBe(1n);
    const load = vi.fn(() => 1n);
    await expect(cache.getOrLoadJson('key', load, TTL)).rejects.toThrow(TypeError);
    expect(load).not.toHaveBeenCalled();
    expect(cache.stats().errors.decode).toBe(0);
  });

  it('reads through compression, tags and times', async () => {
    const time = manualTime();
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time, compress: { fromBytes: 100 } });
    const value = { text: 'long '.repeat(500) };
    await cache.getOrLoad('key', () => value, { ...SIE, tags: ['tag'] });
    expect(await redis.strlen(`${prefix}:key`)).toBeLessThan(500);
    const bytes = await cache.getOrLoadJson('key', never, { ...SIE, tags: ['tag'] });
    expect(bytes.toString()).toBe(JSON.stringify(value));
  });

  it('coalesces, and passes on the error of the load', async () => {
    const { cache } = makeCache(UNHURRIED);
    const held = gate<number[]>();
    const load = vi.fn(() => held.promise);
    const json = cache.getOrLoadJson('key', load, TTL);
    const value = cache.getOrLoad('key', load, TTL);
    await vi.waitFor(() => expect(cache.stats().coalesced).toBe(1), PATIENCE);
    held.open([1]);
    expect([(await json).toString(), await value]).toEqual(['[1]', [1]]);
    const failure = new Error('the database is away');
    await expect(cache.getOrLoadJson('other', () => Promise.reject(failure), TTL)).rejects.toBe(failure);
  });

  it('refuses what is no loader', async () => {
    const { cache } = makeCache(UNHURRIED);
    // @ts-expect-error: a promise is no function
    await expect(cache.getOrLoadJson('key', Promise.resolve(1), TTL)).rejects.toThrow(CacheOptionError);
    expect(cache.stats().loads).toBe(0);
  });
});

describe('a codec without JSON of its own', () => {
  const codec: Codec = {
    encode: (value) => Buffer.from(`!${JSON.stringify(value)}`),
    decode: (bytes) => {
      if (bytes[0] !== 33) throw new Error('not mine');
      return JSON.parse(bytes.toString('utf8', 1)) as unknown;
    },
  };

  it('is decoded, and written as JSON', async () => {
    const { cache } = makeCache({ ...UNHURRIED, codec });
    expect((await cache.getOrLoadJson('key', () => [1], TTL)).toString()).toBe('[1]');
    expect((await cache.getOrLoadJson('key', never, TTL)).toString()).toBe('[1]');
  });

  it('that throws makes a miss, counted, never an error of the read', async () => {
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, codec });
    await redis.set(`${prefix}:key`, '?', 'PX', 60_000);
    expect((await cache.getOrLoadJson('key', () => [1], TTL)).toString()).toBe('[1]');
    expect(cache.stats()).toMatchObject({ misses: 1, loads: 1, errors: { decode: 1 } });
  });
});

describe('an old value that is spare for a load that fails', () => {
  const spare = (bytes: string, at: number) => `@${JSON.stringify({ at, ms: 10_000 })}\n${bytes}`;

  it('comes out as JSON too', async () => {
    const time = manualTime();
    const { cache } = makeCache({ ...UNHURRIED, time });
    await cache.getOrLoadJson('key', () => ({ id: 1n, at: new Date(0) }).at, SIE);
    time.advance(10_000);
    const bytes = await cache.getOrLoadJson('key', () => Promise.reject(new Error('away')), SIE);
    expect(bytes.toString()).toBe('"1970-01-01T00:00:00.000Z"');
    expect(cache.stats().staleOnError).toBe(1);
  });

  it('and cannot be decoded does not keep the load from being tried', async () => {
    const time = manualTime();
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, time });
    await redis.set(`${prefix}:key`, spare('j{"rows":[', time.now() - 20_000), 'PX', 60_000);
    expect((await cache.getOrLoadJson('key', () => 'new', SIE)).toString()).toBe('"new"');
    await redis.set(`${prefix}:other`, spare('j{"rows":[', time.now() - 20_000), 'PX', 60_000);
    const failure = new Error('the database is away');
    await expect(cache.getOrLoadJson('other', () => Promise.reject(failure), SIE)).rejects.toBe(failure);
    expect(jsonCodec.json?.(Buffer.from('j{"rows":['))?.toString()).toBe('{"rows":[');
  });
});
