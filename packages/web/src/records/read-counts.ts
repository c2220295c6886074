import type { RedisClient } from '@workshop/cache';
import { EngineAwayError } from '../errors.ts';
import { within } from '../within.ts';

/** How often an article was read today. */
export interface Reads {
  readonly id: number;
  readonly reads: number;
}

export interface ReadCountsOptions {
  readonly redis: RedisClient;
  /** The beginning of its keys, which must not be the cache's: a leaderboard is no copy of anything. */
  readonly prefix: string;
  readonly timeoutMs: number;
  /** Milliseconds since 1970. Default: the machine's clock. */
  readonly now?: (() => number) | undefined;
}

/** A day, and one more for whoever looks back at it. */
const KEPT_SECONDS = 2 * 24 * 60 * 60;

/** A Redis that hangs must not be sent commands without end. */
const MOST_PENDING = 1_000;

/** Which articles were read most often today (UTC): a sorted set a day, that goes by itself. */
export class ReadCounts {
  readonly #options: ReadCountsOptions;
  readonly #now: () => number;
  #pending = 0;

  constructor(options: ReadCountsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Counts a read. Nobody waits for it, and it never fails: without Redis it is not counted. */
  record(id: number): void {
    if (this.#pending >= MOST_PENDING) return;
    this.#pending++;
    const key = this.#keyOf(this.day);
    this.#options.redis
      .pipeline()
      .zincrby(key, 1, id)
      .expire(key, KEPT_SECONDS)
      .exec()
      .catch(() => {})
      .finally(() => this.#pending--);
  }

  /** The day that counts now: `2026-01-31`. */
  get day(): string {
    return new Date(this.#now()).toISOString().slice(0, 10);
  }

  /** Those read most often, the first first. Throws `EngineAwayError`. */
  async top(limit: number): Promise<Reads[]> {
    const { redis, timeoutMs } = this.#options;
    const asked = redis
      .zrevrange(this.#keyOf(this.day), 0, limit - 1, 'WITHSCORES')
      .catch((error: unknown) => {
        throw new EngineAwayError('redis', 'away', { cause: error });
      });
    const flat = await within(timeoutMs, asked, () => new EngineAwayError('redis', 'slow'));
    return Array.from({ length: flat.length / 2 }, (_, index) => ({
      id: Number(flat[index * 2]),
      reads: Number(flat[index * 2 + 1]),
    }));
  }

  #keyOf(day: string): string {
    return `${this.#options.prefix}:${day}`;
  }
}
