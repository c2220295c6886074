import type { Time } from './time.ts';

/** How often a reader looks whether another process's load has come in: soon at first, then ever less, in milliseconds. */
const FIRST_MS = 4;
const GROWTH = 1.5;
const LONGEST_MS = 100;

/**
 * The pauses between looks at a lease that another process holds. All readers of one key in this process share them, so however many
 * wait, Redis is asked once a pause. Looking rather than listening, because it needs no further connection, on a cluster either, and
 * cannot miss the news.
 */
export class Waits {
  readonly #time: Time;
  readonly #closing: AbortSignal;
  readonly #pauses = new Map<string, Promise<void>>();
  /** How often a name was waited for lately, so that the pauses grow; gone when nobody came back for the next. */
  readonly #counts = new Map<string, number>();

  constructor(time: Time, closing: AbortSignal) {
    this.#time = time;
    this.#closing = closing;
  }

  next(name: string): Promise<void> {
    const running = this.#pauses.get(name);
    if (running !== undefined) return running;
    const count = this.#counts.get(name) ?? 0;
    const ms = Math.min(LONGEST_MS, FIRST_MS * GROWTH ** count);
    const over = this.#time.delay(ms, this.#closing).then(() => {
      this.#pauses.delete(name);
      this.#counts.set(name, count + 1);
    });
    this.#counts.delete(name);
    this.#pauses.set(name, over);
    return over;
  }

  /** Nobody waits for this one any more. */
  done(name: string): void {
    if (!this.#pauses.has(name)) this.#counts.delete(name);
  }
}
