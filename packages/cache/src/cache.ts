import { setImmediate } from 'node:timers/promises';
import type { Answer, Loaded, Lookup, NotFound, Storing } from './answer.ts';
import type { ClearResult } from './redis/clear.ts';
import type { CacheStats, Counter, Counters } from './monitor/counters.ts';
import { withDeadline } from './redis/deadline.ts';
import { CacheClosedError, CacheEncodeError, CacheOptionError } from './errors.ts';
import { Flights } from './flights.ts';
import type { WriteOptions } from './options.ts';
import { checkTtl } from './options.ts';
import type { Shelf } from './shelf.ts';

/** Gives the value that a key stands for, from where it is kept for good. What it throws reaches every caller that waits. */
export type Load<T> = () => T | Promise<T>;

/** What a load came back with: the value, and the write of it, which may still be under way and never rejects. */
interface Landing<T> {
  readonly value: T;
  readonly loadMs: number;
  readonly storing: Promise<Storing>;
}

const LATE: Storing = { stored: false, storeReason: 'timeout' };

const TALLY = { hit: 'hits', miss: 'misses', bypass: 'bypasses' } as const satisfies Record<string, Counter>;

/**
 * A look-up that missed before the write may get its reply in the same breath as the write does, and come to join a
 * moment later, since a pipeline's promise takes more turns to settle. So a load whose value is in Redis stays open until
 * this turn's replies are all dealt with. One that is not stored ends at once: joined later, it would stand in for a cache.
 */
async function untilRepliesAreRead({ stored }: Storing): Promise<void> {
  if (stored) await setImmediate();
}

/** What a cache is made of; `createCache` puts it together. */
export interface CacheParts {
  readonly prefix: string;
  readonly timeoutMs: number;
  readonly shelf: Shelf;
  readonly counters: Counters;
  readonly clear: () => Promise<ClearResult>;
  readonly disconnect: () => Promise<void>;
}

/**
 * A cache-aside cache in Redis.
 *
 * It keeps to this: Redis failing never fails a read, nor holds one up beyond `timeoutMs`; every value has an expiry; once
 * `invalidate` or `set` has returned, no later read of this process gets a value that was loaded before it.
 */
export class Cache {
  readonly #parts: CacheParts;
  readonly #flights = new Flights();
  #closing: Promise<void> | undefined;

  constructor(parts: CacheParts) {
    this.#parts = parts;
  }

  /**
   * The value of `key`: from Redis, else from `load`, and then stored for `ttlMs`. Any value counts as one, `undefined`,
   * `null`, `0` and `''` included. Concurrent calls for one missing key in this process share one load and its value,
   * so treat the value as read-only. Rejects with what `load` threw, and for a fault of the caller's own.
   */
  async getOrLoad<T>(key: string, load: Load<T>, options: WriteOptions): Promise<T> {
    const answer = await this.#answer(key, load, options, false);
    return answer.value;
  }

  /** `getOrLoad`, telling also how the value was come by, how long that took, and how long the value may be kept. */
  async getOrLoadWithOutcome<T>(key: string, load: Load<T>, options: WriteOptions): Promise<Answer<T>> {
    return this.#answer(key, load, options, true);
  }

  /** Looks in Redis only. `outcome` tells a stored `undefined` (a hit) from nothing. */
  async get<T>(key: string): Promise<Lookup<T>> {
    return this.#look<T>(this.#nameOf(key, 'get'), true);
  }

  /**
   * Stores a value, in place of what Redis has or a load under way would bring. True once Redis has it. When Redis fails,
   * false: then the old value is not read by this process again, and its deletion is made good when Redis is back.
   * Throws `CacheEncodeError` for a value that cannot be kept.
   */
  async set(key: string, value: unknown, options: WriteOptions): Promise<boolean> {
    const name = this.#nameOf(key, 'set');
    const ttlMs = checkTtl(options);
    const { shelf } = this.#parts;
    const bytes = shelf.encode(value);
    this.#flights.void(name);
    const { stored } = await shelf.put(name, bytes, ttlMs);
    if (!stored) shelf.owe(name);
    return stored;
  }

  /**
   * Makes sure that no later read gets a value loaded before this call; call it after the change is committed. True once
   * Redis has confirmed. When Redis fails, false: see `set`.
   */
  async invalidate(key: string): Promise<boolean> {
    const name = this.#nameOf(key, 'invalidate');
    this.#flights.void(name);
    return this.#parts.shelf.drop(name);
  }

