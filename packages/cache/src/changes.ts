import { CacheOptionError, CacheRedisError } from './errors.ts';
import type { ErrorMemory } from './error-memory.ts';
import type { Flights } from './flights.ts';
import { lifetimeOf } from './freshness.ts';
import type { Plan } from './load-options.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { Names } from './names.ts';
import type { NearCache } from './near/near.ts';
import type { ClearResult } from './redis/clear.ts';
import type { Shelf } from './shelf.ts';
import type { TagStamps } from './tag-stamps.ts';
import type { Time } from './time.ts';
import type { Codec } from './value/codec.ts';
import type { Writing } from './writing.ts';
import { encodeBy } from './writing.ts';

export interface ChangesParts {
  readonly timeoutMs: number;
  readonly names: Names;
  readonly codec: Codec;
  readonly time: Time;
  readonly monitor: Monitor;
  readonly shelf: Shelf;
  readonly stamps: TagStamps;
  readonly flights: Flights;
  readonly writing: Writing;
  readonly errors: ErrorMemory;
  readonly near: NearCache | undefined;
  readonly clear: () => Promise<ClearResult>;
}

/** What ends the time of a value: a new one, an invalidation, a clearing out. First in this process, then in Redis. */
export class Changes {
  readonly #parts: ChangesParts;

  constructor(parts: ChangesParts) {
    this.#parts = parts;
  }

  /** Gives the write, to be run once all that can be wrong with it is known not to be. Throws `CacheEncodeError`. */
  prepareSet(name: string, value: unknown, plan: Plan): () => Promise<boolean> {
    const { codec, time } = this.#parts;
    const lifetime = lifetimeOf(value, plan, time.random);
    if (lifetime === undefined) throw new CacheOptionError('ttlMs', plan.ttlMs, 'at least 1');
    const payload = encodeBy(codec, value);
    return () => this.#set(name, payload, plan, lifetime);
  }

  async invalidate(name: string): Promise<boolean> {
    const { monitor, near } = this.#parts;
    this.#forget(name);
    const confirmed = await this.#remove(name);
    // Again: a read of the old value may have come to an end meanwhile.
    near?.drop(name);
    if (confirmed) monitor.count('invalidations');
    if (monitor.wants('invalidate')) monitor.emit('invalidate', { keys: [name], confirmed });
    return confirmed;
  }

  async invalidateTags(tags: readonly string[]): Promise<boolean> {
    const { flights, errors, monitor, names, near } = this.#parts;
    const dropNear = () => {
      for (const tag of tags) near?.dropTag(names.tag(tag));
    };
    for (const tag of tags) flights.voidTag(tag);
    errors.forgetAll();
    dropNear();
    const results = await Promise.all(tags.map((tag) => this.#remove(names.tag(tag))));
    dropNear();
    monitor.count('tagInvalidations', results.filter(Boolean).length);
    const confirmed = results.every(Boolean);
    if (monitor.wants('invalidate')) monitor.emit('invalidate', { tags, confirmed });
    return confirmed;
  }

  async clear(): Promise<ClearResult> {
    const { flights, errors, monitor, near, clear } = this.#parts;
    flights.voidAll();
    errors.forgetAll();
    near?.flush();
    const result = await clear();
    near?.flush();
    if (result.error !== undefined) monitor.error(result.error);
    monitor.count('invalidations', result.removed);
    return result;
  }

  async #set(
    name: string,
    payload: Buffer,
    plan: Plan,
    { freshMs, keepMs }: { readonly freshMs: number; readonly keepMs: number },
  ): Promise<boolean> {
    const { shelf, stamps, time, timeoutMs, writing, near } = this.#parts;
    const times = { loadedAt: time.now(), loadMs: 0, freshMs };
    this.#forget(name);
    try {
      const stampsNow = await stamps.ensure(plan.tags, keepMs, timeoutMs);
      const bytes = writing.entryOf(payload, plan, stampsNow, times);
      await shelf.write(name, bytes, keepMs);
      writing.report(name, { stored: true, ttlMs: keepMs, bytes: bytes.length });
      return true;
    } catch (error) {
      const { fault } = this.#survive(error);
      shelf.owed.add(name);
      writing.report(name, { stored: false, storeReason: fault });
      return false;
    } finally {
      near?.drop(name);
    }
  }

  /** This process is not to use what it knows of a value. */
  #forget(name: string): void {
    const { flights, errors, near } = this.#parts;
    flights.void(name);
    errors.forget(name);
    near?.drop(name);
  }

  async #remove(name: string): Promise<boolean> {
    try {
      await this.#parts.shelf.remove(name);
      return true;
    } catch (error) {
      this.#survive(error);
      return false;
    }
  }

  #survive(error: unknown): CacheRedisError {
    if (!(error instanceof CacheRedisError)) throw error;
    this.#parts.monitor.error(error);
    return error;
  }
}
