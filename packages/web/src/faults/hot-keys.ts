/** How many keys are counted before those that are asked for least are let go. */
const MOST_KEYS = 1_000;

/** Which keys are asked for most. What was asked long ago counts less and less. */
export class HotKeys {
  readonly #counts = new Map<string, number>();

  /** Counts a read. */
  record(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (this.#counts.size > MOST_KEYS) this.#halve();
  }

  /** The most asked for first. */
  top(count: number): string[] {
    return [...this.#counts]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, count)
      .map(([key]) => key);
  }

  #halve(): void {
    for (const [key, count] of this.#counts) {
      if (count > 1) this.#counts.set(key, count / 2);
      else this.#counts.delete(key);
    }
  }
}
