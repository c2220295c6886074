import { describe, expect, it, vi } from 'vitest';
import type { Cache, CacheEvent } from '../src/index.ts';
import { CacheRedisError } from '../src/index.ts';
import { gate, makeCache, makeTappedCache } from './support.ts';
import { called, makePair, manualTime, PATIENCE, UNHURRIED } from './support-time.ts';

const TTL = { ttlMs: 60_000 };

/** All that a cache tells of these events, in order, each with its name. */
function listen(cache: Cache, ...events: CacheEvent[]): unknown[] {
  const seen: unknown[] = [];
  for (const event of events) cache.events.on(event, (payload) => seen.push([event, payload]));
  return seen;
}

const ms = expect.any(Number);

describe('a cache tells', () => {
  it('of a miss: that it was read, that the lease was granted, how long the load took, what was stored', async () => {
    const { cache, prefix } = makeCache(UNHURRIED);
    const key = `${prefix}:key`;
    const seen = listen(cache, 'read', 'lease', 'load', 'store');
    await cache.getOrLoadWithOutcome('key', () => 'value', TTL);
    expect(seen).toEqual([
      ['read', { key, outcome: 'miss', reason: 'absent', ms }],
      ['lease', { key, state: 'granted' }],
      ['load', { key, ms }],
      ['store', { key, stored: true, bytes: 8, ttlMs: 60_000 }],
    ]);
  });

  it('of a hit that it was one, fresh, stale or near', async () => {
    const time = manualTime();
    const { cache, prefix } = makeCache({ ...UNHURRIED, time });
    const key = `${prefix}:key`;
    const options = { ttlMs: 10_000, staleWhileRevalidateMs: 50_000 };
    await cache.getOrLoad('key', () => 'value', options);
    const seen = listen(cache, 'read');
    await cache.getOrLoad('key', () => 'value', options);
    await cache.get('key');
    await cache.getOrLoadJson('key', () => 'value', options);
    time.advance(10_000);
    await cache.getOrLoad('key', () => 'value', options);
    expect(seen).toEqual([
      ...[1, 2, 3].map(() => ['read', { key, outcome: 'hit', reason: 'found', ms }]),
      ['read', { key, outcome: 'stale', reason: 'stale', ms }],
    ]);

    const near = makeCache({ ...UNHURRIED, near: { maxEntries: 10 } });
    const reads = listen(near.cache, 'read', 'near');
    await vi.waitFor(async () => {
      await near.cache.getOrLoad('key', () => 'value', TTL);
      expect(reads.at(-1)).toEqual([
        'read',
        { key: `${near.prefix}:key`, outcome: 'near', reason: 'near', ms },
      ]);
    }, PATIENCE);
    expect(reads).toContainEqual(['near', { state: 'on', flushed: 0 }]);
  });

  it('of a load that failed, with what it threw', async () => {
    const { cache, prefix } = makeCache(UNHURRIED);
    const seen = listen(cache, 'load', 'store');
    const error = new Error('the database is away');
    await expect(cache.getOrLoad('key', () => Promise.reject(error), TTL)).rejects.toBe(error);
    expect(seen).toEqual([['load', { key: `${prefix}:key`, ms, error }]]);
  });

  it('of a value that was not stored, why not', async () => {
    const { cache, prefix } = makeCache(UNHURRIED);
    const key = `${prefix}:key`;
    const seen = listen(cache, 'store', 'lease');
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const early = cache.getOrLoadWithOutcome('key', load, TTL);
    await called(load);
    await cache.invalidate('key');
    held.open('old');
    await early;
    await cache.getOrLoad('key', () => () => 1, TTL);
    await cache.getOrLoad('key', () => 1, { ttlMs: () => 0 });
    expect(seen).toEqual([
      ['lease', { key, state: 'granted' }],
      ['store', { key, stored: false, reason: 'superseded' }],
      ['lease', { key, state: 'void' }],
      ['lease', { key, state: 'granted' }],
      ['store', { key, stored: false, reason: 'unencodable' }],
      ['lease', { key, state: 'granted' }],
      ['store', { key, stored: false, reason: 'unwanted' }],
    ]);
  });

  it('of a value that it was given', async () => {
    const { cache, prefix } = makeCache(UNHURRIED);
    const seen = listen(cache, 'store');
    await cache.set('key', 'value', TTL);
    expect(seen).toEqual([['store', { key: `${prefix}:key`, stored: true, bytes: 8, ttlMs: 60_000 }]]);
  });

  it('of invalidations, confirmed or owed', async () => {
    const { cache, tap, prefix } = await makeTappedCache(UNHURRIED);
    const seen = listen(cache, 'invalidate', 'error');
    await cache.invalidate('key');
    await cache.invalidateTags(['a', 'b', 'a']);
    tap.weather.fail(({ name }) => name === 'UNLINK', 'READONLY You cannot write now');
    await cache.invalidate('key');
    expect(seen).toEqual([
      ['invalidate', { keys: [`${prefix}:key`], confirmed: true }],
      ['invalidate', { tags: ['a', 'b'], confirmed: true }],
      ['error', { error: expect.any(CacheRedisError) }],
      ['invalidate', { keys: [`${prefix}:key`], confirmed: false }],
    ]);
  });

  it('of a Redis that refuses, once a fault, and that the read went past it', async () => {
    const { cache, tap, prefix } = await makeTappedCache(UNHURRIED);
    const onError = vi.fn();
    const seen = listen(cache, 'read');
    cache.events.on('error', ({ error }) => onError(error));
    tap.weather.fail(({ name }) => name === 'GET', 'LOADING Redis is loading the dataset in memory');
    await cache.get('key');
    expect(seen).toEqual([['read', { key: `${prefix}:key`, outcome: 'bypass', reason: 'reply', ms }]]);
    expect(onError.mock.calls).toEqual([[expect.objectContaining({ fault: 'reply', command: 'GET' })]]);
  });

  it('who waits for whose lease', async () => {
    const { here, there, prefix } = makePair();
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const [mine, theirs] = [listen(here, 'lease'), listen(there, 'lease', 'load', 'store')];
    const first = here.getOrLoad('key', load, TTL);
    await called(load);
    const second = there.getOrLoad('key', load, TTL);
    await vi.waitFor(() => expect(theirs).toHaveLength(1), PATIENCE);
    held.open('value');
    await Promise.all([first, second]);
    expect(mine).toEqual([['lease', { key: `${prefix}:key`, state: 'granted' }]]);
    expect(theirs).toEqual([['lease', { key: `${prefix}:key`, state: 'waiting' }]]);
  });

  it('of each key of many', async () => {
    const { cache, prefix } = makeCache(UNHURRIED);
    const seen = listen(cache, 'read', 'load');
    const options = { ...TTL, key: (id: number) => `row:${id}` };
    await cache.getOrLoadMany([1, 2], (ids) => new Map(ids.map((id) => [id, id])), options);
    const keys = [1, 2].map((id) => `${prefix}:row:${id}`);
    expect(seen).toEqual([
      ...keys.map((key) => ['read', { key, outcome: 'miss', reason: 'absent', ms }]),
      ...keys.map((key) => ['load', { key, ms }]),
    ]);
  });
});
