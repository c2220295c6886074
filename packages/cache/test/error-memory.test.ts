import { describe, expect, it, vi } from 'vitest';
import { ErrorMemory } from '../src/error-memory.ts';
import { Monitor } from '../src/monitor/monitor.ts';
import { gate, makeCache } from './support.ts';
import { called, manualTime, PATIENCE, UNHURRIED } from './support-time.ts';

const OPTIONS = { ttlMs: 60_000, errorTtlMs: 1_000, tags: ['tag'] };
const failure = new Error('the database is away');
const away = () => Promise.reject(failure);

describe('a load that fails', () => {
  it('gives its error, the very same one, to a thousand callers, and is called once', async () => {
    const { cache } = makeCache(UNHURRIED);
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const reads = Promise.allSettled(
      Array.from({ length: 1_000 }, () => cache.getOrLoad('key', load, { ttlMs: 60_000 })),
    );
    await vi.waitFor(() => expect(cache.stats().coalesced).toBe(999), PATIENCE);
    held.fail(failure);
    const reasons = (await reads).map((read) => (read.status === 'rejected' ? read.reason : 'a value'));
    expect(new Set(reasons)).toEqual(new Set([failure]));
    expect(load).toHaveBeenCalledTimes(1);
    expect(cache.stats()).toMatchObject({ loads: 1, loadErrors: 1, rememberedErrors: 0 });
  });
});

describe('errorTtlMs', () => {
  it('gives the error to later readers without loading, until its time is over', async () => {
    const time = manualTime();
    const { cache } = makeCache({ ...UNHURRIED, time });
    const load = vi.fn(away);
    await expect(cache.getOrLoad('key', load, OPTIONS)).rejects.toBe(failure);
    time.advance(999);
    for (let read = 0; read < 2; read++)
      await expect(cache.getOrLoad('key', load, OPTIONS)).rejects.toBe(failure);
    expect(load).toHaveBeenCalledTimes(1);
    expect(cache.stats()).toMatchObject({ rememberedErrors: 2, misses: 3, loads: 1, loadErrors: 1 });
    time.advance(1);
    expect(await cache.getOrLoad<string>('key', () => 'there again', OPTIONS)).toBe('there again');
  });

  it('is the reader’s to want, and of one key only', async () => {
    const { cache } = makeCache({ ...UNHURRIED, time: manualTime() });
    await expect(cache.getOrLoad('key', away, OPTIONS)).rejects.toBe(failure);
    expect(await cache.getOrLoad('other', () => 'value', OPTIONS)).toBe('value');
    expect(await cache.getOrLoad('key', () => 'value', { ttlMs: 60_000 })).toBe('value');
  });

  it('does not hide a value that came in meanwhile', async () => {
    const time = manualTime();
    const { cache, prefix } = makeCache({ ...UNHURRIED, time });
    const other = makeCache({ ...UNHURRIED, prefix, time });
    await expect(cache.getOrLoad('key', away, OPTIONS)).rejects.toBe(failure);
    expect(await other.cache.getOrLoad('key', () => 'value', OPTIONS)).toBe('value');
    expect(await cache.getOrLoad<string>('key', away, OPTIONS)).toBe('value');
  });

  it.each<[string, (cache: ReturnType<typeof makeCache>['cache']) => Promise<unknown>]>([
    ['invalidate', (cache) => cache.invalidate('key')],
    ['invalidateTags', (cache) => cache.invalidateTags(['tag'])],
    ['clear', (cache) => cache.clear()],
    ['set', (cache) => cache.set('key', 'set', { ttlMs: 60_000 })],
  ])('ends with %s', async (name, forget) => {
    const { cache } = makeCache({ ...UNHURRIED, time: manualTime() });
    await expect(cache.getOrLoad('key', away, OPTIONS)).rejects.toBe(failure);
    await forget(cache);
    if (name === 'set') await cache.invalidate('key');
    expect(await cache.getOrLoad('key', () => 'loaded', OPTIONS)).toBe('loaded');
  });

  it('does not keep the error of a load that was overtaken by an invalidation', async () => {
    const { cache } = makeCache({ ...UNHURRIED, time: manualTime() });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const early = cache.getOrLoad('key', load, OPTIONS);
    await called(load);
    await cache.invalidate('key');
    held.fail(failure);
    await expect(early).rejects.toBe(failure);
    expect(await cache.getOrLoad('key', () => 'loaded', OPTIONS)).toBe('loaded');
  });

  it('holds for each id of many', async () => {
    const { cache } = makeCache({ ...UNHURRIED, time: manualTime() });
    const options = { ...OPTIONS, key: (id: number) => `row:${id}` };
    await expect(cache.getOrLoadMany([1, 2], away, options)).rejects.toBe(failure);
    const loadMany = vi.fn((ids: number[]) => new Map(ids.map((id) => [id, id])));
    await expect(cache.getOrLoadMany([1, 4], loadMany, options)).rejects.toBe(failure);
    expect(loadMany.mock.calls).toEqual([[[4]]]);
  });
});

describe('the memory of errors', () => {
  it('holds ten thousand, and forgets the oldest first', () => {
    const memory = new ErrorMemory(manualTime());
    const monitor = new Monitor();
    const names = Array.from({ length: 10_001 }, (_, index) => `key:${index}`);
    for (const name of names) memory.remember(name, failure, 1_000);
    expect(() => memory.rethrow('key:0', monitor)).not.toThrow();
    for (const name of ['key:1', 'key:10000']) expect(() => memory.rethrow(name, monitor)).toThrow(failure);
  });
});
