import { Redis } from 'ioredis';
import { Cache } from './cache.ts';
import { clearPrefix } from './redis/clear.ts';
import type { RedisClient } from './redis/client.ts';
import { cacheClientOptions } from './redis/client.ts';
import { jsonCodec } from './value/codec.ts';
import { Counters } from './monitor/counters.ts';
import { withDeadline } from './redis/deadline.ts';
import type { CacheOptions } from './options.ts';
import { checkOptions } from './options.ts';
import { Shelf } from './shelf.ts';

const DEFAULT_TIMEOUT_MS = 250;

/**
 * Makes a cache. Throws `CacheOptionError` for an option that cannot work; does not wait for Redis, which may be
 * away now and come later.
 */
export function createCache(options: CacheOptions): Cache {
  checkOptions(options);
  const { redis, prefix, timeoutMs = DEFAULT_TIMEOUT_MS, codec = jsonCodec, onError } = options;
  const counters = new Counters(onError);
  const isOurs = typeof redis === 'string';
  const client = isOurs ? connect(redis) : redis;
  return new Cache({
    prefix,
    timeoutMs,
    counters,
    shelf: new Shelf(client, codec, counters, timeoutMs),
    clear: () => clearPrefix(client, prefix, timeoutMs),
    disconnect: () => (isOurs ? disconnect(client, timeoutMs) : Promise.resolve()),
  });
}

function connect(url: string): RedisClient {
  const client = new Redis(url, cacheClientOptions);
  // ioredis connects again by itself, and a read that meets the fault reports it; without a listener it would be printed.
  client.on('error', () => {});
  return client;
}

/** Says goodbye to a server that answers, so that writes already sent are done, and leaves one that does not. */
async function disconnect(client: RedisClient, timeoutMs: number): Promise<void> {
  try {
    await withDeadline(client.quit(), timeoutMs, () => 'OK' as const);
  } catch {
    // Not connected: there is nobody to say goodbye to.
  }
  client.disconnect();
}
