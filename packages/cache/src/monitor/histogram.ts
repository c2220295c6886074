import { CacheOptionError } from '../errors.ts';

/**
 * The upper bounds of the buckets in milliseconds, each inclusive: 1, 2 and 5 in every decade from a tenth of a millisecond
 * (a near Redis) to ten seconds (a lease's life). Fixed, so that the histograms of all processes can be added up.
 */
export const BUCKET_BOUNDS_MS: readonly number[] = Object.freeze([
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000,
]);

const BOUNDS = Float64Array.from(BUCKET_BOUNDS_MS);
const SUM = BUCKET_BOUNDS_MS.length + 1;

/** A histogram at one moment. Adding two up, bound by bound, gives the histogram of both. */
export interface HistogramSnapshot {
  /** The upper bound of each bucket in milliseconds, inclusive, ascending. */
  readonly bounds: readonly number[];
  /** How many observations fell into each bucket, not cumulated; one more than `bounds`, for what is above the last. */
  readonly counts: readonly number[];
  /** The sum of all observations in milliseconds. */
  readonly sum: number;
  /** The number of observations. */
  readonly count: number;
}

/** Counts durations by bucket. */
export class Histogram {
  // Float64Array: counts beyond 2 ** 31 stay exact, and adding to one allocates nothing. The sum stands last.
  readonly #cells = new Float64Array(BUCKET_BOUNDS_MS.length + 2);

  /** `ms`: a duration in milliseconds. One below 0, or not a number (a clock was set back), counts as 0. */
  observe(ms: number): void {
    const duration = ms > 0 ? ms : 0;
    let bucket = 0;
    while (bucket < BOUNDS.length && duration > BOUNDS[bucket]!) bucket++;
    this.#cells[bucket]! += 1;
    this.#cells[SUM]! += duration;
  }

  snapshot(): HistogramSnapshot {
    const counts = [...this.#cells.subarray(0, SUM)];
    return { bounds: BUCKET_BOUNDS_MS, counts, sum: this.#cells[SUM]!, count: total(counts) };
  }
}

/**
 * The duration in milliseconds that a share `q` (0 to 1) of the observations does not exceed; undefined when there are none.
 * Within a bucket the observations are taken to lie evenly, as Prometheus' `histogram_quantile` does, so the result is exact
 * only to the bucket it falls in. Above the last bound, that bound. Throws `CacheOptionError` for a `q` outside 0 to 1.
 */
export function quantile(histogram: HistogramSnapshot, q: number): number | undefined {
  if (!(q >= 0 && q <= 1)) throw new CacheOptionError('q', q, 'a number from 0 to 1');
  if (histogram.count === 0) return undefined;
  const rank = q * histogram.count;
  let below = 0;
  for (const [bucket, upper] of histogram.bounds.entries()) {
    const inside = histogram.counts[bucket] ?? 0;
    if (inside > 0 && below + inside >= rank) {
      const lower = histogram.bounds[bucket - 1] ?? 0;
      // Rounding must not carry the result over into the next bucket.
      return Math.min(upper, lower + (upper - lower) * ((rank - below) / inside));
    }
    below += inside;
  }
  return histogram.bounds.at(-1);
}

/** What `after` has observed since `before`, an earlier snapshot of the same histogram. */
export function histogramBetween(before: HistogramSnapshot, after: HistogramSnapshot): HistogramSnapshot {
  const counts = after.counts.map((count, bucket) => count - (before.counts[bucket] ?? 0));
  return { bounds: after.bounds, counts, sum: after.sum - before.sum, count: total(counts) };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
