import type { Redis } from 'ioredis';
import { CacheOptionError } from './errors.ts';
import type { CacheError } from './errors.ts';
import type { Tracing } from './monitor/tracing.ts';
import type { RedisClient } from './redis/client.ts';
import type { Time } from './time.ts';
import type { Codec } from './value/codec.ts';

export interface CacheOptions {
  /**
   * An ioredis client, which stays yours to close (`cacheClientOptions` are the options that suit it), or a URL, for
   * which the cache makes a client and closes it.
   */
  readonly redis: RedisClient | string;

  /** The beginning of every key: `articles` gives `articles:...`. No other data may live under it. */
  readonly prefix: string;

  /**
   * The most that one look-up, and one write after a load, wait for Redis together. In milliseconds.
   * @default 250
   */
  readonly timeoutMs?: number | undefined;

  /**
   * How values become bytes.
   * @default jsonCodec
   */
  readonly codec?: Codec | undefined;

  /**
   * Deflates what is at least this large, and gets smaller by it.
   * @default off
   */
  readonly compress?: { readonly fromBytes: number } | undefined;

  /** One load a key across all processes. `false` is for measuring what they are good for. */
  readonly lease?: LeaseOptions | false | undefined;

  /** What protects the database. */
  readonly loads?: LoadsOptions | undefined;

  /** Stops asking a Redis that does not answer. */
  readonly breaker?: BreakerOptions | false | undefined;

  /**
   * Keeps values in this process as well, and lets Redis tell when they change.
   * @default off
   */
  readonly near?: NearOptions | undefined;

  /** For a primary with replicas that are read from. */
  readonly replicas?: ReplicaOptions | undefined;

  /**
   * Compares hits with what their loader says, off their path.
   * @default off
   */
  readonly probe?: { /** The share of hits, 0 to 1. */ readonly rate: number } | undefined;

  /** The clock, and chance. */
  readonly time?: Time | undefined;

  /** Spans round what the cache does, such as `openTelemetry()` makes. */
  readonly tracing?: Tracing | undefined;

  /** Told of each error that a read survived. Log it; do not throw. */
  readonly onError?: ((error: CacheError) => void) | undefined;
}

export interface LeaseOptions {
  /**
   * How long a loader that died holds the others up. One that lives renews its lease. In milliseconds.
   * @default 3_000
   */
  readonly ms?: number | undefined;
  /**
   * How long a reader waits for another process's load before it loads for itself. In milliseconds.
   * @default 10_000
   */
  readonly waitMs?: number | undefined;
}

export interface LoadsOptions {
  /**
   * How many loads may run at once in this process. The others wait their turn.
   * @default 64
   */
  readonly maxConcurrent?: number | undefined;
}

export interface BreakerOptions {
  /**
   * How many time-outs in a row open it.
   * @default 5
   */
  readonly faults?: number | undefined;
  /**
   * After how long Redis is tried again. In milliseconds.
   * @default 1_000
   */
  readonly openMs?: number | undefined;
}

export interface NearOptions {
  /** How many values this process keeps; the least recently used goes first. */
  readonly maxEntries: number;
  /**
   * The longest it keeps one, whatever its TTL. In milliseconds.
   * @default 60_000
   */
  readonly ttlMs?: number | undefined;
  /**
   * How often the connection that tells of changes is tried; a silent one is found out within twice this. In milliseconds.
   * @default 1_000
   */
  readonly heartbeatMs?: number | undefined;
}

export interface ReplicaOptions {
  /** How many replicas an invalidation must have reached before it counts as confirmed: all that are read from. */
  readonly count: number;
  /** A client of the replicas. Not for a cluster, whose own `scaleReads` says where reads go. */
  readonly reader?: Redis | undefined;
}

/** lru-cache makes room for all of them at once. */
const MAX_NEAR_ENTRIES = 10_000_000;

