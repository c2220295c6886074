import { vouchedFor } from './vouch.ts';

/** One load under way, shared by all who want its value. */
export interface Flight<T> {
  /** The lease it holds in Redis; undefined for one that runs without, because Redis could not be asked. */
  readonly lease: string | undefined;
  readonly tags: readonly string[];
  /** Settles when the value is there, for everyone aboard. */
  readonly landed: Promise<T>;
  /** When the loader was called, by performance.now(); Infinity before that. */
  readonly startedAt: number;
  /** True while an earlier load of the key has to end first. */
  readonly isWaiting: boolean;
  /** Lets it not wait its turn: a load that has had its turn waits for it. */
  readonly hurry: () => void;
  /** True once the key was invalidated or written: the value may no longer be stored, nor joined by a new reader. */
  readonly isVoid: boolean;
}

/** Handed to what runs a flight. */
export interface FlightControl {
  /** Tells how to start the load though it has to wait its turn. */
  readonly queued: (hurry: () => void) => void;
  /** To be called in the turn in which the loader is. */
  readonly begin: () => void;
  readonly isVoid: () => boolean;
  /** The load does not count any more: somebody said so to Redis. */
  readonly makeVoid: () => void;
}

type Run<T> = (control: FlightControl) => Promise<{ value: T; done: Promise<unknown> }>;

interface Plane<T> extends Flight<T> {
  startedAt: number;
  isWaiting: boolean;
  hurry: () => void;
  isVoid: boolean;
}

/**
 * The loads under way in this process.
 *
 * Invariant: nobody boards a flight whose loader was called before an invalidation that had returned when the reader came. With Redis
 * at hand, Redis says so: the lease is asked after, and it is still there. Without it, only a flight that began no earlier than the reader
 * came will do; those who come later share the next one, so a key never has more than one load running and one waiting.
 */
export class Flights {
  readonly #current = new Map<string, Plane<unknown>>();
  readonly #next = new Map<string, Plane<unknown>>();

  get size(): number {
    return this.#current.size + this.#next.size;
  }

  /** The lease of the load under way. */
  leaseOf(name: string): string | undefined {
    return this.#current.get(name)?.lease;
  }

  /** The flight that holds this lease. The caller vouches that every load of one key gives the same type. */
  withLease<T>(name: string, lease: string): Flight<T> | undefined {
    const flight = this.#current.get(name);
    return flight?.lease === lease ? vouchedFor<Flight<T>>(flight) : undefined;
  }

  /** Starts a flight with a lease. `run` resolves with the value and with `done`, until which it can still be boarded. */
  start<T>(name: string, lease: string, tags: readonly string[], run: Run<T>): Flight<T> {
    return this.#depart(name, this.#build(name, lease, tags, Promise.resolve(), run));
  }

  /** Boards or starts a flight without a lease, for a reader that came at `cameAt`, by performance.now(). */
  withoutLease<T>(
    name: string,
    tags: readonly string[],
    cameAt: number,
    run: Run<T>,
  ): { readonly flight: Flight<T>; readonly isJoined: boolean } {
    const current = this.#current.get(name);
    if (current === undefined) {
      const flight = this.#depart(name, this.#build(name, undefined, tags, Promise.resolve(), run));
      return { flight, isJoined: false };
    }
    if (current.startedAt >= cameAt) return { flight: vouchedFor<Flight<T>>(current), isJoined: true };
    const next = this.#next.get(name);
    if (next !== undefined) return { flight: vouchedFor<Flight<T>>(next), isJoined: true };
    const over = current.landed.then(ignore, ignore).then(() => {
      this.#next.delete(name);
      flight.isWaiting = false;
      this.#depart(name, flight);
    });
    const flight: Plane<T> = this.#build(name, undefined, tags, over, run);
    flight.isWaiting = true;
    const hurryItself = flight.hurry;
    flight.hurry = () => {
      hurryItself();
      current.hurry();
    };
    this.#next.set(name, flight);
    return { flight, isJoined: false };
  }

  /** The load under way does not count any more. The next one, which has not begun, does. */
  void(name: string): void {
    const flight = this.#current.get(name);
    if (flight === undefined) return;
    flight.isVoid = true;
    this.#current.delete(name);
  }

  voidTag(tag: string): void {
    for (const [name, flight] of this.#current) if (flight.tags.includes(tag)) this.void(name);
  }

  voidAll(): void {
    for (const name of this.#current.keys()) this.void(name);
  }

  #depart<T>(name: string, flight: Plane<T>): Plane<T> {
    this.#current.set(name, flight);
    return flight;
  }

  #build<T>(
    name: string,
    lease: string | undefined,
    tags: readonly string[],
    after: Promise<unknown>,
    run: Run<T>,
  ): Plane<T> {
    const end = () => {
      if (this.#current.get(name) === flight) this.#current.delete(name);
    };
    let isHurried = false;
    let start: (() => void) | undefined;
    const control: FlightControl = {
      queued: (hurry) => {
        start = hurry;
        if (isHurried) hurry();
      },
      begin: () => {
        flight.startedAt = performance.now();
      },
      isVoid: () => flight.isVoid,
      makeVoid: () => {
        flight.isVoid = true;
        end();
      },
    };
    const flight: Plane<T> = {
      lease,
      tags,
      startedAt: Infinity,
      isWaiting: false,
      hurry: () => {
        isHurried = true;
        start?.();
      },
      isVoid: false,
      landed: after.then(async () => {
        try {
          const { value, done } = await run(control);
          done.then(end, end);
          return value;
        } catch (error) {
          end();
          throw error;
        }
      }),
    };
    return flight;
  }
}

function ignore(): void {}
