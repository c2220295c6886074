import { expect, vi } from 'vitest';
import type { Cache, CacheOptions, Time } from '../src/index.ts';
import type { Bench } from './support.ts';
import { makeCache, testPrefix } from './support.ts';

/** How long a test waits for a condition on a busy machine. */
export const PATIENCE = { timeout: 20_000, interval: 5 };

/** Longer than a busy machine makes Redis take: where faults are not what a test looks at. */
export const UNHURRIED = { timeoutMs: 20_000 } as const;

/** A clock that a test sets, pauses that end when it is set forward, and chance that is what the test says. */
export interface ManualTime extends Time {
  /** Sets the clock forward, and ends the pauses that are over by then. */
  readonly advance: (ms: number) => void;
  /** The lengths of the pauses now under way. */
  readonly pauses: () => number[];
  /** Resolves once so many pauses are under way that the test can go on. */
  readonly untilPausing: (count?: number) => Promise<void>;
  /** What `random` gives from now on. */
  readonly setRandom: (share: number) => void;
}

interface Pause {
  readonly ms: number;
  readonly until: number;
  readonly end: () => void;
}

export function manualTime(): ManualTime {
  let now = Date.UTC(2026, 0, 1);
  let random = 0;
  const pauses = new Set<Pause>();
  return {
    now: () => now,
    random: () => random,
    delay: (ms, signal) =>
      new Promise<void>((resolve) => {
        if (signal.aborted) {
          resolve();
          return;
        }
        const end = () => {
          pauses.delete(pause);
          signal.removeEventListener('abort', end);
          resolve();
        };
        const pause = { ms, until: now + ms, end };
        pauses.add(pause);
        signal.addEventListener('abort', end);
      }),
    advance(ms) {
      now += ms;
      for (const pause of pauses) if (pause.until <= now) pause.end();
    },
    pauses: () => [...pauses].map(({ ms }) => ms),
    untilPausing: (count = 1) =>
      vi.waitFor(() => expect(pauses.size).toBeGreaterThanOrEqual(count), PATIENCE),
    setRandom(share) {
      random = share;
    },
  };
}

/** Two processes of one application: two caches, each with a client of its own. */
export function makePair(options: Partial<CacheOptions> = {}): Bench & { here: Cache; there: Cache } {
  const prefix = options.prefix ?? testPrefix();
  const bench = makeCache({ ...UNHURRIED, ...options, prefix });
  const there = makeCache({ ...UNHURRIED, ...options, prefix }).cache;
  return { ...bench, here: bench.cache, there };
}

/** Resolves once the load has been called so many times. */
export function called(load: { readonly mock: { readonly calls: unknown[] } }, times = 1): Promise<void> {
  return vi.waitFor(() => expect(load.mock.calls).toHaveLength(times), PATIENCE);
}

/** The name of the lease of a key. Keys of tests have no braces. */
export function leaseName(prefix: string, key: string): string {
  return `${prefix}:lease:{${prefix}:${key}}`;
}
