const GOLDEN = 0x9e3779b9;

/** Spreads every bit of a 32-bit number over all the others. The constants are those of Ettinger's SplitMix32. */
function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x21f0aaad);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** One 32-bit number out of two, for starting a run of its own for each row of a table or each slice of it. */
export function hash(seed: number, index: number): number {
  return mix(mix(seed ^ GOLDEN) + Math.imul(index, GOLDEN));
}

/**
 * Pseudo-random numbers that come out the same for the same start, on every machine. SplitMix32 (after Steele, Lea and
 * Flood, "Fast splittable pseudorandom number generators", 2014): one addition and one mix a number. Good enough for
 * choosing words, and no more than that: never for secrets.
 */
export class Random {
  #state: number;

  constructor(start: number) {
    this.#state = start | 0;
  }

  /** Goes on from another start. A million rows then need one object and not a million. */
  restart(start: number): void {
    this.#state = start | 0;
  }

  /** The next number, 0 to 2^32 - 1. */
  next(): number {
    this.#state = (this.#state + GOLDEN) | 0;
    return mix(this.#state);
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    // Scaled by multiplication, which keeps the high bits that a remainder would throw away.
    return low + Math.floor((this.next() / 0x1_0000_0000) * (high - low + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)] as T;
  }
}
