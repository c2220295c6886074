import type { CacheOptions } from '../../src/index.ts';
import { createCache } from '../../src/index.ts';
import { GatedRedis } from './gated-redis.ts';

type Cache = ReturnType<typeof createCache>;

/** A load under way, which ends when the schedule says so. */
export interface HeldLoad {
  readonly id: number;
  readonly keys: readonly string[];
  readonly finish: () => void;
  readonly fail: (error: Error) => void;
  readonly fails: boolean;
}

/** Something the cache waits for by the clock. */
export interface HeldDelay {
  readonly dueAt: number;
  readonly ms: number;
  readonly fire: () => void;
}

/** What a loader throws when it is to fail; a read may reject with this and nothing else. */
export class LoadFailure extends Error {
  override name = 'LoadFailure';
}

/** The clock and the chance that all processes of a schedule share. */
export interface Surroundings {
  readonly clock: { now: number };
  readonly random: () => number;
  /** Called whenever a process does something, so that one can tell when it has come to rest. */
  readonly onActivity: () => void;
}

/** Longer than any wait that is part of the protocol: the time-outs of single commands, which are never up here. */
export const FAR_MS = 3_600_000;

/** What stands for one process: a cache with a client of its own, and everything it is waiting for. */
export class SimulatedProcess {
  readonly lane: number;
  readonly client: GatedRedis;
  readonly cache: Cache;
  readonly loads: HeldLoad[] = [];
  readonly delays: HeldDelay[] = [];
  /** What this process must see at least, because its own invalidation was not confirmed: it alone knows of it. */
  readonly mustSee = new Map<string, number>();
  readonly #surroundings: Surroundings;
  /** The keys whose lease was waited for so long that a load may do without. */
  readonly #leaves = new Set<string>();
  #hasLost = false;
  #isOver = false;

  constructor(lane: number, surroundings: Surroundings, options: Partial<CacheOptions> & { prefix: string }) {
    this.lane = lane;
    this.#surroundings = surroundings;
    this.client = new GatedRedis(surroundings.onActivity);
    this.cache = createCache({
      redis: this.client,
      timeoutMs: FAR_MS,
      time: {
        now: () => surroundings.clock.now,
        random: surroundings.random,
        delay: (ms, signal) => this.#delay(ms, signal),
      },
      ...options,
    });
    this.cache.events.on('lease', ({ key, state }) => {
      if (state === 'gave-up') this.#leaves.add(key);
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Loses its connection. From then on it may be that Redis did not hear of what it did. */
  lose(): void {
    this.#hasLost = true;
    this.client.lose();
  }

  get hasLost(): boolean {
    return this.#hasLost;
  }

  /** Whether a load of this key may run without a lease, because somebody has waited for one in vain, or could not ask. */
  takeLeave(name: string): boolean {
    return this.#hasLost || this.#leaves.delete(name);
  }

  /** A load of these keys, held until the schedule finishes it: then it gives `result`. */
  load<T>(id: number, keys: readonly string[], fails: boolean, result: T): Promise<T> {
    if (this.#isOver) return Promise.reject(new LoadFailure('The schedule is over.'));
    this.#surroundings.onActivity();
    return new Promise<T>((resolve, reject) => {
      this.loads.push({ id, keys, fails, finish: () => resolve(result), fail: reject });
    });
  }

  /** The wait that is up first. */
  get nextDelay(): HeldDelay | undefined {
    return this.delays.reduce<HeldDelay | undefined>(
      (first, delay) => (first === undefined || delay.dueAt < first.dueAt ? delay : first),
      undefined,
    );
  }

  /**
   * Ends all that the process waits for, so that it leaves no timer behind. For the end of a schedule: a process that crashed is left
   * as it is until then, as nothing of a dead process goes on.
   */
  async end(): Promise<void> {
    this.#isOver = true;
    const closed = this.cache.close();
    this.client.lose();
    for (const { fail } of this.loads.splice(0)) fail(new LoadFailure('The schedule is over.'));
    for (const { fire } of this.delays.splice(0)) fire();
    await closed;
  }

  #delay(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    this.#surroundings.onActivity();
    return new Promise((resolve) => {
      const stop = () => {
        const index = this.delays.indexOf(delay);
        if (index !== -1) this.delays.splice(index, 1);
        signal.removeEventListener('abort', stop);
        this.#surroundings.onActivity();
        resolve();
      };
      const delay: HeldDelay = { dueAt: this.#surroundings.clock.now + ms, ms, fire: stop };
      if (ms < FAR_MS / 2) this.delays.push(delay);
      signal.addEventListener('abort', stop);
    });
  }
}
