import { AsyncLocalStorage } from 'node:async_hooks';
import pLimit from 'p-limit';

/** A load that is running. Over, it says nothing any more of what it has left running. */
interface Run {
  /** The load inside of which it was asked for. */
  readonly within: Run | undefined;
  isOver: boolean;
}

/** The load that the current code runs in. One for all caches, because each costs every promise of the process. */
const inside = new AsyncLocalStorage<Run>();
let running = 0;

/** A load that has a place at the gate, or waits for one. */
export interface Admission<T> {
  readonly done: Promise<T>;
  /** Starts it now, without a place. For one whom a load waits for that has a place itself. */
  readonly hurry: () => void;
}

/**
 * The cap on loads that run at once: when Redis is away, every read wants the database, which would not survive all of them together.
 * The others wait their turn.
 *
 * A load may itself read through a cache, this one or another, and then waits for another load. That one takes no place anywhere: if all
 * places were held by loads that wait for loads that wait for places, all would stand still for good.
 */
export class LoadGate {
  readonly #limit: ReturnType<typeof pLimit>;

  constructor(maxConcurrent: number) {
    this.#limit = pLimit(maxConcurrent);
  }

  /** `isAwaited`: whether the current code waits for it, as for all but what is done in the background. */
  admit<T>(load: () => T | Promise<T>, isAwaited = true): Admission<T> {
    if (isAwaited && this.mustNotWait) return { done: this.#run(load), hurry: () => {} };
    let started: Promise<T> | undefined;
    let land: (run: Promise<T>) => void = () => {};
    const done = new Promise<T>((resolve) => {
      land = resolve;
    });
    const start = () => {
      started ??= this.#run(load);
      land(started);
      return started;
    };
    // How it ends is told by `done`. A place that comes to a load which has hurried is given up when that load is over.
    this.#limit(start).catch(() => {});
    return { done, hurry: () => void start().catch(() => {}) };
  }

  /** Whether the current code was called by a load that is still waited for, of this cache or another. */
  get mustNotWait(): boolean {
    let run = running > 0 ? inside.getStore() : undefined;
    while (run?.isOver === true) run = run.within;
    return run !== undefined;
  }

  get running(): number {
    return this.#limit.activeCount;
  }

  get queued(): number {
    return this.#limit.pendingCount;
  }

  async #run<T>(load: () => T | Promise<T>): Promise<T> {
    const run: Run = { within: inside.getStore(), isOver: false };
    running++;
    try {
      return await inside.run(run, load);
    } finally {
      run.isOver = true;
      running--;
      // Up to Node 22, one that is on makes every promise of the process some 65 ns dearer (measured), those of hits too.
      if (running === 0) inside.disable();
    }
  }
}
