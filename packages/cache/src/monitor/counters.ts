import type { CacheError } from '../errors.ts';
import { CacheDecodeError, CacheEncodeError, CacheRedisError } from '../errors.ts';

/** What a cache has done since it was made. Every read is exactly one of `hits`, `misses` and `bypasses`. */
export interface CacheStats {
  /** Answered by Redis. */
  readonly hits: number;
  /** Redis was asked and had nothing to give. */
  readonly misses: number;
  /** Redis could not be asked: away, too slow, or refusing. */
  readonly bypasses: number;
  /** Calls of a loader. */
  readonly loads: number;
  /** Calls of a loader that failed. */
  readonly loadErrors: number;
  /** Reads that joined a load already under way instead of starting one. */
  readonly coalesced: number;
  /** Values that Redis has confirmed to hold. */
  readonly writes: number;
  /** Keys that Redis has confirmed to be gone. */
  readonly invalidations: number;
  /** Deletions not confirmed yet; they are sent again when Redis is back. */
  readonly owedInvalidations: number;
  /** Deletions given up, because too many were owed at once. */
  readonly lostInvalidations: number;
  readonly errors: Readonly<Record<ErrorKind, number>>;
}

/** `timeout`, `unavailable` and `reply` come from Redis; `encode` and `decode` from the codec. */
export type ErrorKind = 'timeout' | 'unavailable' | 'reply' | 'encode' | 'decode';

export type Counter =
  | 'hits'
  | 'misses'
  | 'bypasses'
  | 'loads'
  | 'loadErrors'
  | 'coalesced'
  | 'writes'
  | 'invalidations';

export class Counters {
  readonly #counts: Record<Counter, number> = {
    hits: 0,
    misses: 0,
    bypasses: 0,
    loads: 0,
    loadErrors: 0,
    coalesced: 0,
    writes: 0,
    invalidations: 0,
  };
  readonly #errors: Record<ErrorKind, number> = {
    timeout: 0,
    unavailable: 0,
    reply: 0,
    encode: 0,
    decode: 0,
  };
  readonly #onError: ((error: CacheError) => void) | undefined;

  constructor(onError?: (error: CacheError) => void) {
    this.#onError = onError;
  }

  count(counter: Counter, by = 1): void {
    this.#counts[counter] += by;
  }

  /** Counts an error that a read survived, and shows it to the owner of the cache. */
  error(error: CacheError): void {
    const kind = kindOf(error);
    if (kind !== undefined) this.#errors[kind]++;
    try {
      this.#onError?.(error);
    } catch (failure) {
      // A listener's own failure must not become the failure of a read, nor go unseen.
      process.emitWarning(failure instanceof Error ? failure : String(failure));
    }
  }

  snapshot(owedInvalidations: number, lostInvalidations: number): CacheStats {
    return { ...this.#counts, owedInvalidations, lostInvalidations, errors: { ...this.#errors } };
  }
}

function kindOf(error: CacheError): ErrorKind | undefined {
  if (error instanceof CacheRedisError) return error.fault;
  if (error instanceof CacheEncodeError) return 'encode';
  return error instanceof CacheDecodeError ? 'decode' : undefined;
}
