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

  add(deadline: Deadline): void {
    this.#queue.push(deadline);
    if (this.#timer === undefined) this.#arm(this.#limitMs);
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.#fire(), ms);
    // The connection keeps the process alive while anything is to come.
    this.#timer.unref();
  }

  #fire(): void {
    const now = performance.now();
    // Timers count whole milliseconds, and may be that much early.
    const firstLeft = this.#queue.findIndex(({ dueAt, isWanted }) => isWanted && dueAt > now + 1);
    const due = firstLeft === -1 ? this.#queue : this.#queue.slice(0, firstLeft);
    this.#queue = firstLeft === -1 ? [] : this.#queue.slice(firstLeft);
    const [next] = this.#queue;
    this.#timer = undefined;
    if (next !== undefined) this.#arm(Math.max(1, next.dueAt - now));
    for (const deadline of due) if (deadline.isWanted) deadline.expire();
  }
}
