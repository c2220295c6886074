import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Cache, CacheEvent, CacheEvents } from '../../src/index.ts';
import { makeCache, makeTappedCache } from '../support.ts';
import { PATIENT } from './support.ts';

const TTL = { ttlMs: 60_000 };

/** All events of a cache from now on, each with its payload. */
function recordEvents(cache: Cache) {
  const seen: (readonly [CacheEvent, CacheEvents[CacheEvent]])[] = [];
  for (const event of ['read', 'load', 'invalidate', 'error'] as const) {
    cache.events.on(event, (payload: CacheEvents[CacheEvent]) => seen.push([event, payload]));
  }
  return seen;
}

describe('the events of a cache', () => {
  it('tell what it does, in order', async () => {
    const { cache, prefix } = makeCache(PATIENT);
    const seen = recordEvents(cache);
    const failure = new Error('the database is away');
    const key = `${prefix}:key`;
    const ms = expect.any(Number);

    await expect(cache.getOrLoad('key', () => Promise.reject(failure), TTL)).rejects.toBe(failure);
    await cache.getOrLoad('key', () => 'value', TTL);
    await cache.getOrLoad('key', () => 'value', TTL);
    await cache.invalidate('key');

    expect(seen).toEqual([
      ['read', { key, outcome: 'miss', reason: 'absent', ms }],
      ['load', { key, ms, error: failure }],
      ['read', { key, outcome: 'miss', reason: 'absent', ms }],
      ['load', { key, ms }],
      ['read', { key, outcome: 'hit', reason: 'found', ms }],
      ['invalidate', { keys: [key], confirmed: true }],
    ]);
  });

  it('tell of a fault that a read survived, and of an invalidation that Redis did not confirm', async () => {
    const { cache, tap, prefix } = await makeTappedCache(PATIENT);
    expect(await cache.set('other', 'value', TTL)).toBe(true);
    const seen = recordEvents(cache);
    tap.weather.refuse();
    expect(await cache.getOrLoad('key', () => 'new', TTL)).toBe('new');
    expect(await cache.invalidate('key')).toBe(false);
    expect(seen).toContainEqual(['read', expect.objectContaining({ outcome: 'bypass' })]);
    expect(seen).toContainEqual(['error', { error: expect.objectContaining({ name: 'CacheRedisError' }) }]);
    expect(seen).toContainEqual(['invalidate', { keys: [`${prefix}:key`], confirmed: false }]);
  });

  it('fail no read, whatever their listeners do', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const { cache } = makeCache(PATIENT);
    cache.events.on('read', () => {
      throw new Error('thrown');
    });
    cache.events.on('load', () => Promise.reject(new Error('rejected')));
    expect(await cache.getOrLoad('key', () => 'value', TTL)).toBe('value');
    expect(await cache.getOrLoad('key', () => 'never', TTL)).toBe('value');
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(3));
  });
});
