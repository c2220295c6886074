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

/** Keeps the leases of this process's loads: renews them while a load runs, gives them back when it failed. Nothing of it rejects. */
export class LeaseKeeper {
  readonly #parts: LeaseKeeperParts;
  readonly #renewing = new Set<AbortController>();

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
    const landed = new AbortController();
    this.#renewing.add(landed);
    void this.#renew(name, lease, control, leaseMs, landed.signal);
    return () => {
      landed.abort();
      this.#renewing.delete(landed);
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
    for (const landed of this.#renewing) landed.abort();
    this.#renewing.clear();
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
}
