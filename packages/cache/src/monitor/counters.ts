import type { CacheError } from '../errors.ts';
import { CacheDecodeError, CacheEncodeError, CacheInvalidError, CacheRedisError } from '../errors.ts';

/** What a cache counts, from when it was made on; none ever goes down. */
export interface Counts {
  /** Reads answered with a stored value, from Redis or from the near cache, in time or stale. */
  readonly hits: number;
  /** The part of `hits` that the near cache answered, without Redis. */
  readonly nearHits: number;
  /** The part of `hits` whose value was past its TTL, given while another load of it runs (`staleWhileRevalidateMs`). */
  readonly staleHits: number;
  /** Reads for which Redis was asked and had no value that may be given. */
  readonly misses: number;
  /** Reads for which Redis could not be asked: away, too slow, or refusing. Hits, misses and bypasses make up all reads. */
  readonly bypasses: number;
  /** Values asked of a loader, for whatever reason; a `loadMany` is asked for one value an id. */
  readonly loads: number;
  /** The part of `loads` that threw or rejected. */
  readonly loadErrors: number;
  /** Reads that took the value of a load which another read had begun, in this process or, through Redis, in another. */
  readonly coalesced: number;
  /** Reads that waited for a load in another process, because that one held the key's lease. */
  readonly leaseWaits: number;
  /** Loads whose value was given to its readers but not stored, because the key was invalidated or written meanwhile. */
  readonly voidedLoads: number;
  /** The part of `loads` that no reader waited for: of a stale value, or ahead of its time. */
  readonly refreshes: number;
  /** The part of `refreshes` begun before the value's time was up (`earlyRefresh`). */
  readonly earlyRefreshes: number;
  /** The part of `misses` given a value past its TTL, because its load had failed (`staleIfErrorMs`). */
  readonly staleOnError: number;
  /** Times that an earlier load's error stood in for a load (`errorTtlMs`). */
  readonly rememberedErrors: number;
  /** Values that Redis has confirmed to hold. */
  readonly writes: number;
  /** Keys whose removal Redis has confirmed, by `invalidate` (even if they were not there) or `clear`. */
  readonly invalidations: number;
  /** Tags whose invalidation Redis has confirmed. */
  readonly tagInvalidations: number;
  /** Hits compared with what their loader gives (`probe`). One during which the value changed says nothing, and is not counted. */
  readonly probes: number;
  /** The part of `probes` in which the two differed. */
  readonly staleProbes: number;
  /** Bytes of the values that reads got from Redis, as stored: compressed, and with what the cache notes beside them. One that several reads share counts for each. */
  readonly bytesRead: number;
  /** Bytes of the `writes`, likewise. */
  readonly bytesWritten: number;
}

export type Counter = keyof Counts;

/**
 * `timeout`, `unavailable` and `reply` come from Redis; `encode` and `decode` from the codec; `invalid` is a stored value
 * that the schema refused.
 */
export type ErrorKind = 'timeout' | 'unavailable' | 'reply' | 'encode' | 'decode' | 'invalid';

/** All counters at nought. The object's shape never changes after, which is what makes counting cheap. */
export function zeroCounts(): Record<Counter, number> {
  return {
    hits: 0,
    nearHits: 0,
    staleHits: 0,
    misses: 0,
    bypasses: 0,
    loads: 0,
    loadErrors: 0,
    coalesced: 0,
    leaseWaits: 0,
    voidedLoads: 0,
    refreshes: 0,
    earlyRefreshes: 0,
    staleOnError: 0,
    rememberedErrors: 0,
    writes: 0,
    invalidations: 0,
    tagInvalidations: 0,
    probes: 0,
    staleProbes: 0,
    bytesRead: 0,
    bytesWritten: 0,
  };
}

export function zeroErrors(): Record<ErrorKind, number> {
  return { timeout: 0, unavailable: 0, reply: 0, encode: 0, decode: 0, invalid: 0 };
}

/** The kind that an error counts as; undefined for one that no read meets, such as a bad option. */
export function kindOf(error: CacheError): ErrorKind | undefined {
  if (error instanceof CacheRedisError) return error.fault;
  if (error instanceof CacheEncodeError) return 'encode';
  if (error instanceof CacheDecodeError) return 'decode';
  return error instanceof CacheInvalidError ? 'invalid' : undefined;
}
