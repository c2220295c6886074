import { setTimeout as delay } from 'node:timers/promises';
import { vi } from 'vitest';
import type { Cache } from '../../src/index.ts';
import { Loader, type Rows } from './rows.ts';

/** Readers of each cache, and as many who read directly, side by side, so that a busy machine shows in both. */
const CALLERS_EACH = 10;
/** What a caller does between two reads. It bounds what a fast cache lets the callers ask for. */
const THINK_MS = 2;
const CHANGE_EVERY_MS = 10;
const TTL = { ttlMs: 60_000 };

export interface Measured {
  /** Of each read, in milliseconds. */
  readonly cached: number[];
  readonly direct: number[];
}

/**
 * Traffic on two caches that share their keys, as two processes do, while rows change and are invalidated through the first.
 *
 * It knows what each read may give: nothing older than an invalidation that was confirmed before the read began. Of the cache
 * that was told to invalidate, not even older than one that Redis did not confirm.
 */
export class Traffic {
  readonly callersEach = CALLERS_EACH;
  readonly failures: unknown[] = [];
  readonly wrong: string[] = [];
  readonly #caches: readonly [Cache, Cache];
  readonly #rows: Rows;
  readonly #loaders: readonly [Loader, Loader];
  readonly #floors: readonly [Map<string, number>, Map<string, number>] = [new Map(), new Map()];
  #measured: Measured = { cached: [], direct: [] };
  #isOn = true;
  #confirmed = 0;
  readonly #running: Promise<unknown>;

  constructor(caches: readonly [Cache, Cache], rows: Rows) {
    this.#caches = caches;
    this.#rows = rows;
    this.#loaders = [new Loader(rows), new Loader(rows)];
    this.#running = Promise.all([
      ...Array.from({ length: CALLERS_EACH }, () => this.#loop(() => this.#read(0))),
      ...Array.from({ length: CALLERS_EACH }, () => this.#loop(() => this.#read(1))),
      ...Array.from({ length: CALLERS_EACH }, () => this.#loop(() => this.#readDirectly())),
      this.#loop(() => this.#change(), CHANGE_EVERY_MS),
    ]);
  }

  /** Invalidations that Redis has confirmed. */
  get confirmed(): number {
    return this.#confirmed;
  }

  /** The most loads that ever ran at once in one of the two processes. */
  get peak(): number {
    return Math.max(...this.#loaders.map(({ peak }) => peak));
  }

  /** Measures anew from here on: only what begins later counts. */
  measure(): Measured {
    this.#measured = { cached: [], direct: [] };
    return this.#measured;
  }

  /** Resolves when both caches have had so many hits more. */
  async hits(more: number): Promise<void> {
    const marks = this.#caches.map((cache) => cache.stats().hits + more);
    await until(() => this.#caches.every((cache, index) => cache.stats().hits >= (marks[index] ?? 0)));
  }

  /** Resolves when the callers have read so many times since `measure()`. */
  async reads(count: number): Promise<void> {
    await until(() => this.#measured.cached.length >= count);
  }

  async stop(): Promise<void> {
    this.#isOn = false;
    await this.#running;
  }

  async #loop(step: () => Promise<void>, pauseMs = THINK_MS): Promise<void> {
    while (this.#isOn) {
      await step();
      await delay(pauseMs);
    }
  }

  async #read(which: 0 | 1): Promise<void> {
    const key = this.#anyKey();
    const floor = this.#floors[which].get(key) ?? 0;
    const measured = this.#measured;
    const startedAt = performance.now();
    try {
      const version = await this.#caches[which].getOrLoad(key, () => this.#loaders[which].load(key), TTL);
      if (version < floor || version > this.#rows.version(key)) {
        this.wrong.push(`${key} of cache ${which}: version ${version}, invalidated at ${floor}`);
      }
    } catch (error) {
      this.failures.push(error);
    }
    measured.cached.push(performance.now() - startedAt);
  }

  async #readDirectly(): Promise<void> {
    const measured = this.#measured;
    const startedAt = performance.now();
    await this.#rows.direct(this.#anyKey());
    measured.direct.push(performance.now() - startedAt);
  }

  async #change(): Promise<void> {
    const key = this.#anyKey();
    const version = this.#rows.change(key);
    try {
      const isConfirmed = await this.#caches[0].invalidate(key);
      this.#floors[0].set(key, version);
      if (!isConfirmed) return;
      this.#floors[1].set(key, version);
      this.#confirmed += 1;
    } catch (error) {
      this.failures.push(error);
    }
  }

  #anyKey(): string {
    const { keys } = this.#rows;
    return keys[Math.floor(Math.random() * keys.length)] ?? '';
  }
}

async function until(condition: () => boolean): Promise<void> {
  await vi.waitFor(
    () => {
      if (!condition()) throw new Error('The traffic has not come so far.');
    },
    { timeout: 20_000, interval: 5 },
  );
}

/** The value that this share of the samples does not exceed. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
