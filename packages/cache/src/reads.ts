import type { Answer, Hit, Loaded, Lookup, NotFound, Storing } from './answer.ts';
import { CacheDecodeError } from './errors.ts';
import type { LoadMany } from './load-batch.ts';
import { LoadBatch } from './load-batch.ts';
import type { LoadGate } from './load-gate.ts';
import type { Plan } from './load-options.ts';
import { checkLoadOptions } from './load-options.ts';
import type { Loading } from './loading.ts';
import type { Loader } from './loads.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { CacheSpan } from './monitor/tracing.ts';
import type { Probe } from './probe.ts';
import type { Found, Missing, Reading } from './reading.ts';
import { withDeadline } from './redis/deadline.ts';
import { MAX_KEYS_TOGETHER } from './redis/gather.ts';
import type { Codec } from './value/codec.ts';
import { decodeBy } from './value/decode.ts';
import { readEntry } from './value/entry.ts';
import { vouchedFor } from './vouch.ts';

/** Gives the value that a key stands for, from where it is kept for good. What it throws reaches every caller that waits. */
export type Load<T> = () => T | Promise<T>;

/** One of the keys of a read of many. */
export interface Wanted<Id> {
  readonly id: Id;
  readonly name: string;
  readonly plan: Plan;
}

export interface ReadsParts {
  readonly timeoutMs: number;
  readonly codec: Codec;
  readonly monitor: Monitor;
  readonly reading: Reading;
  readonly loading: Loading;
  readonly gate: LoadGate;
  readonly probe: Probe | undefined;
}

const LATE: Storing = { stored: false, storeReason: 'timeout' };

/** What a read without a loader goes by: nothing to store, and nobody who would have put up with a stale value. */
const LOOK_ONLY: Plan = checkLoadOptions({ ttlMs: 1 });

export const noSpan: CacheSpan = { set() {} };

/** Cache-aside from end to end: look, load what is not there, say how it went. */
export class Reads {
  readonly #parts: ReadsParts;

  constructor(parts: ReadsParts) {
    this.#parts = parts;
  }

  async value<T>(name: string, plan: Plan, load: Load<T>, span: CacheSpan): Promise<T> {
    const found = await this.#read(name, plan, this.#loaderOf(load), false, span, load);
    return found.value;
  }

