import { setTimeout } from 'node:timers/promises';

/** What the cache knows of time and chance. Tests give their own, so that none of them waits. */
export interface Time {
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after `ms` milliseconds, or as soon as `signal` is aborted. Never rejects. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
}

export const systemTime: Time = {
  now: () => Date.now(),
  random: () => Math.random(),
  delay: async (ms, signal) => {
    try {
      await setTimeout(ms, undefined, { signal });
    } catch {
      // Aborted: whoever waited is told by the signal itself.
    }
  },
};
