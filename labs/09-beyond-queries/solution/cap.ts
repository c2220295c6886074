/** There is no place, and no place to wait either. */
export class TooBusy extends Error {
  override name = 'TooBusy';
}

/** How much may go on at once. More at once is not faster, and what waits in a long line is of no use to anybody when its turn comes. */
export class Cap {
  readonly #mostAtOnce: number;
  readonly #mostWaiting: number;
  readonly #line = new Set<() => void>();
  #atOnce = 0;

  constructor(mostAtOnce: number, mostWaiting: number) {
    this.#mostAtOnce = mostAtOnce;
    this.#mostWaiting = mostWaiting;
  }

  /**
   * @param tooLate who has given up leaves the line
   * @throws {TooBusy} at once, when too many wait already
   */
  async run<T>(tooLate: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#place(tooLate);
    try {
      return await work();
    } finally {
      // Also when it failed: a place that is not given back is gone for good.
      const [next] = this.#line;
      if (next) next();
      else this.#atOnce--;
    }
  }

  async #place(tooLate: AbortSignal): Promise<void> {
    if (this.#atOnce < this.#mostAtOnce) {
      this.#atOnce++;
      return;
    }
    if (this.#line.size >= this.#mostWaiting) throw new TooBusy(`${this.#line.size} wait already`);
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#line.delete(begin);
        reject(new TooBusy('waited in vain for a place'));
      };
      // The place of whoever lets this one begin is this one's now.
      const begin = () => {
        this.#line.delete(begin);
        tooLate.removeEventListener('abort', leave);
        resolve();
      };
      this.#line.add(begin);
      tooLate.addEventListener('abort', leave);
    });
  }
}