  /** The same for when nobody watches, which is the path of most hits: with as few promises and closures as will do. */
  async unwatched<T>(name: string, plan: Plan, load: Load<T>): Promise<T> {
    const { reading, loading } = this.#parts;
    const found = reading.nearby<T>(name, plan) ?? (await reading.look<T>(name, plan, undefined, false));
    this.#count(found.outcome, found.reason);
    if (found.outcome !== 'hit') return (await this.#load(found, plan, this.#loaderOf(load))).value;
    if (found.freshness !== 'fresh') void loading.refresh(found, plan, this.#loaderOf(load, false));
    return found.value;
  }

  async answer<T>(name: string, plan: Plan, load: Load<T>, span: CacheSpan): Promise<Answer<T>> {
    const found = await this.#read(name, plan, this.#loaderOf(load), true, span, load);
    return 'freshness' in found ? asHit(found) : found;
  }

  async many<Id, T>(wanted: readonly Wanted<Id>[], loadMany: LoadMany<Id, T>): Promise<Map<Id, T>> {
    const ids = wanted.map(({ id }) => id);
    const batch = new LoadBatch(ids, loadMany, this.#parts.gate);
    const reads = wanted.map(async ({ id, name, plan }) => {
      const isDecided = () => batch.decided(id);
      try {
        const loader = batch.loaderOf(id);
        const found = await this.#read<T | undefined>(
          name,
          plan,
          loader,
          false,
          noSpan,
          undefined,
          isDecided,
        );
        return found.value;
      } finally {
        isDecided();
      }
    });
    // All are waited for, so that none is left to fail unseen when another has failed.
    const settled = await Promise.allSettled(reads);
    const values = new Map<Id, T>();
    for (const [index, result] of settled.entries()) {
      if (result.status === 'rejected') throw result.reason;
      if (result.value !== undefined) values.set(ids[index] as Id, result.value);
    }
    return values;
  }

  async json<T>(name: string, plan: Plan, load: Load<T>, span: CacheSpan): Promise<Buffer> {
    const { codec, loading, reading } = this.#parts;
    const decode = (payload: Buffer) => jsonBy(codec, payload) ?? toJson(decodeBy(codec, payload, undefined));
    const startedAt = performance.now();
    const found = await reading.look(name, plan, decode, false);
    this.#tell(found, startedAt, span);
    if (found.outcome === 'hit') {
      if (found.freshness !== 'fresh') void loading.refresh(found, plan, this.#loaderOf(load, false));
      return found.value;
    }
    const answer = await this.#load(withoutBytes<T>(found, codec), plan, this.#loaderOf(load));
    return toJson(answer.value);
  }

  async lookup<T>(name: string, span: CacheSpan): Promise<Lookup<T>> {
    const { reading } = this.#parts;
    const startedAt = performance.now();
    const nearby = reading.nearby<T>(name, LOOK_ONLY);
    const found = nearby ?? (await reading.look<T>(name, LOOK_ONLY, undefined, true));
    this.#tell(found, startedAt, span);
    return found.outcome === 'hit' ? asHit(found) : asNotFound(found);
  }

  /** Looks, and loads what is not there. `probe` is the loader as the probe may call it; `onWait` is for one of many, see `Loading.resolve`. */
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
    const maxKeys = onWait === undefined ? undefined : MAX_KEYS_TOGETHER;
    const found =
      reading.nearby<T>(name, plan) ?? (await reading.look<T>(name, plan, undefined, wantsTtl, maxKeys));
    this.#tell(found, startedAt, span);
    if (found.outcome !== 'hit') return this.#load(found, plan, loader, onWait);
    if (found.freshness !== 'fresh') {
      // Nobody waits for it, so it has no claim to go ahead of its turn.
      void loading.refresh(found, plan, probe === undefined ? loader : this.#loaderOf(probe, false));
    }
    if (probe !== undefined) this.#parts.probe?.maybe(found, probe);
    return found;
  }

  #count(outcome: Lookup<unknown>['outcome'], reason: Lookup<unknown>['reason']): void {
    const { monitor } = this.#parts;
    if (outcome === 'hit') {
      monitor.count('hits');
      if (reason === 'near') monitor.count('nearHits');
      if (reason === 'stale') monitor.count('staleHits');
    } else {
      monitor.count(outcome === 'miss' ? 'misses' : 'bypasses');
    }
  }

  /** Counts a look-up, and tells who wants to know. */
  #tell(found: Found<unknown> | Missing<unknown>, startedAt: number, span: CacheSpan): void {
    const { monitor } = this.#parts;
    const { outcome, reason, key } = found;
    this.#count(outcome, reason);
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

  #loaderOf<T>(load: Load<T>, isAwaited = true): Loader<T> {
    return ({ begin, queued }) => {
      const { done, hurry } = this.#parts.gate.admit(() => {
        begin();
        return load();
      }, isAwaited);
      queued(hurry);
      return done;
    };
  }
}

function jsonBy(codec: Codec, payload: Buffer): Buffer | undefined {
  try {
    return codec.json?.(payload);
  } catch (cause) {
    throw new CacheDecodeError('The codec could not find the JSON in a stored value.', { cause });
  }
}

function toJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value) ?? 'null');
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
    const value = decodeBy<T>(codec, readEntry(spare.raw ?? Buffer.alloc(0)).payload, undefined);
    return { ...missing, spare: { ...spare, value } };
  } catch {
    // What cannot be decoded is no spare; the load itself may well succeed.
    return { ...missing, spare: undefined };
  }
}
