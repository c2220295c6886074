import { AsyncLocalStorage } from 'node:async_hooks';
import pLimit from 'p-limit';

/**
 * The gate that a load runs inside of, for loads that must not wait for a place. One for all caches, and off whenever nobody needs it: up to
 * Node 22, one that is on makes every promise of the process dearer, some 65 ns each.
 */
const inside = new AsyncLocalStorage<LoadGate>();
let marked = 0;

/**
 * The cap on loads that run at once: when Redis is away, every read wants the database, which would not survive all of them together.
 * The others wait their turn.
 *
 * A load may itself read through the cache. If all places were held by loads that wait for loads that wait for places, they would stand still
 * for good. So those that take a place in the upper half are marked, and what they load takes none: they always come to an end,
 * and then so do the others.
 */
export class LoadGate {
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #markFrom: number;

  constructor(maxConcurrent: number) {
    this.#limit = pLimit(maxConcurrent);
    this.#markFrom = Math.floor(maxConcurrent / 2) + 1;
  }

  run<T>(load: () => T | Promise<T>): Promise<T> {
    if (marked > 0 && inside.getStore() === this) return Promise.resolve().then(load);
    return this.#limit(() => (this.#limit.activeCount < this.#markFrom ? load() : this.#runMarked(load)));
  }

  get running(): number {
    return this.#limit.activeCount;
  }

  get queued(): number {
    return this.#limit.pendingCount;
  }

  async #runMarked<T>(load: () => T | Promise<T>): Promise<T> {
    marked++;
    try {
      return await inside.run(this, load);
    } finally {
      marked--;
      if (marked === 0) inside.disable();
    }
  }
}
