import type { Flow } from './sandbox/heartbeat.ts';
import type { LearnerProcess } from './sandbox/learner-process.ts';
import type { Opening } from './sandbox/protocol.ts';

/** The processes with the learner's code that a run has at a time: one for all its checks, and others that a check asks for. */
export class Learners {
  readonly #start: () => LearnerProcess;
  readonly #opening: Omit<Opening, 'aheadMs' | 'paced'>;
  #main: LearnerProcess | undefined;
  #others: LearnerProcess[] = [];
  readonly #isAtRest: () => boolean;
  #aheadMs = 0;
  #holds = 0;
  #opened = false;

  /** @param isAtRest whether nothing is under way between the stores and any of them: else their clocks stand still */
  constructor(
    start: () => LearnerProcess,
    opening: Omit<Opening, 'aheadMs' | 'paced'>,
    isAtRest: () => boolean,
  ) {
    this.#start = start;
    this.#opening = opening;
    this.#isAtRest = isAtRest;
  }

  /** The file was loaded once, so what goes wrong later is not its loading. */
  get opened(): boolean {
    return this.#opened;
  }

  /** There is a process that could be used for the next check. */
  get ready(): boolean {
    return this.#main !== undefined && !this.#main.ended;
  }

  get main(): LearnerProcess {
    if (!this.#main)
      throw new Error('no process of the learner: a check used the store before it was opened');
    return this.#main;
  }

  /** Ends the process of before, and opens a store in a new one. */
  async restart(): Promise<void> {
    await this.#main?.kill();
    this.#main = this.#start();
    await this.#open(this.#main);
    this.#opened = true;
  }

  async another(): Promise<LearnerProcess> {
    const other = this.#start();
    this.#others.push(other);
    await this.#open(other);
    return other;
  }

  /**
   * Comes back once each has done what it had queued before.
   * @returns how long it is until the next timer in any of them, ms; Infinity when there is none
   */
  async ping(): Promise<number> {
    const others = this.#others.filter((other) => !isOver(other));
    const next = await Promise.all([this.main, ...others].map(async (learner) => await learner.ping()));
    return Math.min(...next);
  }

  /** Moves the clocks of all on, those of processes to come included, and fires the timers due by then. */
  async advance(ms: number): Promise<void> {
    this.#aheadMs += ms;
    const learners = [this.main, ...this.#others].filter((learner) => !isOver(learner));
    await Promise.all(learners.map(async (learner) => await learner.advance(ms)));
  }

  /** While it runs, the clocks of all stand still but for `advance`. */
  async holdTime<T>(work: () => Promise<T>): Promise<T> {
    this.#holds += 1;
    try {
      return await work();
    } finally {
      this.#holds -= 1;
    }
  }

  /** Ends what belongs to one check. */
  async endCheck(reusable: boolean): Promise<void> {
    const others = this.#others.splice(0).map(async (other) => await other.kill());
    // A clock that is ahead can't go back.
    if (!reusable || this.#aheadMs > 0) others.push(this.killMain());
    await Promise.all(others);
    this.#aheadMs = 0;
  }

  async killMain(): Promise<void> {
    await this.#main?.kill();
  }

  /** Ends all, so that a check that waits for one of them ends too. */
  async kill(): Promise<void> {
    await Promise.all([this.#main, ...this.#others].map(async (learner) => await learner?.kill()));
  }

  async #open(learner: LearnerProcess): Promise<void> {
    await learner.open({ ...this.#opening, aheadMs: this.#aheadMs }, () => this.#flow());
  }

  #flow(): Flow {
    if (this.#holds > 0) return 'stands';
    return this.#isAtRest() ? 'goes' : 'waits';
  }
}

/** It has ended, or its end was asked for: then it answers nothing any more. */
function isOver(learner: LearnerProcess): boolean {
  return learner.ended || learner.finished;
}
