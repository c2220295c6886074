import type { MissReason, Storing } from './answer.ts';
import { ErrorMemory } from './error-memory.ts';
import type { RedisFault } from './errors.ts';
import { CacheEncodeError, CacheError, CacheRedisError } from './errors.ts';
import type { Flight, FlightControl, Flights } from './flights.ts';
import { lifetimeOf, needsTimes } from './freshness.ts';
import type { Claim, Leases } from './leases.ts';
import { headOf } from './leases.ts';
import type { LoadGate } from './load-gate.ts';
import type { Plan } from './load-options.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { Tracing } from './monitor/tracing.ts';
import type { Names } from './names.ts';
import type { Found, Missing, Reading } from './reading.ts';
import type { Shelf } from './shelf.ts';
import type { Stamps, TagStamps } from './tag-stamps.ts';
import { NO_STAMPS } from './tag-stamps.ts';
import type { Time } from './time.ts';
import type { Codec } from './value/codec.ts';
import { writeEntry } from './value/entry.ts';
import { Waits } from './waits.ts';

/** What a load came back with: the value, and the write of it, which may still be under way and never rejects. */
export interface Landing<T> {
  readonly value: T;
  readonly loadMs: number;
  readonly storing: Promise<Storing>;
}

/** What a loader tells of its load. */
export interface LoadControl {
  /** To be called in the turn in which the source is asked. */
  readonly begin: () => void;
  /** Tells how to start the load though it has to wait its turn. */
  readonly queued: (hurry: () => void) => void;
}

/** Asks the source of a value. */
export type Loader<T> = (control: LoadControl) => Promise<T>;

export type Resolved<T> =
  | {
      readonly kind: 'landed';
      readonly landing: Landing<T>;
      readonly isJoined: boolean;
      /** How long Redis kept the reader waiting before it came to that, without the pauses for somebody else's load. */
      readonly askedMs: number;
    }
  /** Somebody else's load, found in Redis; or an old value, served because the load failed. */
  | { readonly kind: 'found'; readonly found: Found<T>; readonly waitedMs: number };

export interface LoadingParts {
  readonly prefix: string;
  readonly reading: Reading;
  readonly shelf: Shelf;
  readonly leases: Leases;
  readonly stamps: TagStamps;
  readonly flights: Flights;
  readonly gate: LoadGate;
  readonly names: Names;
  readonly codec: Codec;
  readonly monitor: Monitor;
  readonly time: Time;
  readonly tracing: Tracing | undefined;
  /** How long a lease lasts if it is not renewed; undefined: they are not in use. */
  readonly leaseMs: number | undefined;
  readonly waitMs: number;
  readonly deflateFrom: number;
  /** Whether every entry says when it was loaded. */
  readonly wantsTimes: boolean;
  readonly timeoutMs: number;
  readonly closing: AbortSignal;
}

/** A stamp whose entries' TTL is not known before they are loaded is kept this long at first. */
const UNKNOWN_TTL_MS = 3_600_000;

/** Comes by a value that a look-up did not find: from the source, or from whoever is asking the source already. */
export class Loading {
  readonly #parts: LoadingParts;
  readonly #waits: Waits;
  readonly #errors: ErrorMemory;
  readonly #renewing = new Set<AbortController>();

  constructor(parts: LoadingParts) {
    this.#parts = parts;
    this.#waits = new Waits(parts.time, parts.closing);
    this.#errors = new ErrorMemory(parts.time);
  }

  /**
   * The value for a reader that missed. `onWait` is called when it turns out not to be this reader who loads now. Rejects with what
   * the load threw.
   */
  async resolve<T>(
    missing: Missing<T>,
    plan: Plan,
    load: Loader<T>,
    onWait?: () => void,
  ): Promise<Resolved<T>> {
    try {
      if (plan.errorTtlMs > 0) this.#errors.rethrow(missing.key, this.#parts.monitor);
      return await this.#resolve(missing, plan, load, onWait);
    } catch (error) {
      if (missing.spare === undefined) throw error;
      this.#parts.monitor.count('staleOnError');
      return { kind: 'found', found: missing.spare, waitedMs: 0 };
    }
  }

