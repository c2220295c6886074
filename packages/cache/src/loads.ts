import type { Storing } from './answer.ts';
import type { ErrorMemory } from './error-memory.ts';
import type { RedisFault } from './errors.ts';
import type { Flight, FlightControl, Flights } from './flights.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { Plan } from './load-options.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { Tracing } from './monitor/tracing.ts';
import type { Missing } from './reading.ts';
import type { Stamps } from './tag-stamps.ts';
import type { Time } from './time.ts';
import type { Writing } from './writing.ts';

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

/** Why a load runs without a lease. */
export type Alone = 'elsewhere' | RedisFault;

export interface Boarding<T> {
  readonly flight: Flight<Landing<T>>;
  readonly isJoined: boolean;
}

export interface LoadsParts {
  readonly prefix: string;
  readonly flights: Flights;
  readonly keeper: LeaseKeeper;
  readonly writing: Writing;
  readonly errors: ErrorMemory;
  readonly monitor: Monitor;
  readonly time: Time;
  readonly tracing: Tracing | undefined;
}

/** Runs loaders: times them, counts them, and sees to what becomes of their values and leases. */
export class Loads {
  readonly #parts: LoadsParts;

  constructor(parts: LoadsParts) {
    this.#parts = parts;
  }

  /** Boards a load that Redis knows nothing of. Its value is not stored. */
  withoutLease<T>(missing: Missing<T>, plan: Plan, load: Loader<T>, storeReason: Alone): Boarding<T> {
    const name = missing.key;
    return this.#parts.flights.withoutLease<Landing<T>>(name, plan.tags, missing.cameAt, async (control) => {
      const { value, loadMs } = await this.#load(name, plan, load, control);
      const storing = Promise.resolve<Storing>({ stored: false, storeReason });
      return { value: { value, loadMs, storing }, done: storing };
    });
  }

  /** Starts a load that holds a lease. Its value is stored if it still does at the end. */
  withLease<T>(name: string, plan: Plan, lease: string, stamps: Stamps, load: Loader<T>): Flight<Landing<T>> {
    const { flights, monitor, keeper, writing } = this.#parts;
    monitor.emit('lease', { key: name, state: 'granted' });
    return flights.start<Landing<T>>(name, lease, plan.tags, async (control) => {
      const landed = keeper.keep(name, lease, control);
      try {
        const loaded = await this.#load(name, plan, load, control);
        const { value, loadMs } = loaded;
        const storing = writing.store(name, plan, control, { ...loaded, lease, stamps }).finally(landed);
        return { value: { value, loadMs, storing }, done: storing };
      } catch (error) {
        landed();
        keeper.release(name, lease);
        throw error;
      }
    });
  }

  /** Rejects with what the loader threw. */
  async #load<T>(
    name: string,
    plan: Plan,
    load: Loader<T>,
    control: FlightControl,
  ): Promise<{ value: T; loadMs: number; loadedAt: number }> {
    const { monitor, time, tracing, prefix, errors } = this.#parts;
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
      if (plan.errorTtlMs > 0 && !control.isVoid()) errors.remember(name, error, plan.errorTtlMs);
      throw error;
    }
  }
}
