import type { Answer, Lookup } from './answer.ts';
import type { Changes } from './changes.ts';
import { CacheClosedError, CacheOptionError } from './errors.ts';
import type { LoadMany } from './load-batch.ts';
import type { LoadGate } from './load-gate.ts';
import type { LoadOptions, WriteOptions } from './load-options.ts';
import { checkLoadOptions, checkTags, checkWriteOptions } from './load-options.ts';
import type { CacheEmitter } from './monitor/emitter.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { CacheStats } from './monitor/stats.ts';
import type { CacheSpan, SpanName, Tracing } from './monitor/tracing.ts';
import type { Names } from './names.ts';
import type { NamespaceOptions } from './namespace.ts';
import { Namespace } from './namespace.ts';
import type { NearCache } from './near/near.ts';
import type { Probe } from './probe.ts';
import type { Reading } from './reading.ts';
import type { Load, Reads } from './reads.ts';
import { noSpan } from './reads.ts';
import type { CircuitBreaker } from './redis/breaker.ts';
import type { ClearResult } from './redis/clear.ts';
import type { OwedDeletions } from './redis/owed.ts';
import { vouchedFor } from './vouch.ts';

/** How `getOrLoadMany` names what it loads. */
export interface LoadManyOptions<Id, T> extends LoadOptions<T> {
  /** The key of an id, such as `(id) => cacheKey(['article', id])`. Two ids must not share one. */
  readonly key: (id: Id) => string;
  /** The tags of each id's value, in place of `tags`. */
  readonly tagsOf?: ((id: Id) => readonly string[]) | undefined;
}

/** What a cache is made of; `createCache` puts it together. */
export interface CacheParts {
  readonly prefix: string;
  readonly names: Names;
  readonly monitor: Monitor;
  readonly reads: Reads;
  readonly changes: Changes;
  readonly reading: Reading;
  readonly gate: LoadGate;
  readonly owed: OwedDeletions;
  readonly near: NearCache | undefined;
  readonly probe: Probe | undefined;
  readonly breaker: CircuitBreaker | undefined;
  readonly tracing: Tracing | undefined;
  readonly close: () => Promise<void>;
}

/**
 * A cache-aside cache in Redis.
 *
 * It keeps to this: Redis failing never fails a read; every value has an expiry; once `invalidate`, `invalidateTags` or `set` has
 * returned true, no later read of any process gets a value whose load began before it (a near cache adds the time that
 * Redis's message of it takes to arrive); across all processes, one caller loads a key while the others wait.
 */
export class Cache {
  readonly #parts: CacheParts;
  #closing: Promise<void> | undefined;

  constructor(parts: CacheParts) {
    this.#parts = parts;
  }

  /** What the cache does, as it does it. */
  get events(): CacheEmitter {
    return this.#parts.monitor.events;
  }

  /**
   * The value of `key`: from Redis, else from `load`, and then stored for `ttlMs`. Any value counts as one, `undefined`,
   * `null`, `0` and `''` included. Concurrent calls for one missing key share one load, and in one process its value,
   * so treat the value as read-only. Rejects with what `load` threw, and for a fault of the caller's own.
   */
  getOrLoad<T>(key: string, load: Load<T>, options: LoadOptions<T>): Promise<T> {
    // Not async, because that would add three turns of the microtask queue to every hit.
    try {
      this.#checkKey(key, 'getOrLoad');
      checkLoad(load);
      const plan = checkLoadOptions(options);
      const { near, reading, tracing, probe, monitor, reads, names } = this.#parts;
      const isWatched = tracing !== undefined || probe !== undefined || monitor.wants('read');
      const nearby = near === undefined || isWatched ? undefined : reading.nearEntry(key, plan);
      if (nearby !== undefined) {
        monitor.count('hits');
        monitor.count('nearHits');
        return Promise.resolve(vouchedFor<T>(nearby.value));
      }
      const name = names.value(key);
      if (!isWatched) return reads.unwatched(name, plan, load);
      return this.#traced('getOrLoad', { 'cache.key': name }, (span) => reads.value(name, plan, load, span));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** `getOrLoad`, telling also how the value was come by, how long that took, and how long the value may be kept. */
  async getOrLoadWithOutcome<T>(key: string, load: Load<T>, options: LoadOptions<T>): Promise<Answer<T>> {
    const name = this.#nameOf(key, 'getOrLoad');
    checkLoad(load);
    const plan = checkLoadOptions(options);
    return this.#traced('getOrLoad', { 'cache.key': name }, (span) =>
      this.#parts.reads.answer(name, plan, load, span),
    );
  }

  /**
   * The values of many ids: all look-ups in one round trip (one for each slot on a cluster), then one call of `loadMany` for those that are
   * missing. The result has the ids that exist, in the order in which they were asked for; that the others do not is
   * cached as well (`absentTtlMs`). Otherwise as `getOrLoad`.
   */
  async getOrLoadMany<Id, T>(
    ids: Iterable<Id>,
    loadMany: LoadMany<Id, T>,
    options: LoadManyOptions<Id, T>,
  ): Promise<Map<Id, T>> {
    this.#checkOpen('getOrLoadMany');
    const plan = checkLoadOptions(options);
    if (typeof loadMany !== 'function') throw new CacheOptionError('loadMany', loadMany, 'a function');
    if (typeof options.key !== 'function') throw new CacheOptionError('key', options.key, 'a function');
    const { key, tagsOf } = options;
    const wanted = [...new Set(ids)].map((id) => ({
      id,
      name: this.#nameOf(key(id), 'getOrLoadMany'),
      plan: tagsOf === undefined ? plan : { ...plan, tags: checkTags(tagsOf(id)) },
    }));
    return this.#traced('getOrLoadMany', { 'cache.keys': wanted.length }, () =>
      this.#parts.reads.many(wanted, loadMany),
    );
  }

