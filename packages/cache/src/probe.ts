import { isDeepStrictEqual } from 'node:util';
import { digestOf } from './leases.ts';
import type { LoadGate } from './load-gate.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { Found } from './reading.ts';
import type { Shelf } from './shelf.ts';
import type { Time } from './time.ts';

/**
 * Finds out how often the cache is wrong: takes a sample of its hits, asks the source again after the reader has gone, and counts those that
 * differ. A difference counts only if Redis still holds the very same entry afterwards: else the value changed between the two, and the cache did
 * too.
 */
export class Probe {
  readonly #rate: number;
  readonly #parts: {
    readonly shelf: Shelf;
    readonly monitor: Monitor;
    readonly time: Time;
    readonly gate: LoadGate;
  };
  #isRunning = false;

  constructor(rate: number, parts: { shelf: Shelf; monitor: Monitor; time: Time; gate: LoadGate }) {
    this.#rate = rate;
    this.#parts = parts;
  }

  /** Maybe probes this hit. One at a time, so that the source is never asked for much on the probe's account. */
  maybe<T>(found: Found<T>, load: () => T | Promise<T>): void {
    if (this.#isRunning || found.freshness !== 'fresh' || this.#parts.time.random() >= this.#rate) return;
    this.#isRunning = true;
    // Off the path of the reader, whose own continuation runs first.
    setImmediate(() => {
      void this.#probe(found, load).finally(() => {
        this.#isRunning = false;
      });
    });
  }

  async #probe<T>({ key, value, raw, digest, header }: Found<T>, load: () => T | Promise<T>): Promise<void> {
    const { shelf, monitor, time, gate } = this.#parts;
    try {
      const fresh = await gate.admit(load, false).done;
      const stillThere = await shelf.read(key);
      if (stillThere === null || digestOf(stillThere.bytes) !== (digest ?? digestOf(raw))) return;
      const isStale = !isDeepStrictEqual(fresh, value);
      monitor.count('probes');
      if (isStale) monitor.count('staleProbes');
      const ageMs = header.loadedAt === undefined ? undefined : time.now() - header.loadedAt;
      if (isStale && ageMs !== undefined) monitor.observe('stale', ageMs);
      monitor.emit('probe', { key, stale: isStale, ...(ageMs !== undefined && { ageMs }) });
    } catch {
      // The source or Redis failed: this probe says nothing about the cache.
    }
  }
}
