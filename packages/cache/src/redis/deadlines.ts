/** Something that ends when its time is up, if it has not ended before. */
export interface Deadline {
  /** By performance.now(). */
  readonly dueAt: number;
  readonly isWanted: boolean;
  expire(): void;
}

/**
 * The deadlines of commands that all have the same limit. They come due in the order in which they began, so one timer does for all of them; a timer
 * each would cost a lone read as much as the rest of what we add to it.
 */
export class Deadlines {
  readonly #limitMs: number;
  #queue: Deadline[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** How many are held on to, those that have ended lately included. */
  get size(): number {
    return this.#queue.length;
  }

  add(deadline: Deadline): void {
    this.#queue.push(deadline);
    if (this.#timer === undefined) this.#arm(this.#limitMs);
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.#fire(), Math.min(ms, LONGEST_MS));
    // The connection keeps the process alive while anything is to come.
    this.#timer.unref();
  }

  #fire(): void {
    const now = performance.now();
    const wanted = this.#queue.filter(({ isWanted }) => isWanted);
    // Timers count whole milliseconds, and may be that much early.
    const dueCount = wanted.findIndex(({ dueAt }) => dueAt > now + 1);
    const due = dueCount === -1 ? wanted : wanted.slice(0, dueCount);
    this.#queue = dueCount === -1 ? [] : wanted.slice(dueCount);
    const [next] = this.#queue;
    this.#timer = undefined;
    if (next !== undefined) this.#arm(Math.max(1, next.dueAt - now));
    for (const deadline of due) deadline.expire();
  }
}

/** What has ended is let go of at least this often, however long the limit is. In milliseconds. */
const LONGEST_MS = 1_000;
