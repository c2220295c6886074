import type { Lookup, MissReason, NotFound, Storing } from './answer.ts';
import type { RedisClient } from './redis/client.ts';
import type { Codec } from './value/codec.ts';
import type { Counters } from './monitor/counters.ts';
import { CacheDecodeError, CacheEncodeError, CacheRedisError } from './errors.ts';
import { RedisLink } from './redis/link.ts';
import { OwedDeletions } from './redis/owed.ts';
import { vouchedFor } from './vouch.ts';

/**
 * Values under keys in Redis. A fault of Redis is never thrown from here: it is counted, and becomes part of the answer.
 */
export class Shelf {
  readonly #link: RedisLink;
  readonly #owed: OwedDeletions;
  readonly #codec: Codec;
  readonly #counters: Counters;

  constructor(client: RedisClient, codec: Codec, counters: Counters, timeoutMs: number) {
    this.#link = new RedisLink(client, timeoutMs);
    this.#owed = new OwedDeletions(client, this.#link);
    this.#codec = codec;
    this.#counters = counters;
  }

  /** Looks for a value. Asking for its TTL as well costs no further round trip, but a second command. */
  async look<T>(key: string, wantsTtl: boolean): Promise<Lookup<T>> {
    const startedAt = performance.now();
    const missed = (reason: MissReason): NotFound => ({
      outcome: 'miss',
      reason,
      key,
      redisMs: performance.now() - startedAt,
    });
    if (this.#owed.has(key)) return missed('invalidated');
    try {
      const found = wantsTtl ? await this.#link.getWithTtl(key) : await this.#link.get(key);
      if (found === null) return missed('absent');
      const value = vouchedFor<T>(this.#decode(found.bytes));
      const redisMs = performance.now() - startedAt;
      return {
        outcome: 'hit',
        reason: 'found',
        value,
        key,
        ttlMs: found.ttlMs,
        bytes: found.bytes.length,
        redisMs,
      };
    } catch (error) {
      if (error instanceof CacheDecodeError) {
        this.#counters.error(error);
        return missed('undecodable');
      }
      const { fault } = this.#survive(error);
      return { outcome: 'bypass', reason: fault, key, redisMs: performance.now() - startedAt };
    }
  }

  /** Throws `CacheEncodeError` for a value that the codec cannot keep. */
  encode(value: unknown): Buffer {
    try {
      return this.#codec.encode(value);
    } catch (cause) {
      throw cause instanceof CacheEncodeError ? cause : new CacheEncodeError('of a kind', { cause });
    }
  }

  /** Stores bytes, unless `isWanted` says no in the turn in which they would be written to the connection. */
  async put(
    key: string,
    bytes: Buffer,
    ttlMs: number,
    isWanted: () => boolean = () => true,
  ): Promise<Storing> {
    try {
      const wasSent = await this.#link.set(key, bytes, ttlMs, isWanted);
      if (!wasSent) return { stored: false, storeReason: 'superseded' };
    } catch (error) {
      return { stored: false, storeReason: this.#survive(error).fault };
    }
    this.#counters.count('writes');
    if (!isWanted()) return { stored: false, storeReason: 'superseded' };
    this.#owed.settle(key);
    return { stored: true, ttlMs, bytes: bytes.length };
  }

  /** Removes a value. False when Redis did not confirm it: then it is owed, and not read by this process until made good. */
  async drop(key: string): Promise<boolean> {
    try {
      await this.#link.unlink(key);
    } catch (error) {
      this.#survive(error);
      this.#owed.add(key);
      return false;
    }
    this.#owed.settle(key);
    this.#counters.count('invalidations');
    return true;
  }

  /** What Redis holds for `key` is known to be old, and could not be replaced. */
  owe(key: string): void {
    this.#owed.add(key);
  }

  get owed(): { readonly size: number; readonly forgotten: number } {
    return this.#owed;
  }

  close(): Promise<void> {
    return this.#owed.close();
  }

  #decode(bytes: Buffer): unknown {
    try {
      return this.#codec.decode(bytes);
    } catch (cause) {
      if (cause instanceof CacheDecodeError) throw cause;
      throw new CacheDecodeError('The codec could not decode a stored value.', { cause });
    }
  }

  #survive(error: unknown): CacheRedisError {
    if (!(error instanceof CacheRedisError)) throw error;
    this.#counters.error(error);
    return error;
  }
}
