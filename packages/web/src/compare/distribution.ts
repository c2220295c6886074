/** Times in milliseconds, and what they say together. */
export interface Distribution {
  readonly timesMs: readonly number[];
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Undefined for no times. */
export function distribution(timesMs: readonly number[]): Distribution | undefined {
  if (timesMs.length === 0) return undefined;
  const sorted = timesMs.toSorted((a, b) => a - b);
  return {
    timesMs,
    p50: nearestRank(sorted, 50),
    p95: nearestRank(sorted, 95),
    p99: nearestRank(sorted, 99),
  };
}

/** The least time that so many percent of the times do not exceed: a time that was measured, never one between two. */
function nearestRank(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
}
