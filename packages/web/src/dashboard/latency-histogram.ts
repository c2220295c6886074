import type { HistogramSnapshot } from '@workshop/cache';

/** Eight buckets to a doubling, from 0.05 ms to a minute: a quantile is right to a tenth of itself. */
const STEPS_PER_DOUBLING = 8;
const LEAST_MS = 0.05;
const BUCKETS = 163;

const BOUNDS: readonly number[] = Object.freeze(
  Array.from({ length: BUCKETS }, (_, bucket) => LEAST_MS * 2 ** (bucket / STEPS_PER_DOUBLING)),
);

/** Counts durations by bucket, finer than the cache's own: its snapshots go into the cache's `quantile`. */
export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS + 1);
  #sum = 0;
  #count = 0;

  /** `ms`: a duration in milliseconds. */
  observe(ms: number): void {
    const bucket = ms <= LEAST_MS ? 0 : Math.ceil(Math.log2(ms / LEAST_MS) * STEPS_PER_DOUBLING);
    this.#counts[Math.min(bucket, BUCKETS)]! += 1;
    this.#sum += ms;
    this.#count += 1;
  }

  snapshot(): HistogramSnapshot {
    return { bounds: BOUNDS, counts: [...this.#counts], sum: this.#sum, count: this.#count };
  }
}
