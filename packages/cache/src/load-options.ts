import type { StandardSchemaV1 } from '@standard-schema/spec';
import { CacheOptionError } from './errors.ts';

/** What a write needs to know. */
export interface WriteOptions {
  /**
   * How long the value may be served, in milliseconds. There is no default: only the caller knows how old is too old.
   */
  readonly ttlMs: number;

  /**
   * The share of the TTL, 0 to 1, that chance may take off, so that what was stored together does not expire together.
   * @default 0
   */
  readonly jitter?: number | undefined;

  /** The value goes when any of these tags is invalidated. */
  readonly tags?: readonly string[] | undefined;
}

/** How a value is loaded, kept and looked at. */
export interface LoadOptions<T = unknown> extends Omit<WriteOptions, 'ttlMs'> {
  /**
   * How long the value may be served as fresh, in milliseconds, or a function that tells it from the value; 0 from it means: do not keep
   * this one. There is no default.
   */
  readonly ttlMs: number | ((value: T) => number);

  /**
   * The TTL of `null` and `undefined`, which mean: there is no such thing. In milliseconds.
   * @default ttlMs; where that is a function, which is not asked about them, they are not kept
   */
  readonly absentTtlMs?: number | undefined;

  /**
   * For how long after its TTL the old value is still served at once, while one caller loads the new one in the background (RFC 5861).
   * In milliseconds.
   * @default 0
   */
  readonly staleWhileRevalidateMs?: number | undefined;

  /**
   * For how long after its TTL the old value is served when the load fails (RFC 5861). In milliseconds.
   * @default 0
   */
  readonly staleIfErrorMs?: number | undefined;

  /**
   * The beta of probabilistic early refresh (XFetch: Vattani and others, "Optimal Probabilistic Cache Stampede Prevention",
   * VLDB 2015): the nearer the end and the slower the load, the likelier a hit starts a refresh. 1 is the paper's choice,
   * more is earlier.
   * @default off
   */
  readonly earlyRefresh?: number | undefined;

  /**
   * For how long a load's error is given to later readers of this process without loading again. In milliseconds.
   * @default 0
   */
  readonly errorTtlMs?: number | undefined;

  /**
   * Checks what comes back from Redis (Standard Schema: zod, valibot, arktype...). What it refuses is a miss. It only checks: the value
   * is given as it was stored.
   */
  readonly schema?: StandardSchemaV1 | undefined;
}

/** Load options that are in order, as the cache's own code wants them. Times in milliseconds. */
export interface Plan {
  readonly ttlMs: number | ((value: never) => number);
  readonly absentTtlMs: number | undefined;
  readonly jitter: number;
  readonly tags: readonly string[];
  readonly swrMs: number;
  readonly sieMs: number;
  readonly beta: number;
  readonly errorTtlMs: number;
  readonly schema: StandardSchemaV1 | undefined;
}

const NO_TAGS: readonly string[] = [];

/** Throws `CacheOptionError` for the first option that cannot work. On every read's path, so it does no more than look. */
export function checkLoadOptions<T>(options: LoadOptions<T> | undefined): Plan {
  if (typeof options !== 'object' || options === null) {
    throw new CacheOptionError('ttlMs', undefined, 'a number of milliseconds, at least 1');
  }
  const { ttlMs, absentTtlMs, jitter = 0, tags = NO_TAGS, schema } = options;
  const { staleWhileRevalidateMs: swrMs = 0, staleIfErrorMs: sieMs = 0 } = options;
  const { earlyRefresh: beta = 0, errorTtlMs = 0 } = options;
  if (typeof ttlMs !== 'function') checkTtl(ttlMs, 'ttlMs');
  if (absentTtlMs !== undefined) checkTtl(absentTtlMs, 'absentTtlMs');
  checkShare(jitter, 'jitter');
  if (swrMs !== 0) checkSpan(swrMs, 'staleWhileRevalidateMs');
  if (sieMs !== 0) checkSpan(sieMs, 'staleIfErrorMs');
  if (errorTtlMs !== 0) checkSpan(errorTtlMs, 'errorTtlMs');
  if (beta !== 0 && !(Number.isFinite(beta) && beta > 0)) {
    throw new CacheOptionError('earlyRefresh', beta, 'a number above 0, such as 1');
  }
  if (schema !== undefined && typeof schema?.['~standard']?.validate !== 'function') {
    throw new CacheOptionError('schema', schema, 'a schema that follows Standard Schema');
  }
  // A copy: what the caller changes in it later is not what this was loaded for.
  const tagsNow = tags === NO_TAGS ? NO_TAGS : [...checkTags(tags)];
  return { ttlMs, absentTtlMs, jitter, tags: tagsNow, swrMs, sieMs, beta, errorTtlMs, schema };
}

/** The same for `set`. */
export function checkWriteOptions(options: WriteOptions | undefined): Plan {
  if (typeof options?.ttlMs === 'function') {
    throw new CacheOptionError('ttlMs', options.ttlMs, 'a number of milliseconds, at least 1');
  }
  return checkLoadOptions(options);
}

export function checkTags(tags: readonly string[]): readonly string[] {
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string' && tag !== '')) {
    throw new CacheOptionError('tags', tags, 'a list of strings that are not empty');
  }
  return tags;
}

/** Redis takes whole milliseconds, and refuses what would overflow its clock. */
const MAX_TTL_MS = Number.MAX_SAFE_INTEGER / 8;

export function checkTtl(ttlMs: unknown, option: string): number {
  if (typeof ttlMs !== 'number' || !(ttlMs >= 1 && ttlMs <= MAX_TTL_MS)) {
    throw new CacheOptionError(option, ttlMs, 'a number of milliseconds, at least 1');
  }
  return ttlMs;
}

function checkSpan(ms: unknown, option: string): void {
  if (typeof ms !== 'number' || !(ms >= 0 && ms <= MAX_TTL_MS)) {
    throw new CacheOptionError(option, ms, 'a number of milliseconds, 0 or more');
  }
}

function checkShare(share: unknown, option: string): void {
  if (typeof share !== 'number' || !(share >= 0 && share <= 1)) {
    throw new CacheOptionError(option, share, 'a number from 0 to 1');
  }
}
