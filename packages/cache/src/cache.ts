import type { Answer, Hit, Loaded, Lookup, NotFound, Storing } from './answer.ts';
import { CacheClosedError, CacheOptionError, CacheRedisError } from './errors.ts';
import type { Flights } from './flights.ts';
import { lifetimeOf } from './freshness.ts';
import type { LoadMany } from './load-batch.ts';
import { LoadBatch } from './load-batch.ts';
import type { LoadGate } from './load-gate.ts';
import type { LoadOptions, Plan, WriteOptions } from './load-options.ts';
import { checkLoadOptions, checkTags, checkWriteOptions } from './load-options.ts';
import type { Loader, Loading } from './loading.ts';
import { encodeBy } from './loading.ts';
import type { CacheEmitter } from './monitor/emitter.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { CacheStats } from './monitor/stats.ts';
import type { CacheSpan, SpanName, Tracing } from './monitor/tracing.ts';
import type { Names } from './names.ts';
import type { NamespaceOptions } from './namespace.ts';
import { Namespace } from './namespace.ts';
import type { NearCache } from './near/near.ts';
import type { Probe } from './probe.ts';
import type { Decode, Found, Missing, Reading } from './reading.ts';
import { decodeBy } from './reading.ts';
import type { CircuitBreaker } from './redis/breaker.ts';
import type { ClearResult } from './redis/clear.ts';
import { withDeadline } from './redis/deadline.ts';
import type { Shelf } from './shelf.ts';
import type { TagStamps } from './tag-stamps.ts';
import type { Time } from './time.ts';
import type { Codec } from './value/codec.ts';
import { readEntry } from './value/entry.ts';
import { vouchedFor } from './vouch.ts';

/** Gives the value that a key stands for, from where it is kept for good. What it throws reaches every caller that waits. */
export type Load<T> = () => T | Promise<T>;

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
  readonly timeoutMs: number;
  readonly names: Names;
  readonly codec: Codec;
  readonly time: Time;
  readonly monitor: Monitor;
  readonly shelf: Shelf;
  readonly stamps: TagStamps;
  readonly flights: Flights;
  readonly reading: Reading;
  readonly loading: Loading;
  readonly gate: LoadGate;
  readonly near: NearCache | undefined;
  readonly probe: Probe | undefined;
  readonly breaker: CircuitBreaker | undefined;
  readonly tracing: Tracing | undefined;
  readonly clear: () => Promise<ClearResult>;
  readonly close: () => Promise<void>;
}

const LATE: Storing = { stored: false, storeReason: 'timeout' };

/** What a read without a loader goes by: nothing to store, and nobody who would have put up with a stale value. */
const LOOK_ONLY: Plan = checkLoadOptions({ ttlMs: 1, staleWhileRevalidateMs: 0 });

