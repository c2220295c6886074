import type { RedisClient } from './client.ts';
import { watchClient } from './client.ts';

/** How long a refused deletion is left before it is tried again: at first, and at most. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10_000;

/** How many are sent at a time: a Redis that is not well after all is not to be given all of them. */
const PORTION = 100;

/**
 * What was to be deleted, and Redis did not confirm it. What it holds under these names is known to be out of date, so this
 * process does not read it, and sends the deletion again as soon as a connection is ready, and from time to time. Other processes can
 * still read the old value meanwhile: only Redis itself could tell them.
 */
export class OwedDeletions {
  readonly #remove: (name: string) => Promise<unknown>;
  readonly #limit: number;
  /** Each name with the number that it was added under. */
  readonly #names = new Map<string, number>();
  #added = 0;
  readonly #stopWatching: () => void;
  #sending: Promise<unknown> = Promise.resolve();
  #forgotten = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isSending = false;

  /** `limit` bounds what a long outage can hold in memory; past it the oldest are forgotten, and counted. */
  constructor(client: RedisClient, remove: (name: string) => Promise<unknown>, limit = 10_000) {
    this.#remove = remove;
    this.#limit = limit;
    this.#stopWatching = watchClient(client).onReady(() => this.sendAgain());
  }

  get size(): number {
    return this.#names.size;
  }

  get forgotten(): number {
    return this.#forgotten;
  }

  has(name: string): boolean {
    return this.#names.size > 0 && this.#names.has(name);
  }

  add(name: string): void {
    this.#names.delete(name);
    this.#names.set(name, ++this.#added);
    this.#trySoon(FIRST_RETRY_MS);
    if (this.#names.size <= this.#limit) return;
    const [oldest] = this.#names.keys();
    if (oldest !== undefined && this.#names.delete(oldest)) this.#forgotten++;
  }

  /** To be noted before a deletion is sent, and given to `settle` when it is confirmed. */
  get now(): number {
    return this.#added;
  }

  /**
   * What Redis holds under the name is right again: it was deleted or overwritten by a command sent at `asOf`. What was added
   * after that is for a later change, and stays.
   */
  settle(name: string, asOf: number): void {
    const added = this.#names.get(name);
    if (added !== undefined && added <= asOf) this.#names.delete(name);
  }

  /** Tries all of them again, because Redis seems to be back: one, to see whether it is, then the others, a portion at a time. */
  sendAgain(): void {
    if (this.#names.size === 0 || this.#isSending) return;
    this.#isSending = true;
    this.#sending = this.#sendAll().finally(() => {
      this.#isSending = false;
    });
  }

  async #sendAll(): Promise<void> {
    const names = [...this.#names.keys()];
    let size = 1;
    for (let from = 0; from < names.length && !this.#isClosed; from += size, size = PORTION) {
      const asOf = this.now;
      const portion = names.slice(from, from + size).filter((name) => this.#names.has(name));
      const results = await Promise.allSettled(
        portion.map(async (name) => {
          await this.#remove(name);
          this.settle(name, asOf);
        }),
      );
      // What failed stays owed until the next time, and so does what comes after it.
      if (results.some(({ status }) => status === 'rejected')) return;
    }
  }

  /** A refusal (a Redis that cannot save, a primary without its replicas) ends without a connection that would tell of it. */
  #trySoon(ms: number): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.sendAgain();
      if (this.#names.size > 0) this.#trySoon(Math.min(2 * ms, LONGEST_RETRY_MS));
    }, ms);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#stopWatching();
    await this.#sending;
  }
}
