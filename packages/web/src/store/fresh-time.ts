import type { Answer } from '@workshop/cache';

/**
 * The answer with the time for which it is fresh, below 0 for a stale one, in place of the time for which Redis keeps it: that is longer
 * by `staleIfErrorMs`.
 */
export function withFreshTime<T>(answer: Answer<T>, staleIfErrorMs: number): Answer<T> {
  if (answer.outcome === 'hit') {
    // The near cache keeps nothing beyond that time anyway.
    if (answer.ttlMs === undefined || answer.reason === 'near') return answer;
    return { ...answer, ttlMs: answer.ttlMs - staleIfErrorMs };
  }
  const { storing } = answer;
  if (!storing.stored) return answer;
  return { ...answer, storing: { ...storing, ttlMs: storing.ttlMs - staleIfErrorMs } };
}