  /**
   * `getOrLoad` for a value that goes out as JSON: gives its JSON text as UTF-8 bytes. On a hit they are the bytes that Redis keeps, neither parsed
   * nor written again. Shares its keys with `getOrLoad`. What JSON has no form for comes out as `JSON.stringify` writes it, so a
   * bigint makes it throw.
   */
  async getOrLoadJson<T>(key: string, load: Load<T>, options: LoadOptions<T>): Promise<Buffer> {
    const name = this.#nameOf(key, 'getOrLoadJson');
    checkLoad(load);
    const plan = checkLoadOptions(options);
    return this.#traced('getOrLoadJson', { 'cache.key': name }, (span) =>
      this.#parts.reads.json(name, plan, load, span),
    );
  }

  /** Looks without loading. `outcome` tells a stored `undefined` (a hit) from nothing. */
  async get<T>(key: string): Promise<Lookup<T>> {
    const name = this.#nameOf(key, 'get');
    return this.#traced('get', { 'cache.key': name }, (span) => this.#parts.reads.lookup<T>(name, span));
  }

  /**
   * Stores a value, in place of what Redis has or a load under way would bring. True once Redis has it. When Redis fails,
   * false: then the old value is not read by this process again, and its deletion is made good when Redis is back.
   * Throws `CacheEncodeError` for a value that cannot be kept.
   */
  async set(key: string, value: unknown, options: WriteOptions): Promise<boolean> {
    const name = this.#nameOf(key, 'set');
    const plan = checkWriteOptions(options);
    const write = this.#parts.changes.prepareSet(name, value, plan);
    return this.#traced('set', { 'cache.key': name }, write);
  }

  /**
   * Makes sure that no later read gets a value loaded before this call; call it after the change is committed. True once
   * Redis has confirmed. When Redis fails, false: see `set`.
   */
  async invalidate(key: string): Promise<boolean> {
    const name = this.#nameOf(key, 'invalidate');
    return this.#traced('invalidate', { 'cache.key': name }, () => this.#parts.changes.invalidate(name));
  }

  /** `invalidate` for all that carries one of these tags, at the same small cost however much that is. */
  async invalidateTags(tags: readonly string[]): Promise<boolean> {
    this.#checkOpen('invalidateTags');
    checkTags(tags);
    const unique = [...new Set(tags)];
    return this.#traced('invalidateTags', { 'cache.tags': unique.length }, () =>
      this.#parts.changes.invalidateTags(unique),
    );
  }

  /**
   * Keys and values of one kind: `cache.namespace<Article, number>('article', { ttlMs: 60_000 })` has the methods of a cache for
   * numbers that stand for articles.
   */
  namespace<V, K = string>(name: string, options: NamespaceOptions<V, K>): Namespace<V, K> {
    return new Namespace<V, K>(this, name, options);
  }

  /** Removes all that stands under this cache's prefix, and nothing else. For an operator's hand: it walks all keys. */
  async clear(): Promise<ClearResult> {
    this.#checkOpen('clear');
    return this.#traced('clear', {}, () => this.#parts.changes.clear());
  }

  /** The counters as they stand. */
  stats(): CacheStats {
    const { monitor, owed, gate, near, breaker } = this.#parts;
    return monitor.snapshot({
      owedInvalidations: owed.size,
      lostInvalidations: owed.forgotten,
      runningLoads: gate.running,
      queuedLoads: gate.queued,
      nearEntries: near?.size ?? 0,
      breakerOpen: breaker !== undefined && breaker.state !== 'closed',
    });
  }

  /**
   * Ends the cache: later calls reject with `CacheClosedError`, loads under way reach their callers but are not
   * stored. Closes the connections that the cache made. Safe to call twice.
   */
  close(): Promise<void> {
    this.#closing ??= this.#parts.close();
    return this.#closing;
  }

  #traced<T>(
    name: SpanName,
    attributes: Readonly<Record<string, string | number>>,
    run: (span: CacheSpan) => Promise<T>,
  ): Promise<T> {
    const { tracing, prefix } = this.#parts;
    if (tracing === undefined) return run(noSpan);
    return tracing.span(name, { 'cache.prefix': prefix, ...attributes }, run);
  }

  #nameOf(key: string, operation: string): string {
    this.#checkKey(key, operation);
    return this.#parts.names.value(key);
  }

  #checkKey(key: string, operation: string): void {
    this.#checkOpen(operation);
    if (typeof key !== 'string' || key === '') {
      throw new CacheOptionError('key', key, 'a string that is not empty');
    }
  }

  #checkOpen(operation: string): void {
    if (this.#closing !== undefined) throw new CacheClosedError(operation);
  }
}

function checkLoad(load: unknown): void {
  if (typeof load !== 'function') throw new CacheOptionError('load', load, 'a function');
}