  /** Removes all that stands under this cache's prefix, and nothing else. For an operator's hand: it walks all keys. */
  async clear(): Promise<ClearResult> {
    this.#checkOpen('clear');
    this.#flights.voidAll();
    const result = await this.#parts.clear();
    if (result.error !== undefined) this.#parts.counters.error(result.error);
    this.#parts.counters.count('invalidations', result.removed);
    return result;
  }

  /** The counters as they stand. */
  stats(): CacheStats {
    const { counters, shelf } = this.#parts;
    return counters.snapshot(shelf.owed.size, shelf.owed.forgotten);
  }

  /**
   * Ends the cache: later calls reject with `CacheClosedError`, loads under way reach their callers but are not
   * stored. Closes the connection if the cache made it. Safe to call twice.
   */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#flights.voidAll();
      await this.#parts.shelf.close();
      await this.#parts.disconnect();
    })();
    return this.#closing;
  }

  async #answer<T>(key: string, load: Load<T>, options: WriteOptions, wantsTtl: boolean): Promise<Answer<T>> {
    const name = this.#nameOf(key, 'getOrLoad');
    if (typeof load !== 'function') throw new CacheOptionError('load', load, 'a function');
    const ttlMs = checkTtl(options);
    const found = await this.#look<T>(name, wantsTtl);
    return found.outcome === 'hit' ? found : this.#load(found, load, ttlMs);
  }

  async #look<T>(name: string, wantsTtl: boolean): Promise<Lookup<T>> {
    const found = await this.#parts.shelf.look<T>(name, wantsTtl);
    this.#parts.counters.count(TALLY[found.outcome]);
    return found;
  }

  async #load<T>(found: NotFound, load: Load<T>, ttlMs: number): Promise<Loaded<T>> {
    const { counters, timeoutMs } = this.#parts;
    const joined = this.#flights.find<Landing<T>>(found.key);
    if (joined !== undefined) counters.count('coalesced');
    const flight =
      joined ??
      this.#flights.start<Landing<T>>(found.key, async ({ isCurrent }) => {
        const landing = await this.#fly(found, load, ttlMs, isCurrent);
        return { value: landing, done: landing.storing.then(untilRepliesAreRead) };
      });
    const { value, loadMs, storing } = await flight.landed;
    const storedAt = performance.now();
    // The look-up has used up a part of what this read may wait for Redis; the write goes on without it if need be.
    // The look-up used up a part of what this read may wait for Redis; past the rest, the write goes on without it.
    const stored = await withDeadline(storing, Math.max(0, timeoutMs - found.redisMs), () => LATE);
    const storeMs = performance.now() - storedAt;
    return {
      ...found,
      redisMs: found.redisMs + storeMs,
      storeMs,
      value,
      loadMs,
      coalesced: joined !== undefined,
      storing: stored,
    };
  }

  async #fly<T>(
    found: NotFound,
    load: Load<T>,
    ttlMs: number,
    isCurrent: () => boolean,
  ): Promise<Landing<T>> {
    const { counters } = this.#parts;
    const startedAt = performance.now();
    counters.count('loads');
    try {
      const value = await load();
      const loadMs = performance.now() - startedAt;
      return { value, loadMs, storing: this.#store(found, value, ttlMs, isCurrent) };
    } catch (error) {
      counters.count('loadErrors');
      throw error;
    }
  }

  async #store(found: NotFound, value: unknown, ttlMs: number, isCurrent: () => boolean): Promise<Storing> {
    // Redis has already kept this read waiting for as long as it may.
    if (found.reason === 'timeout') return LATE;
    const { shelf, counters } = this.#parts;
    let bytes: Buffer;
    try {
      bytes = shelf.encode(value);
    } catch (error) {
      if (!(error instanceof CacheEncodeError)) throw error;
      counters.error(error);
      return { stored: false, storeReason: 'unencodable' };
    }
    return shelf.put(found.key, bytes, ttlMs, isCurrent);
  }

  #nameOf(key: string, operation: string): string {
    this.#checkOpen(operation);
    if (typeof key !== 'string' || key === '')
      throw new CacheOptionError('key', key, 'a string that is not empty');
    return `${this.#parts.prefix}:${key}`;
  }

  #checkOpen(operation: string): void {
    if (this.#closing !== undefined) throw new CacheClosedError(operation);
  }
}