/** The largest delay of a Node timer, about 24.8 days; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Throws `CacheOptionError` for the first option that cannot work. */
export function checkOptions(options: CacheOptions): void {
  checkGroup('options', options);
  const {
    redis,
    prefix,
    timeoutMs,
    codec,
    onError,
    compress,
    lease,
    loads,
    breaker,
    near,
    probe,
    time,
    tracing,
  } = options;
  checkRedis(redis, 'redis');
  if (typeof prefix !== 'string' || !/^[^\s:{}\p{Cs}]+(:[^\s:{}\p{Cs}]+)*$/u.test(prefix)) {
    throw new CacheOptionError('prefix', prefix, 'one or more words joined by ":", such as "articles"');
  }
  checkMs('timeoutMs', timeoutMs);
  if (codec !== undefined && (typeof codec?.encode !== 'function' || typeof codec.decode !== 'function')) {
    throw new CacheOptionError('codec', codec, 'an object with encode and decode');
  }
  if (compress !== undefined) checkWhole('compress.fromBytes', compress?.fromBytes, 0);
  if (lease !== undefined && lease !== false) {
    checkGroup('lease', lease);
    checkMs('lease.ms', lease.ms);
    checkMs('lease.waitMs', lease.waitMs);
  }
  if (loads !== undefined) {
    checkGroup('loads', loads);
    if (loads.maxConcurrent !== undefined) checkWhole('loads.maxConcurrent', loads.maxConcurrent, 1);
  }
  if (breaker !== undefined && breaker !== false) {
    checkGroup('breaker', breaker);
    if (breaker.faults !== undefined) checkWhole('breaker.faults', breaker.faults, 1);
    checkMs('breaker.openMs', breaker.openMs);
  }
  if (near !== undefined) {
    checkGroup('near', near);
    checkWhole('near.maxEntries', near.maxEntries, 1, MAX_NEAR_ENTRIES);
    checkMs('near.ttlMs', near.ttlMs);
    checkMs('near.heartbeatMs', near.heartbeatMs);
  }
  if (probe !== undefined && !(typeof probe?.rate === 'number' && probe.rate >= 0 && probe.rate <= 1)) {
    throw new CacheOptionError('probe.rate', probe?.rate, 'a number from 0 to 1');
  }
  checkReplicas(options);
  if (
    time !== undefined &&
    ![time?.now, time?.delay, time?.random].every((each) => typeof each === 'function')
  ) {
    throw new CacheOptionError('time', time, 'an object with now, delay and random');
  }
  if (tracing !== undefined && typeof tracing?.span !== 'function') {
    throw new CacheOptionError('tracing', tracing, 'an object with span, such as openTelemetry() makes');
  }
  if (onError !== undefined && typeof onError !== 'function') {
    throw new CacheOptionError('onError', onError, 'a function');
  }
}

function checkReplicas({ redis, replicas }: CacheOptions): void {
  const scaleReads = typeof redis === 'string' || !redis.isCluster ? 'master' : redisScaleReads(redis);
  if (replicas === undefined) {
    if (scaleReads === 'master') return;
    // A replica lags behind, so a read could come after an invalidation and still get the old value.
    throw new CacheOptionError(
      'replicas',
      replicas,
      'given, with the count of replicas, when scaleReads is not "master"',
    );
  }
  checkGroup('replicas', replicas);
  checkWhole('replicas.count', replicas.count, 1);
  if (replicas.reader !== undefined) checkRedis(replicas.reader, 'replicas.reader');
}

function redisScaleReads(redis: RedisClient): unknown {
  return 'scaleReads' in redis.options ? (redis.options.scaleReads ?? 'master') : 'master';
}

function checkGroup(option: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw new CacheOptionError(option, value, 'an object');
}

function checkMs(option: string, ms: unknown): void {
  if (ms !== undefined && !(typeof ms === 'number' && ms >= 1 && ms <= MAX_TIMER_MS)) {
    throw new CacheOptionError(option, ms, 'a number of milliseconds, at least 1');
  }
}

function checkWhole(option: string, value: unknown, least: number, most = Infinity): void {
  if (!Number.isSafeInteger(value) || Number(value) < least || Number(value) > most) {
    const limit = most === Infinity ? '' : ` and at most ${most}`;
    throw new CacheOptionError(option, value, `a whole number, at least ${least}${limit}`);
  }
}

function checkRedis(redis: CacheOptions['redis'], option: string): void {
  if (typeof redis === 'string') {
    // The value is not shown: a URL carries the password.
    if (!/^rediss?:\/\/./.test(redis))
      throw new CacheOptionError(option, '(hidden)', 'a URL of the form redis://host:port');
    return;
  }
  if (typeof redis?.getBuffer !== 'function' || typeof redis.pipeline !== 'function') {
    throw new CacheOptionError(option, redis, 'an ioredis client or a redis:// URL');
  }
  const { keyPrefix } = redis.options;
  if (keyPrefix) {
    throw new CacheOptionError(
      `${option}.options.keyPrefix`,
      keyPrefix,
      "empty (give the cache's own prefix instead)",
    );
  }
}
