/**
 * A small seeded generator (xorshift: Marsaglia, "Xorshift RNGs", 2003), because a schedule must be the same again from its
 * seed alone.
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Seeds count up from 1: a few rounds set neighbours far apart. Zero is the one state that never leaves itself.
    this.#state = Math.imul((seed % 2 ** 32) | 0, 0x9e3779b1) ^ Math.floor(seed / 2 ** 32) || 1;
    for (let round = 0; round < 8; round++) this.next();
  }

  /** A number from 0 up to, but not including, 1. */
  next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  /** One of `items`, each as likely as its weight. */
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T | undefined {
    let rest = this.next() * items.reduce((sum, item) => sum + weightOf(item), 0);
    for (const item of items) {
      rest -= weightOf(item);
      if (rest < 0) return item;
    }
    return items.at(-1);
  }
}
