import { testKeyPrefix } from '@workshop/engines/test-space';
import type { RedisTap } from '@workshop/wiretap';
import { createRedisTap } from '@workshop/wiretap';
import { Redis } from 'ioredis';
import { inject, onTestFinished } from 'vitest';
import type { Cache, CacheOptions } from '../src/index.ts';
import { cacheClientOptions, createCache } from '../src/index.ts';

/** A client of the real Redis that is closed with the test. */
export function connect(url = inject('redisUrl')): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: 1 });
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

/** A prefix of this test's own, as the cache wants it: without the separator at its end. */
export function testPrefix(): string {
  return testKeyPrefix().replace(/:$/, '');
}

export interface Bench {
  readonly cache: Cache;
  readonly prefix: string;
  /** Looks at Redis past the cache and past the tap. */
  readonly redis: Redis;
}

/** A cache with a prefix of its own on the real Redis; its keys and connections go with the test. */
export function makeCache(options: Partial<CacheOptions> = {}): Bench {
  const redis = connect();
  const prefix = options.prefix ?? testPrefix();
  const client = new Redis(inject('redisUrl'), cacheClientOptions);
  client.on('error', () => {});
  const cache = createCache({ redis: client, ...options, prefix });
  onTestFinished(async () => {
    await cache.close();
    client.disconnect();
    const keys = await redis.keys(`${prefix}:*`);
    if (keys.length > 0) await redis.unlink(keys);
  });
  return { cache, prefix, redis };
}

/** The same, with a tap before its Redis that records what passes and can make weather. */
export async function makeTappedCache(
  options: Partial<CacheOptions> = {},
): Promise<Bench & { tap: RedisTap; client: Redis }> {
  const { hostname, port } = new URL(inject('redisUrl'));
  const tap = await createRedisTap({ upstream: { host: hostname, port: Number(port) } });
  onTestFinished(() => tap.close());
  const client = new Redis(tap.url(inject('redisUrl')), cacheClientOptions);
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return { ...makeCache({ ...options, redis: client }), tap, client };
}

/** A promise and its handles, for a load that ends when the test says so. */
export function gate<T>(): { promise: Promise<T>; open: (value: T) => void; fail: (error: Error) => void } {
  let open: (value: T) => void = unset;
  let fail: (error: Error) => void = unset;
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

const unset = () => {};
