import type { RedisFault } from './errors.ts';

/** Redis had the value. */
export interface Hit<T> {
  readonly outcome: 'hit';
  /** `near`: this process had it. `stale`: past its TTL, within the time that the caller allows. */
  readonly reason: 'found' | 'near' | 'stale';
  readonly value: T;
  /** The name of the key in Redis. */
  readonly key: string;
  /** The time left; undefined for a key that never expires, and where it was not asked for. */
  readonly ttlMs: number | undefined;
  /** The size of the stored value. */
  readonly bytes: number;
  /** How long this read waited for Redis and the codec. */
  readonly redisMs: number;
}

/**
 * `absent`: no such key, or Redis ended it. `expired`: past its TTL, kept for `staleIfErrorMs` only. `undecodable`: the stored bytes were
 * not the codec's. `invalid`: the schema refused it. `invalidated`: one of its tags was, or a deletion is still owed to Redis.
 */
export type MissReason = 'absent' | 'expired' | 'undecodable' | 'invalid' | 'invalidated';

/** Redis did not have the value (`miss`), or could not be asked for it (`bypass`). */
export type NotFound = {
  readonly key: string;
  readonly redisMs: number;
} & (
  | { readonly outcome: 'miss'; readonly reason: MissReason }
  | { readonly outcome: 'bypass'; readonly reason: RedisFault }
);

export type Lookup<T> = Hit<T> | NotFound;

/**
 * Whether a loaded value is now in Redis, and if not, why. `superseded`: the key was invalidated or written while
 * the load ran, or the cache was closed. `unencodable`: the codec would not give it back as it is. `unwanted`: its
 * TTL came out as 0. `elsewhere`: this load ran without the lease, because who held it took too long.
 */
export type Storing =
  | { readonly stored: true; readonly ttlMs: number; readonly bytes: number }
  | {
      readonly stored: false;
      readonly storeReason: 'superseded' | 'unencodable' | 'unwanted' | 'elsewhere' | RedisFault;
    };

/** The loader gave the value. */
export type Loaded<T> = NotFound & {
  readonly value: T;
  /** How long the loader took; for a load of another process, how long it was waited for. */
  readonly loadMs: number;
  /** True when the loader was already running for an earlier caller, here or in another process, and this one waited for it. */
  readonly coalesced: boolean;
  readonly storing: Storing;
  /** The part of `redisMs` that went by waiting for the write. */
  readonly storeMs: number;
};

export type Answer<T> = Hit<T> | Loaded<T>;
