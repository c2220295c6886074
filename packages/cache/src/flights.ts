import { vouchedFor } from './vouch.ts';

/** One load under way, shared by all who want its value. */
export interface Flight<T> {
  /** Settles when the value is there, for everyone aboard. */
  readonly landed: Promise<T>;
  /** False once the key was invalidated or written: the value may no longer be stored, nor joined by a new reader. */
  readonly isCurrent: () => boolean;
}

/**
 * The loads under way in this process, at most one current one a key.
 *
 * Invariant: a flight that can be joined began after the last invalidation of its key. `void` takes it out at once, so
 * the next reader starts one of its own, while those already aboard still get the value they asked for.
 */
export class Flights {
  readonly #current = new Map<string, Flight<unknown>>();

  /** The current flight of `key`. The caller vouches that every load of one key gives the same type. */
  find<T>(key: string): Flight<T> | undefined {
    return vouchedFor(this.#current.get(key));
  }

  /** `run` resolves with the value and with `done`, until which the flight can still be joined. */
  start<T>(
    key: string,
    run: (flight: Flight<T>) => Promise<{ value: T; done: Promise<unknown> }>,
  ): Flight<T> {
    const end = () => {
      if (flight.isCurrent()) this.#current.delete(key);
    };
    const flight: Flight<T> = {
      isCurrent: () => this.#current.get(key) === flight,
      landed: Promise.resolve().then(async () => {
        try {
          const { value, done } = await run(flight);
          void done.finally(end);
          return value;
        } catch (error) {
          end();
          throw error;
        }
      }),
    };
    this.#current.set(key, flight);
    return flight;
  }

  void(key: string): void {
    this.#current.delete(key);
  }

  voidAll(): void {
    this.#current.clear();
  }
}