  /** Loads a value anew behind the back of a reader that was served the old one, unless somebody does so already. Never rejects. */
  async refresh<T>(
    found: Pick<Found<unknown>, 'key' | 'raw' | 'freshness'>,
    plan: Plan,
    load: Loader<T>,
  ): Promise<void> {
    const { flights, monitor, timeoutMs } = this.#parts;
    const name = found.key;
    if (flights.leaseOf(name) !== undefined) return;
    try {
      if (plan.errorTtlMs > 0) this.#errors.rethrow(name, monitor);
      const stamps = await this.#stampsFor(plan, timeoutMs);
      const claim = await this.#claim(name, stamps, found.raw, timeoutMs);
      if (claim.state !== 'granted' || flights.withLease(name, claim.lease) !== undefined) return;
      monitor.count('refreshes');
      if (found.freshness === 'early') monitor.count('earlyRefreshes');
      const flight = this.#start(name, plan, claim.lease, stamps, load);
      await (
        await flight.landed
      ).storing;
    } catch (error) {
      // The load's own error was counted with it. The old value stays until its time is over.
      if (error instanceof CacheRedisError) monitor.error(error);
    }
  }

  /** The error of an earlier load is not to be given out any more. */
  forget(name: string): void {
    this.#errors.forget(name);
  }

  forgetAll(): void {
    this.#errors.forgetAll();
  }

  /** Loads under way go on, for who waits for them; their leases are left to end. */
  close(): void {
    for (const landed of this.#renewing) landed.abort();
    this.#renewing.clear();
  }

  async #resolve<T>(
    missing: Missing<T>,
    plan: Plan,
    load: Loader<T>,
    onWait: (() => void) | undefined,
  ): Promise<Resolved<T>> {
    const { monitor, gate } = this.#parts;
    const startedAt = performance.now();
    const decision = await this.#decide(missing, plan, load, onWait);
    if ('found' in decision) {
      monitor.count('coalesced');
      return { kind: 'found', found: decision.found, waitedMs: performance.now() - startedAt };
    }
    const { flight, isJoined } =
      'alone' in decision ? this.#withoutLease(missing, plan, load, decision.alone) : decision;
    if (isJoined) {
      monitor.count('coalesced');
      if (gate.isInside) flight.hurry();
    }
    if (isJoined || flight.isWaiting) onWait?.();
    const { askedMs } = decision;
    return { kind: 'landed', landing: await flight.landed, isJoined, askedMs };
  }

