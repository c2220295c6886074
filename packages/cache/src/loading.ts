import type { MissReason } from './answer.ts';
import type { ErrorMemory } from './error-memory.ts';
import type { RedisFault } from './errors.ts';
import { CacheRedisError } from './errors.ts';
import type { Flights } from './flights.ts';
import type { Claim, Leases } from './leases.ts';
import { digestOf } from './leases.ts';
import type { LoadGate } from './load-gate.ts';
import type { Plan } from './load-options.ts';
import type { Alone, Boarding, Landing, Loader, Loads } from './loads.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { Names } from './names.ts';
import type { Found, Missing, Reading } from './reading.ts';
import type { Shelf } from './shelf.ts';
import type { Stamps, TagStamps } from './tag-stamps.ts';
import { NO_STAMPS, stampMs } from './tag-stamps.ts';
import type { Time } from './time.ts';
import { Waits } from './waits.ts';

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
  readonly reading: Reading;
  readonly shelf: Shelf;
  readonly leases: Leases;
  readonly stamps: TagStamps;
  readonly flights: Flights;
  readonly loads: Loads;
  readonly gate: LoadGate;
  readonly errors: ErrorMemory;
  readonly names: Names;
  readonly monitor: Monitor;
  readonly time: Time;
  /** How long a reader waits for another process's load, in milliseconds. */
  readonly waitMs: number;
  readonly timeoutMs: number;
  readonly closing: AbortSignal;
}

/** Comes by a value that a look-up did not find: from the source, or from whoever is asking the source already. */
export class Loading {
  readonly #parts: LoadingParts;
  readonly #waits: Waits;

  constructor(parts: LoadingParts) {
    this.#parts = parts;
    this.#waits = new Waits(parts.time, parts.closing);
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
    const { errors, monitor } = this.#parts;
    try {
      if (plan.errorTtlMs > 0) errors.rethrow(missing.key, monitor);
      return await this.#resolve(missing, plan, load, onWait);
    } catch (error) {
      if (missing.spare === undefined) throw error;
      monitor.count('staleOnError');
      return { kind: 'found', found: missing.spare, waitedMs: 0 };
    }
  }

  /** Loads a value anew behind the back of a reader that was served the old one, unless somebody does so already. Never rejects. */
  async refresh<T>(
    found: Pick<Found<unknown>, 'key' | 'raw' | 'digest' | 'freshness'>,
    plan: Plan,
    load: Loader<T>,
  ): Promise<void> {
    const { flights, monitor, errors, loads, timeoutMs } = this.#parts;
    const name = found.key;
    if (flights.leaseOf(name) !== undefined) return;
    try {
      if (plan.errorTtlMs > 0) errors.rethrow(name, monitor);
      const stamps = await this.#stampsFor(plan, timeoutMs);
      const claim = await this.#claim(name, stamps, found.digest ?? digestOf(found.raw), '', timeoutMs);
      if (claim.state !== 'granted' || flights.withLease(name, claim.lease) !== undefined) return;
      monitor.count('refreshes');
      if (found.freshness === 'early') monitor.count('earlyRefreshes');
      const { storing } = await loads.withLease(name, plan, claim.lease, stamps, load).landed;
      await storing;
    } catch (error) {
      // The load's own error was counted with it. The old value stays until its time is over.
      if (error instanceof CacheRedisError) monitor.error(error);
    }
  }

  async #resolve<T>(
    missing: Missing<T>,
    plan: Plan,
    load: Loader<T>,
    onWait: (() => void) | undefined,
  ): Promise<Resolved<T>> {
    const { monitor, gate, loads } = this.#parts;
    const startedAt = performance.now();
    const decision = await this.#decide(missing, plan, load, onWait);
    if ('found' in decision) {
      monitor.count('coalesced');
      return { kind: 'found', found: decision.found, waitedMs: performance.now() - startedAt };
    }
    const { flight, isJoined } =
      'alone' in decision ? loads.withoutLease(missing, plan, load, decision.alone) : decision;
    if (isJoined) {
      monitor.count('coalesced');
      if (gate.mustNotWait) flight.hurry();
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
    const { monitor, time, waitMs, timeoutMs, reading, flights, loads, closing } = this.#parts;
    const name = missing.key;
    // A refusal may be about this key only (a stranger's list stands there), so Redis is worth another question.
    if (isFault(missing.reason) && missing.reason !== 'reply') {
      return { alone: missing.reason, askedMs: missing.redisMs };
    }
    const startedAt = performance.now();
    let waitingSince: number | undefined;
    let seen = digestOf(missing.raw);
    let over = '';
    // The look-up has used up a part of what a read may wait for Redis. A pause begins a new account.
    let accountFrom = missing.cameAt;
    const askedMs = () => performance.now() - accountFrom;
    const limitMs = () => Math.max(1, timeoutMs - askedMs());
    try {
      await this.#settle(name, plan);
      for (;;) {
        const stamps = await this.#stampsFor(plan, limitMs());
        const claim = await this.#claim(name, stamps, seen, over, limitMs());
        if (claim.state === 'value') {
          const known = new Map(Object.entries(stamps));
          const judged = await reading.judge<T>(name, claim.stored, plan, undefined, known, missing.cameAt);
          if (judged.outcome === 'hit') {
            onWait?.();
            return { found: judged };
          }
          seen = digestOf(judged.raw);
          continue;
        }
        if (claim.state === 'other') {
          over = claim.lease;
          continue;
        }
        const flight = flights.withLease<Landing<T>>(name, claim.lease);
        if (flight !== undefined) return { flight, isJoined: true, askedMs: askedMs() };
        if (claim.state === 'granted') {
          return {
            flight: loads.withLease(name, plan, claim.lease, stamps, load),
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
        // A clock that was set back must not make anybody wait longer.
        const waitedMs = time.now() - waitingSince;
        if (waitedMs >= waitMs || waitedMs < 0 || closing.aborted) {
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

  #claim(name: string, stamps: Stamps, seen: string, over: string, limitMs: number): Promise<Claim> {
    const { leases, flights } = this.#parts;
    return leases.claim(name, stamps, seen, over, flights.leaseOf(name), limitMs);
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
    await Promise.all(all.map((each) => shelf.remove(each, false)));
  }
}

/** What a reader that missed is to do. */
type Decision<T> =
  | { readonly found: Found<T> }
  | ((Boarding<T> | { readonly alone: Alone }) & { readonly askedMs: number });

function isFault(reason: MissReason | RedisFault): reason is RedisFault {
  return reason === 'timeout' || reason === 'unavailable' || reason === 'reply';
}
