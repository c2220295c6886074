/** Makes a rate of a counter that only grows. */
export class Rate {
  #last: { readonly count: number; readonly atMs: number } | undefined;

  /**
   * How many a second since the last call; `null` for the first, after one without a count, and when the counter has begun anew.
   * `atMs`: on any clock that never goes back.
   */
  next(count: number | undefined, atMs: number): number | null {
    const last = this.#last;
    this.#last = count === undefined ? undefined : { count, atMs };
    if (count === undefined || last === undefined || count < last.count || atMs <= last.atMs) return null;
    return ((count - last.count) * 1_000) / (atMs - last.atMs);
  }
}
