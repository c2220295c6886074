import { setTimeout as delay } from 'node:timers/promises';

/**
 * Stands for the database: rows that change, each with a version that only grows. A read takes its version at the start and gives it
 * after `delayMs`, as a query that was long under way does, so what it gives may be old by then.
 */
export class Rows {
  readonly keys: readonly string[];
  readonly #versions = new Map<string, number>();
  readonly #delayMs: number;

  constructor(count: number, delayMs: number) {
    this.#delayMs = delayMs;
    this.keys = Array.from({ length: count }, (_, index) => `row:${index}`);
  }

  version(key: string): number {
    return this.#versions.get(key) ?? 0;
  }

  change(key: string): number {
    const version = this.version(key) + 1;
    this.#versions.set(key, version);
    return version;
  }

  /** One read, as of somebody who has no cache. */
  async direct(key: string): Promise<number> {
    const version = this.version(key);
    await delay(this.#delayMs);
    return version;
  }
}

/** The loader that one process gives its cache, and what the database sees of it. */
export class Loader {
  readonly #rows: Rows;
  #running = 0;
  #peak = 0;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** The most loads that ever ran at once. */
  get peak(): number {
    return this.#peak;
  }

  async load(key: string): Promise<number> {
    this.#running += 1;
    this.#peak = Math.max(this.#peak, this.#running);
    try {
      return await this.#rows.direct(key);
    } finally {
      this.#running -= 1;
    }
  }
}
