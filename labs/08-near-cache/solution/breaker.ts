/** So many failures in a row say that it is not the request but the store. */
const mostFailures = 5;
/** How long nothing is sent to a store that is ill, ms. Then one request goes ahead, to see. */
const openMs = 2_000;

/** The store is left alone for the moment. */
export class BreakerOpen extends Error {
  override name = 'BreakerOpen';
}

/** Stops asking a store that keeps failing: each caller would wait in vain, and the store could never get well. */
export class Breaker {
  readonly #store: string;
  #failures = 0;
  #openUntil = 0;

  constructor(store: string) {
    this.#store = store;
  }

  /** @throws {BreakerOpen} at once, while it is open */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#openUntil)
      throw new BreakerOpen(`${this.#store} is left alone for a moment`);
    // While the one that goes ahead is on its way, the others still wait outside.
    if (this.#failures >= mostFailures) this.#openUntil = performance.now() + openMs;
    try {
      const value = await work();
      this.#failures = 0;
      this.#openUntil = 0;
      return value;
    } catch (error) {
      this.#failures++;
      if (this.#failures >= mostFailures) this.#openUntil = performance.now() + openMs;
      throw error;
    }
  }
}
