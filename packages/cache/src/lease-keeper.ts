import { CacheRedisError } from './errors.ts';
import type { FlightControl } from './flights.ts';
import type { Leases } from './leases.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { Time } from './time.ts';

export interface LeaseKeeperParts {
  readonly leases: Leases;
  readonly monitor: Monitor;
  readonly time: Time;
  /** How long a lease lasts if it is not renewed, in milliseconds; undefined: leases are not in use. */
  readonly leaseMs: number | undefined;
}

interface Held {
  readonly name: string;
  readonly control: FlightControl;
}

/**
 * Keeps the leases of this process's loads: renews them while a load runs, gives them back when it failed. Nothing of it rejects.
 *
 * One clock ticks for all of them, three times in a lease's life, so that a load that is over before the next tick costs no timer.
 */
export class LeaseKeeper {
  readonly #parts: LeaseKeeperParts;
  readonly #held = new Map<string, Held>();
  #ticking: AbortController | undefined;

  constructor(parts: LeaseKeeperParts) {
    this.#parts = parts;
  }

  /**
   * Prolongs a lease until the returned function is called, and makes the flight void when the lease is lost. So a load may take
   * its time, and one whose process died is taken over soon.
   */
  keep(name: string, lease: string, control: FlightControl): () => void {
    const { leaseMs } = this.#parts;
    if (leaseMs === undefined) return () => {};
    this.#held.set(lease, { name, control });
    if (this.#ticking === undefined) {
      const ticking = new AbortController();
      this.#ticking = ticking;
      this.#tick(leaseMs / 3, ticking.signal).catch((error: unknown) => {
        // A clock of the caller's that fails: the leases are left to end.
        process.emitWarning(error instanceof Error ? error : 'A delay of the cache failed.');
      });
    }
    return () => {
      this.#held.delete(lease);
    };
  }

  /** Lets the next reader load at once. If Redis does not hear of it, the lease ends by itself. */
  release(name: string, lease: string): void {
    const { leases, monitor } = this.#parts;
    leases.release(name, lease).catch((error: unknown) => {
      if (error instanceof CacheRedisError) monitor.error(error);
    });
  }

  /** Loads under way go on, for who waits for them; their leases are left to end. */
  close(): void {
    this.#held.clear();
    this.#ticking?.abort();
  }

  async #tick(everyMs: number, closed: AbortSignal): Promise<void> {
    for (;;) {
      await this.#parts.time.delay(everyMs, closed);
      if (closed.aborted) return;
      if (this.#held.size === 0) {
        this.#ticking = undefined;
        return;
      }
      await Promise.all([...this.#held].map(([lease, held]) => this.#renew(lease, held)));
    }
  }

  async #renew(lease: string, { name, control }: Held): Promise<void> {
    const { leases, monitor } = this.#parts;
    try {
      if (await leases.renew(name, lease)) return;
      // The load may have ended, and given its lease back, while the question was on its way.
      if (this.#held.delete(lease)) control.makeVoid();
    } catch (error) {
      // The next tick may find Redis well again, in time.
      if (error instanceof CacheRedisError) monitor.error(error);
      else throw error;
    }
  }
}
