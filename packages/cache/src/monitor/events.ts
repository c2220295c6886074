import type { Lookup, Storing } from '../answer.ts';
import type { CacheError } from '../errors.ts';

/** The events of a cache, each with what its listeners are given. `key` is always the name of the key in Redis. */
export interface CacheEvents {
  /** A read knows what the cache has for it. One that has nothing loads now, or waits for a load. */
  readonly read: {
    readonly key: string;
    /** `near` and `stale` are hits: from the near cache, and past the TTL. */
    readonly outcome: 'hit' | 'near' | 'stale' | 'miss' | 'bypass';
    readonly reason: Lookup<unknown>['reason'];
    /** How long it took to know, without a load. */
    readonly ms: number;
  };
  /** A loader has come back; with what it threw, if it did. */
  readonly load: { readonly key: string; readonly ms: number; readonly error?: unknown };
  /** A loaded or given value went to Redis, or did not, and why. */
  readonly store: {
    readonly key: string;
    readonly stored: boolean;
    readonly reason?: Extract<Storing, { stored: false }>['storeReason'];
    readonly bytes?: number;
    readonly ttlMs?: number;
  };
  /** Keys or tags were invalidated; `confirmed` once Redis has done it, false when it is owed. */
  readonly invalidate: {
    readonly keys?: readonly string[];
    readonly tags?: readonly string[];
    readonly confirmed: boolean;
  };
  /**
   * A lease was granted to this process; is held by another, and waited for; was void when its load came back; or took
   * so long that the reader loads without one.
   */
  readonly lease: { readonly key: string; readonly state: 'granted' | 'waiting' | 'void' | 'gave-up' };
  /** The circuit breaker keeps reads from Redis, tries it again, or lets them through. */
  readonly breaker: { readonly state: 'open' | 'half-open' | 'closed' };
  /** The near cache began or ceased to be coherent with Redis; `flushed` entries were dropped. */
  readonly near: { readonly state: 'on' | 'off'; readonly flushed: number };
  /** A hit was compared with its loader. When it was stale, `ageMs` is how long ago it was stored. */
  readonly probe: { readonly key: string; readonly stale: boolean; readonly ageMs?: number };
  /** A fault that a read or write survived. */
  readonly error: { readonly error: CacheError };
}

export type CacheEvent = keyof CacheEvents;