  /** Finds out from Redis whether to load, to join, to take what came in, or, when it cannot be asked or takes too long, to load alone. */
  async #decide<T>(
    missing: Missing<T>,
    plan: Plan,
    load: Loader<T>,
    onWait: (() => void) | undefined,
  ): Promise<Decision<T>> {
    const { monitor, time, waitMs, timeoutMs, reading, flights, closing } = this.#parts;
    const name = missing.key;
    // A refusal may be about this key only (a stranger's list stands there), so Redis is worth another question.
    if (isFault(missing.reason) && missing.reason !== 'reply') {
      return { alone: missing.reason, askedMs: missing.redisMs };
    }
    const startedAt = performance.now();
    let waitingSince: number | undefined;
    let { raw } = missing;
    // The look-up has used up a part of what a read may wait for Redis. A pause begins a new account.
    let accountFrom = missing.cameAt;
    const askedMs = () => performance.now() - accountFrom;
    const limitMs = () => Math.max(1, timeoutMs - askedMs());
    try {
      await this.#settle(name, plan);
      for (;;) {
        const stamps = await this.#stampsFor(plan, limitMs());
        const claim = await this.#claim(name, stamps, raw, limitMs());
        if (claim.state === 'value') {
          const known = new Map(Object.entries(stamps));
          const judged = await reading.judge<T>(name, claim.stored, plan, undefined, known, missing.cameAt);
          if (judged.outcome === 'hit') {
            onWait?.();
            return { found: judged };
          }
          ({ raw } = judged);
          continue;
        }
        const flight = flights.withLease<Landing<T>>(name, claim.lease);
        if (flight !== undefined) return { flight, isJoined: true, askedMs: askedMs() };
        if (claim.state === 'granted') {
          return {
            flight: this.#start(name, plan, claim.lease, stamps, load),
            isJoined: false,
            askedMs: askedMs(),
          };
        }
        onWait?.();
        if (waitingSince === undefined) {
          waitingSince = time.now();
          monitor.count('leaseWaits');
          monitor.emit('lease', { key: name, state: 'waiting' });
        }
        if (time.now() - waitingSince >= waitMs || closing.aborted) {
          monitor.emit('lease', { key: name, state: 'gave-up' });
          return { alone: 'elsewhere', askedMs: askedMs() };
        }
        await this.#waits.next(name);
        accountFrom = performance.now();
      }
    } catch (error) {
      if (!(error instanceof CacheRedisError)) throw error;
      monitor.error(error);
      return { alone: error.fault, askedMs: askedMs() };
    } finally {
      if (waitingSince !== undefined) {
        this.#waits.done(name);
        monitor.observe('wait', performance.now() - startedAt);
      }
    }
  }

  /** Boards a load that Redis knows nothing of. Its value is not stored. */
  #withoutLease<T>(missing: Missing<T>, plan: Plan, load: Loader<T>, storeReason: Alone): Boarding<T> {
    const name = missing.key;
    return this.#parts.flights.withoutLease<Landing<T>>(name, plan.tags, missing.cameAt, async (control) => {
      const { value, loadMs } = await this.#load(name, plan, load, control);
      const storing = Promise.resolve<Storing>({ stored: false, storeReason });
      return { value: { value, loadMs, storing }, done: storing };
    });
  }

  #start<T>(name: string, plan: Plan, lease: string, stamps: Stamps, load: Loader<T>): Flight<Landing<T>> {
    const { flights, monitor } = this.#parts;
    monitor.emit('lease', { key: name, state: 'granted' });
    return flights.start<Landing<T>>(name, lease, plan.tags, async (control) => {
      const landed = this.#keepLease(name, lease, control);
      try {
        const { value, loadMs, loadedAt } = await this.#load(name, plan, load, control);
        const storing = this.#store(name, plan, lease, stamps, control, { value, loadMs, loadedAt }).finally(
          landed,
        );
        return { value: { value, loadMs, storing }, done: storing };
      } catch (error) {
        landed();
        this.#release(name, lease);
        throw error;
      }
    });
  }

  async #load<T>(
    name: string,
    plan: Plan,
    load: Loader<T>,
    control: FlightControl,
  ): Promise<{ value: T; loadMs: number; loadedAt: number }> {
    const { monitor, time, tracing, prefix } = this.#parts;
    let startedAt = performance.now();
    let loadedAt = time.now();
    const begin = () => {
      control.begin();
      startedAt = performance.now();
      loadedAt = time.now();
      monitor.count('loads');
    };
    const run = () => load({ begin, queued: control.queued });
    try {
      const value = await (tracing === undefined
        ? run()
        : tracing.span('load', { 'cache.prefix': prefix, 'cache.key': name }, run));
      const loadMs = performance.now() - startedAt;
      monitor.observe('load', loadMs);
      if (monitor.wants('load')) monitor.emit('load', { key: name, ms: loadMs });
      return { value, loadMs, loadedAt };
    } catch (error) {
      const loadMs = performance.now() - startedAt;
      monitor.count('loadErrors');
      monitor.observe('load', loadMs);
      if (monitor.wants('load')) monitor.emit('load', { key: name, ms: loadMs, error });
      if (plan.errorTtlMs > 0 && !control.isVoid()) this.#errors.remember(name, error, plan.errorTtlMs);
      throw error;
    }
  }

  /** Never rejects: that a value could not be stored is part of the answer. */
  async #store(
    name: string,
    plan: Plan,
    lease: string,
    stamps: Stamps,
    control: FlightControl,
    loaded: { readonly value: unknown; readonly loadMs: number; readonly loadedAt: number },
  ): Promise<Storing> {
    const storing = await this.#tryToStore(name, plan, lease, stamps, control, loaded);
    this.report(name, storing);
    if (storing.stored) return storing;
    const { storeReason } = storing;
    if (storeReason === 'superseded') {
      this.#parts.monitor.count('voidedLoads');
      this.#parts.monitor.emit('lease', { key: name, state: 'void' });
    }
    if (storeReason === 'unencodable' || storeReason === 'unwanted') this.#release(name, lease);
    return storing;
  }

  /** Counts what became of a write, and tells who wants to know. */
  report(name: string, storing: Storing): void {
    const { monitor } = this.#parts;
    if (storing.stored) {
      monitor.count('writes');
      monitor.count('bytesWritten', storing.bytes);
    }
    if (!monitor.wants('store')) return;
    if (storing.stored) monitor.emit('store', { key: name, ...storing });
    else monitor.emit('store', { key: name, stored: false, reason: storing.storeReason });
  }

  async #tryToStore(
    name: string,
    plan: Plan,
    lease: string,
    stamps: Stamps,
    control: FlightControl,
    {
      value,
      loadMs,
      loadedAt,
    }: { readonly value: unknown; readonly loadMs: number; readonly loadedAt: number },
  ): Promise<Storing> {
    const { leases, monitor, closing } = this.#parts;
    try {
      const lifetime = lifetimeOf(value, plan, this.#parts.time.random);
      if (lifetime === undefined) return { stored: false, storeReason: 'unwanted' };
      const { freshMs, keepMs } = lifetime;
      const bytes = this.encode(value, plan, stamps, { loadedAt, loadMs, freshMs });
      if (keepMs > stampMs(plan)) await this.#parts.stamps.ensure(plan.tags, keepMs, this.#parts.timeoutMs);
      const isWanted = () => !control.isVoid() && !closing.aborted;
      const stored = await leases.store(name, lease, bytes, keepMs, isWanted);
      if (!stored) return { stored, storeReason: 'superseded' };
      return { stored, ttlMs: keepMs, bytes: bytes.length };
    } catch (error) {
      if (error instanceof CacheEncodeError) {
        monitor.error(error);
        return { stored: false, storeReason: 'unencodable' };
      }
      if (error instanceof CacheRedisError) {
        monitor.error(error);
        return { stored: false, storeReason: error.fault };
      }
      if (!(error instanceof CacheError)) throw error;
      // A ttlMs function that gave no number: the caller's own mistake, but no reason to keep the value from its readers.
      monitor.error(error);
      return { stored: false, storeReason: 'unwanted' };
    }
  }

  /** The bytes of an entry. Throws `CacheEncodeError` for a value that the codec cannot keep. */
  encode(value: unknown, plan: Plan, stamps: Stamps, times: Times): Buffer {
    return this.entryOf(encodeBy(this.#parts.codec, value), plan, stamps, times);
  }

  /** The same for a value that is encoded already. */
  entryOf(payload: Buffer, plan: Plan, stamps: Stamps, times: Times): Buffer {
    const { deflateFrom, wantsTimes } = this.#parts;
    const hasTimes = wantsTimes || needsTimes(plan);
    const hasTags = plan.tags.length > 0;
    const header = hasTimes || hasTags ? { ...(hasTimes && times), ...(hasTags && { stamps }) } : undefined;
    return writeEntry(header, payload, deflateFrom);
  }

  /**
   * Prolongs a lease until the returned function is called, and gives the load up when it does not count any more. So a load may take
   * its time, and one whose process died is taken over soon.
   */
  #keepLease(name: string, lease: string, control: FlightControl): () => void {
    const { leaseMs } = this.#parts;
    const landed = new AbortController();
    this.#renewing.add(landed);
    if (leaseMs !== undefined) void this.#renew(name, lease, control, leaseMs, landed.signal);
    return () => {
      landed.abort();
      this.#renewing.delete(landed);
    };
  }

  async #renew(
    name: string,
    lease: string,
    control: FlightControl,
    leaseMs: number,
    landed: AbortSignal,
  ): Promise<void> {
    const { leases, time, monitor } = this.#parts;
    for (;;) {
      await time.delay(leaseMs / 3, landed);
      if (landed.aborted) return;
      try {
        if (await leases.renew(name, lease)) continue;
        control.makeVoid();
        return;
      } catch (error) {
        // The next try may find Redis well again, in time.
        if (error instanceof CacheRedisError) monitor.error(error);
        else throw error;
      }
    }
  }

  /** Lets the next reader load at once. If Redis does not hear of it, the lease ends by itself. */
  #release(name: string, lease: string): void {
    const { leases, monitor } = this.#parts;
    leases.release(name, lease).catch((error: unknown) => {
      if (error instanceof CacheRedisError) monitor.error(error);
    });
  }

  #claim(name: string, stamps: Stamps, raw: Buffer, limitMs: number): Promise<Claim> {
    const { leases, flights } = this.#parts;
    return leases.claim(name, stamps, headOf(raw), flights.leaseOf(name), limitMs);
  }

  #stampsFor(plan: Plan, limitMs: number): Promise<Stamps> {
    if (plan.tags.length === 0) return Promise.resolve(NO_STAMPS);
    return this.#parts.stamps.ensure(plan.tags, stampMs(plan), limitMs);
  }

  /** A deletion that is owed must be made good before Redis can be believed again. */
  async #settle(name: string, plan: Plan): Promise<void> {
    const { shelf, names } = this.#parts;
    const { owed } = shelf;
    if (owed.size === 0) return;
    const all = [name, ...plan.tags.map((tag) => names.tag(tag))].filter((each) => owed.has(each));
    await Promise.all(all.map((each) => shelf.remove(each)));
  }
}

