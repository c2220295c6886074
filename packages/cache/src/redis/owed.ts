import type { RedisClient } from './client.ts';
import { watchClient } from './client.ts';
import type { RedisLink } from './link.ts';

/**
 * The keys whose deletion Redis did not confirm. Their value there is known to be out of date, so this process
 * does not read it, and sends the deletion again as soon as a connection is ready. Other processes can
 * still read the old value meanwhile: only Redis itself could tell them.
 */
export class OwedDeletions {
  readonly #link: RedisLink;
  readonly #limit: number;
  readonly #keys = new Set<string>();
  readonly #stopWatching: () => void;
  #sending: Promise<unknown> = Promise.resolve();
  #forgotten = 0;

  /** `limit` bounds what a long outage can hold in memory; past it the oldest are forgotten, and counted. */
  constructor(client: RedisClient, link: RedisLink, limit = 10_000) {
    this.#link = link;
    this.#limit = limit;
    this.#stopWatching = watchClient(client).onReady(() => {
      this.#sending = this.#sendAgain();
    });
  }

  get size(): number {
    return this.#keys.size;
  }

  get forgotten(): number {
    return this.#forgotten;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  add(key: string): void {
    this.#keys.add(key);
    if (this.#keys.size <= this.#limit) return;
    const [oldest] = this.#keys;
    if (oldest !== undefined && this.#keys.delete(oldest)) this.#forgotten++;
  }

  /** What Redis holds for the key is right again: it was deleted or overwritten. */
  settle(key: string): void {
    this.#keys.delete(key);
  }

  async close(): Promise<void> {
    this.#stopWatching();
    await this.#sending;
  }

  /** One UNLINK a key, since keys of different cluster slots cannot share a command. Never rejects. */
  async #sendAgain(): Promise<void> {
    const attempts = [...this.#keys].map(async (key) => {
      await this.#link.unlink(key);
      this.settle(key);
    });
    // A key whose deletion failed again stays owed until the next connection.
    await Promise.allSettled(attempts);
  }
}