const noSpan: CacheSpan = { set() {} };

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
  async getOrLoad<T>(key: string, load: Load<T>, options: LoadOptions<T>): Promise<T> {
    const name = this.#nameOf(key, 'getOrLoad');
    if (typeof load !== 'function') throw new CacheOptionError('load', load, 'a function');
    const plan = checkLoadOptions(options);
    const { near, reading, tracing, probe, monitor } = this.#parts;
    const isWatched = tracing !== undefined || probe !== undefined || monitor.wants('read');
    const nearby = near === undefined || isWatched ? undefined : reading.nearEntry(name, plan);
    if (nearby !== undefined) {
      monitor.count('hits');
      monitor.count('nearHits');
      return vouchedFor<T>(nearby.value);
    }
    const answer = await this.#answer(name, load, plan, false);
    return answer.value;
  }

  /** `getOrLoad`, telling also how the value was come by, how long that took, and how long the value may be kept. */
  async getOrLoadWithOutcome<T>(key: string, load: Load<T>, options: LoadOptions<T>): Promise<Answer<T>> {
    const name = this.#nameOf(key, 'getOrLoad');
    if (typeof load !== 'function') throw new CacheOptionError('load', load, 'a function');
    const answer = await this.#answer(name, load, checkLoadOptions(options), true);
    return 'freshness' in answer ? asHit(answer) : answer;
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
    const plan = checkLoadOptions(options);
    if (typeof loadMany !== 'function') throw new CacheOptionError('loadMany', loadMany, 'a function');
    if (typeof options.key !== 'function') throw new CacheOptionError('key', options.key, 'a function');
    const unique = [...new Set(ids)];
    const names = unique.map((id) => this.#nameOf(options.key(id), 'getOrLoadMany'));
    const { tagsOf } = options;
    const plans = unique.map((id) =>
      tagsOf === undefined ? plan : { ...plan, tags: checkTags(tagsOf(id)) },
    );
    const batch = new LoadBatch(unique, loadMany, this.#parts.gate);
    return this.#traced('getOrLoadMany', { 'cache.keys': unique.length }, async () => {
      const reads = unique.map(async (id, index) => {
        const name = names[index] ?? '';
        const planOfId = plans[index] ?? plan;
        const load = batch.loaderOf(id);
        const wait = () => batch.decided(id);
        try {
          return (await this.#read<T | undefined>(name, planOfId, load, false, noSpan, undefined, wait))
            .value;
        } finally {
          wait();
        }
      });
      // All are waited for, so that none is left to fail unseen when another has failed.
      const settled = await Promise.allSettled(reads);
      const values = new Map<Id, T>();
      for (const [index, result] of settled.entries()) {
        if (result.status === 'rejected') throw result.reason;
        if (result.value !== undefined) values.set(unique[index] as Id, result.value);
      }
      return values;
    });
  }

  /**
   * `getOrLoad` for a value that goes out as JSON: gives its JSON text as UTF-8 bytes. On a hit they are the bytes that Redis keeps, neither parsed
   * nor written again. Shares its keys with `getOrLoad`. What JSON has no form for comes out as `JSON.stringify` writes it, so a
   * bigint makes it throw.
   */
  async getOrLoadJson<T>(key: string, load: Load<T>, options: LoadOptions<T>): Promise<Buffer> {
    const { codec } = this.#parts;
    if (typeof load !== 'function') throw new CacheOptionError('load', load, 'a function');
    const toJson = (value: unknown) => Buffer.from(JSON.stringify(value) ?? 'null');
    const decode = (payload: Buffer) => codec.json?.(payload) ?? toJson(codec.decode(payload));
    const plan = checkLoadOptions(options);
    const name = this.#nameOf(key, 'getOrLoadJson');
    return this.#traced('getOrLoadJson', { 'cache.key': name }, async (span) => {
      const startedAt = performance.now();
      const found = await this.#parts.reading.look(name, plan, decode, false);
      this.#tell(found, startedAt, span);
      if (found.outcome === 'hit') {
        if (found.freshness !== 'fresh') void this.#parts.loading.refresh(found, plan, this.#loaderOf(load));
        return found.value;
      }
      const answer = await this.#load(withoutBytes<T>(found, codec), plan, this.#loaderOf(load));
      return toJson(answer.value);
    });
  }

  /** Looks without loading. `outcome` tells a stored `undefined` (a hit) from nothing. */
  async get<T>(key: string): Promise<Lookup<T>> {
    const name = this.#nameOf(key, 'get');
    return this.#traced('get', { 'cache.key': name }, async (span) => {
      const startedAt = performance.now();
      const { reading } = this.#parts;
      const nearby = reading.nearby<T>(name, LOOK_ONLY);
      const found = nearby ?? (await reading.look<T>(name, LOOK_ONLY, undefined, true));
      this.#tell(found, startedAt, span);
      return found.outcome === 'hit' ? asHit(found) : asNotFound(found);
    });
  }

  /**
   * Stores a value, in place of what Redis has or a load under way would bring. True once Redis has it. When Redis fails,
   * false: then the old value is not read by this process again, and its deletion is made good when Redis is back.
   * Throws `CacheEncodeError` for a value that cannot be kept.
   */
  async set(key: string, value: unknown, options: WriteOptions): Promise<boolean> {
    const name = this.#nameOf(key, 'set');
    const plan = checkWriteOptions(options);
    const { loading, shelf, stamps, time, timeoutMs } = this.#parts;
    const lifetime = lifetimeOf(value, plan, time.random);
    if (lifetime === undefined) throw new CacheOptionError('ttlMs', options.ttlMs, 'at least 1');
    const { freshMs, keepMs } = lifetime;
    const times = { loadedAt: time.now(), loadMs: 0, freshMs };
    // Before Redis is asked for anything: a value that cannot be kept must leave everything as it is.
    const payload = encodeBy(this.#parts.codec, value);
    return this.#traced('set', { 'cache.key': name }, async () => {
      this.#forget(name);
      let isStored = false;
      try {
        const stampsNow = await stamps.ensure(plan.tags, keepMs, timeoutMs);
        const bytes = loading.entryOf(payload, plan, stampsNow, times);
        await shelf.write(name, bytes, keepMs);
        loading.report(name, { stored: true, ttlMs: keepMs, bytes: bytes.length });
        isStored = true;
      } catch (error) {
        const { fault } = this.#survive(error);
        shelf.owed.add(name);
        loading.report(name, { stored: false, storeReason: fault });
      }
      // Again: a read of the old value may have come to an end meanwhile.
      this.#parts.near?.drop(name);
      return isStored;
    });
  }

  /**
   * Makes sure that no later read gets a value loaded before this call; call it after the change is committed. True once
   * Redis has confirmed. When Redis fails, false: see `set`.
   */
  async invalidate(key: string): Promise<boolean> {
    const name = this.#nameOf(key, 'invalidate');
    const { monitor } = this.#parts;
    return this.#traced('invalidate', { 'cache.key': name }, async () => {
      this.#forget(name);
      const confirmed = await this.#remove(name);
      this.#parts.near?.drop(name);
      if (confirmed) monitor.count('invalidations');
      if (monitor.wants('invalidate')) monitor.emit('invalidate', { keys: [name], confirmed });
      return confirmed;
    });
  }

  /** `invalidate` for all that carries one of these tags, at the same small cost however much that is. */
  async invalidateTags(tags: readonly string[]): Promise<boolean> {
    this.#checkOpen('invalidateTags');
    checkTags(tags);
    const { flights, loading, monitor, names, near } = this.#parts;
    const unique = [...new Set(tags)];
    return this.#traced('invalidateTags', { 'cache.tags': unique.length }, async () => {
      const drop = () => {
        for (const tag of unique) near?.dropTag(names.tag(tag));
      };
      for (const tag of unique) flights.voidTag(tag);
      loading.forgetAll();
      drop();
      const results = await Promise.all(unique.map((tag) => this.#remove(names.tag(tag))));
      drop();
      monitor.count('tagInvalidations', results.filter(Boolean).length);
      const confirmed = results.every(Boolean);
      if (monitor.wants('invalidate')) monitor.emit('invalidate', { tags: unique, confirmed });
      return confirmed;
    });
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
    const { flights, loading, monitor, near } = this.#parts;
    return this.#traced('clear', {}, async () => {
      flights.voidAll();
      loading.forgetAll();
      near?.flush();
      const result = await this.#parts.clear();
      near?.flush();
      if (result.error !== undefined) monitor.error(result.error);
      monitor.count('invalidations', result.removed);
      return result;
    });
  }

  /** The counters as they stand. */
  stats(): CacheStats {
    const { monitor, shelf, gate, near, breaker } = this.#parts;
    return monitor.snapshot({
      owedInvalidations: shelf.owed.size,
      lostInvalidations: shelf.owed.forgotten,
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

  #answer<T>(name: string, load: Load<T>, plan: Plan, wantsTtl: boolean): Promise<Found<T> | Loaded<T>> {
    const loader = this.#loaderOf(load);
    // Spelled out, so that the path of a hit makes no more closures.
    if (this.#parts.tracing === undefined) return this.#read(name, plan, loader, wantsTtl, noSpan, load);
    return this.#traced('getOrLoad', { 'cache.key': name }, (span) =>
      this.#read(name, plan, loader, wantsTtl, span, load),
    );
  }

  /** Looks, and loads what is not there. `probe` is the loader as the probe may call it. */
  async #read<T>(
    name: string,
    plan: Plan,
    loader: Loader<T>,
    wantsTtl: boolean,
    span: CacheSpan,
    probe?: Load<T>,
    onWait?: () => void,
  ): Promise<Found<T> | Loaded<T>> {
    const startedAt = performance.now();
    const { reading, loading } = this.#parts;
    const found = reading.nearby<T>(name, plan) ?? (await reading.look<T>(name, plan, undefined, wantsTtl));
    this.#tell(found, startedAt, span);
    if (found.outcome !== 'hit') return this.#load(found, plan, loader, onWait);
    if (found.freshness !== 'fresh') void loading.refresh(found, plan, loader);
    if (probe !== undefined) this.#parts.probe?.maybe(found, probe);
    return found;
  }

  /** Counts a look-up, and tells who wants to know. */
  #tell(found: Found<unknown> | Missing<unknown>, startedAt: number, span: CacheSpan): void {
    const { monitor } = this.#parts;
    const { outcome, reason, key } = found;
    if (outcome === 'hit') {
      monitor.count('hits');
      if (reason === 'near') monitor.count('nearHits');
      if (reason === 'stale') monitor.count('staleHits');
    } else {
      monitor.count(outcome === 'miss' ? 'misses' : 'bypasses');
    }
    if (span !== noSpan) span.set({ 'cache.outcome': outcome, 'cache.reason': reason });
    if (!monitor.wants('read')) return;
    const shown = reason === 'near' || reason === 'stale' ? reason : outcome;
    monitor.emit('read', { key, outcome: shown, reason, ms: performance.now() - startedAt });
  }

  async #load<T>(
    missing: Missing<T>,
    plan: Plan,
    loader: Loader<T>,
    onWait?: () => void,
  ): Promise<Found<T> | Loaded<T>> {
    const { loading, timeoutMs } = this.#parts;
    const resolved = await loading.resolve(missing, plan, loader, onWait);
    const notFound = asNotFound(missing);
    if (resolved.kind === 'found') {
      const { found, waitedMs: loadMs } = resolved;
      if (found === missing.spare) return found;
      const storing = { stored: true, ttlMs: found.ttlMs ?? Infinity, bytes: found.bytes } as const;
      return { ...notFound, value: found.value, loadMs, coalesced: true, storing, storeMs: 0 };
    }
    const { landing, isJoined, askedMs } = resolved;
    const { value, loadMs } = landing;
    const storedAt = performance.now();
    // What came before used up a part of what this read may wait for Redis; past the rest, the write goes on without it.
    const limitMs = Math.max(0, timeoutMs - askedMs);
    const storing = await withDeadline(landing.storing, limitMs, () => LATE);
    const storeMs = performance.now() - storedAt;
    const redisMs = askedMs + storeMs;
    return { ...notFound, redisMs, value, loadMs, coalesced: isJoined, storing, storeMs };
  }

  #loaderOf<T>(load: Load<T>): Loader<T> {
    return ({ begin, queued }) => {
      const { done, hurry } = this.#parts.gate.admit(() => {
        begin();
        return load();
      });
      queued(hurry);
      return done;
    };
  }

  /** This process is not to use what it knows of a value. */
  #forget(name: string): void {
    const { flights, loading, near } = this.#parts;
    flights.void(name);
    loading.forget(name);
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
    this.#checkOpen(operation);
    if (typeof key !== 'string' || key === '')
      throw new CacheOptionError('key', key, 'a string that is not empty');
    return this.#parts.names.value(key);
  }

  #checkOpen(operation: string): void {
    if (this.#closing !== undefined) throw new CacheClosedError(operation);
  }
}

/** What a caller is told of a hit: not what the cache keeps it for. */
function asHit<T>({ value, key, ttlMs, bytes, redisMs, reason }: Found<T>): Hit<T> {
  return { outcome: 'hit', reason, value, key, ttlMs, bytes, redisMs };
}

function asNotFound<T>({ outcome, reason, key, redisMs }: Missing<T>): NotFound {
  return vouchedFor<NotFound>({ outcome, reason, key, redisMs });
}

/** A reader of bytes has no use for the spare's bytes if its load fails: it wants the value, as every other. */
function withoutBytes<T>({ spare, ...missing }: Missing<Buffer>, codec: Codec): Missing<T> {
  if (spare === undefined) return { ...missing, spare };
  try {
    const value = decodeBy<T>(codec, readEntry(spare.raw).payload, undefined);
    return { ...missing, spare: { ...spare, value } };
  } catch {
    // What cannot be decoded is no spare; the load itself may well succeed.
    return { ...missing, spare: undefined };
  }
}
