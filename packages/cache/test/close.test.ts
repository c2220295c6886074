import { Redis } from 'ioredis';
import { describe, expect, inject, it, vi } from 'vitest';
import { CacheClosedError, createCache } from '../src/index.ts';
import { connect, gate, makeCache, testPrefix } from './support.ts';

const TTL = { ttlMs: 60_000 };

describe('close', () => {
  it("leaves the caller's client connected", async () => {
    const redis = connect();
    const cache = createCache({ redis, prefix: testPrefix() });
    await cache.get('key');
    await cache.close();
    expect(redis.status).toBe('ready');
    expect(await redis.ping()).toBe('PONG');
  });

  it('ends the connection of a client that it made', async () => {
    const onlooker = connect();
    const url = new URL(inject('redisUrl'));
    const name = testPrefix().replaceAll(':', '-');
    url.searchParams.set('connectionName', name);
    const cache = createCache({ redis: url.href, prefix: name });
    await cache.set('key', 1, TTL);
    const connections = async () => String(await onlooker.client('LIST')).split(`name=${name} `).length - 1;
    expect(await connections()).toBe(1);

    await cache.close();
    await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 20_000 });
    expect(await onlooker.unlink(`${name}:key`)).toBe(1);
  });

  it('is quiet when nothing ever answered', async () => {
    const cache = createCache({ redis: 'redis://127.0.0.1:1', prefix: testPrefix(), timeoutMs: 20 });
    expect(await cache.getOrLoad('key', () => 'value', TTL)).toBe('value');
    await cache.close();
    await cache.close();
  });

  it('makes every later call say that it is closed', async () => {
    const { cache } = makeCache();
    await cache.close();
    await expect(cache.getOrLoad('key', () => 1, TTL)).rejects.toThrow(CacheClosedError);
    await expect(cache.get('key')).rejects.toThrow(CacheClosedError);
    await expect(cache.set('key', 1, TTL)).rejects.toThrow(CacheClosedError);
    await expect(cache.invalidate('key')).rejects.toThrow(CacheClosedError);
    await expect(cache.clear()).rejects.toThrow(CacheClosedError);
    expect(cache.stats().hits).toBe(0);
  });

  it('lets a load under way reach its caller, without storing it', async () => {
    const { cache, redis, prefix } = makeCache();
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const read = cache.getOrLoad('key', load, TTL);
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1), { timeout: 20_000 });
    await cache.close();
    held.open('value');
    expect(await read).toBe('value');
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
  });

  it('lets many caches share a client without piling listeners on it', async () => {
    const redis = new Redis(inject('redisUrl'), { lazyConnect: true });
    const prefix = testPrefix();
    const caches = Array.from({ length: 30 }, (_, index) =>
      createCache({ redis, prefix: `${prefix}:${index}` }),
    );
    expect(await Promise.all(caches.map((cache) => cache.getOrLoad('key', () => 1, TTL)))).toHaveLength(30);
    expect(redis.listenerCount('ready')).toBeLessThanOrEqual(1);
    await Promise.all(caches.map((cache) => cache.clear()));
    await Promise.all(caches.map((cache) => cache.close()));
    await redis.quit();
  });
});