/** What a reader that missed is to do. */
type Decision<T> =
  | { readonly found: Found<T> }
  | ((Boarding<T> | { readonly alone: Alone }) & { readonly askedMs: number });

/** Why a load runs without a lease. */
type Alone = 'elsewhere' | RedisFault;

interface Times {
  readonly loadedAt: number;
  readonly loadMs: number;
  readonly freshMs: number;
}

interface Boarding<T> {
  readonly flight: Flight<Landing<T>>;
  readonly isJoined: boolean;
}

/** How long a stamp is kept from when a load begins: as long as what is loaded, and the load itself. */
function stampMs(plan: Plan): number {
  const ttlMs = typeof plan.ttlMs === 'number' ? Math.max(plan.ttlMs, plan.absentTtlMs ?? 0) : UNKNOWN_TTL_MS;
  return ttlMs + Math.max(plan.swrMs, plan.sieMs) + LOAD_ALLOWANCE_MS;
}

const LOAD_ALLOWANCE_MS = 60_000;

function isFault(reason: MissReason | RedisFault): reason is RedisFault {
  return reason === 'timeout' || reason === 'unavailable' || reason === 'reply';
}

export function encodeBy(codec: Codec, value: unknown): Buffer {
  try {
    return codec.encode(value);
  } catch (cause) {
    throw cause instanceof CacheEncodeError ? cause : new CacheEncodeError('of a kind', { cause });
  }
}
