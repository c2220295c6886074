/** What is judged is the last minute: a ratio since the start of the process hardly moves once a week is in it. */
export const windowMs = 60_000;
const sliceMs = 5_000;

/** Upper bounds of the histograms' buckets, seconds. Percentiles can't be had from a mean, nor from a maximum. */
export const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

interface Slice {
  startedAt: number;
  reads: number;
  hits: number;
  /** Loads by bucket; one bucket more than bounds, for what is beyond the last. */
  loads: number[];
}

/** Counts of the last minute, in slices of a few seconds, so that their size does not grow with the traffic. */
export class Recent {
  readonly #slices: Slice[] = [];

  countRead(isHit: boolean): void {
    const slice = this.#present();
    slice.reads++;
    if (isHit) slice.hits++;
  }

  countLoad(seconds: number): void {
    const bucket = bounds.findIndex((bound) => seconds <= bound);
    this.#present().loads[bucket < 0 ? bounds.length : bucket]!++;
  }

  get reads(): number {
    return this.#sum((slice) => slice.reads);
  }

  /** Of all reads, how many were answered from Redis: 0 to 1; null when there were none. */
  get hitRatio(): number | null {
    return this.reads === 0 ? null : this.#sum((slice) => slice.hits) / this.reads;
  }

  /**
   * How long loads took that were slower than the part `quantile` of all, seconds, as PromQL's histogram_quantile reckons it; null when
   * there were none.
   */
  loadSeconds(quantile: number): number | null {
    const counts = [...bounds, Infinity].map((_bound, bucket) => this.#sum((slice) => slice.loads[bucket]!));
    const all = counts.reduce((sum, count) => sum + count, 0);
    if (all === 0) return null;
    let below = 0;
    for (const [bucket, count] of counts.entries()) {
      const upper = bounds[bucket];
      // Beyond the last bound nothing is known but that it is beyond.
      if (upper === undefined) break;
      if (below + count >= quantile * all) {
        const lower = bounds[bucket - 1] ?? 0;
        return lower + (upper - lower) * ((quantile * all - below) / count);
      }
      below += count;
    }
    return bounds.at(-1)!;
  }

  #present(): Slice {
    const now = performance.now();
    const last = this.#slices.at(-1);
    if (last && now - last.startedAt < sliceMs) return last;
    const slice = { startedAt: now, reads: 0, hits: 0, loads: [...bounds, Infinity].map(() => 0) };
    this.#slices.push(slice);
    return slice;
  }

  #sum(count: (slice: Slice) => number): number {
    const from = performance.now() - windowMs;
    while (this.#slices[0] && this.#slices[0].startedAt < from) this.#slices.shift();
    return this.#slices.reduce((sum, slice) => sum + count(slice), 0);
  }
}
