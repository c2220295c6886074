import type { RedisClient } from './redis/client.ts';
import type { Codec } from './value/codec.ts';
import type { CacheError } from './errors.ts';
import { CacheOptionError } from './errors.ts';

export interface CacheOptions {
  /**
   * An ioredis client, which stays yours to close (`cacheClientOptions` are the options that suit it), or a URL, for
   * which the cache makes a client and closes it.
   */
  readonly redis: RedisClient | string;

  /** The beginning of every key: `articles` gives `articles:...`. No other data may live under it. */
  readonly prefix: string;

  /**
   * The most that one read waits for Redis, all its commands together.
   * @default 250
   */
  readonly timeoutMs?: number | undefined;

  /**
   * How values become bytes.
   * @default jsonCodec
   */
  readonly codec?: Codec | undefined;

  /** Told of each error that a read survived. Log it; do not throw. */
  readonly onError?: ((error: CacheError) => void) | undefined;
}

export interface WriteOptions {
  /** How long the value may be served, in milliseconds. There is no default: only the caller knows how old is too old. */
  readonly ttlMs: number;
}

/** The largest delay of a Node timer, about 24.8 days; a longer one would fire at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Throws `CacheOptionError` for the first option that cannot work. */
export function checkOptions({ redis, prefix, timeoutMs, codec, onError }: CacheOptions): void {
  checkRedis(redis);
  if (typeof prefix !== 'string' || !/^[^\s:]+(:[^\s:]+)*$/.test(prefix)) {
    throw new CacheOptionError('prefix', prefix, 'one or more words joined by ":", such as "articles"');
  }
  if (
    timeoutMs !== undefined &&
    !(Number.isFinite(timeoutMs) && timeoutMs >= 1 && timeoutMs <= MAX_TIMEOUT_MS)
  ) {
    throw new CacheOptionError('timeoutMs', timeoutMs, 'a number of milliseconds, at least 1');
  }
  if (codec !== undefined && (typeof codec?.encode !== 'function' || typeof codec.decode !== 'function')) {
    throw new CacheOptionError('codec', codec, 'an object with encode and decode');
  }
  if (onError !== undefined && typeof onError !== 'function') {
    throw new CacheOptionError('onError', onError, 'a function');
  }
}

function checkRedis(redis: CacheOptions['redis']): void {
  if (typeof redis === 'string') {
    // The value is not shown: a URL carries the password.
    if (!/^rediss?:\/\/./.test(redis))
      throw new CacheOptionError('redis', '(hidden)', 'a URL of the form redis://host:port');
    return;
  }
  if (typeof redis?.getBuffer !== 'function' || typeof redis.pipeline !== 'function') {
    throw new CacheOptionError('redis', redis, 'an ioredis client or a redis:// URL');
  }
  const { keyPrefix } = redis.options;
  if (keyPrefix) {
    throw new CacheOptionError(
      'redis.options.keyPrefix',
      keyPrefix,
      "empty (give the cache's own prefix instead)",
    );
  }
}

/** A TTL as Redis takes it: whole milliseconds. */
export function checkTtl(options: WriteOptions | undefined): number {
  const ttlMs = options?.ttlMs;
  if (typeof ttlMs !== 'number' || !(ttlMs >= 1 && ttlMs <= Number.MAX_SAFE_INTEGER / 2)) {
    throw new CacheOptionError('ttlMs', ttlMs, 'a number of milliseconds, at least 1');
  }
  return Math.floor(ttlMs);
}
