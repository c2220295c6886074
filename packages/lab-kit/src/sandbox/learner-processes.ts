import type { LearnerProgram } from './learner-program.ts';
import { defaultLimits, LearnerProcess, type Limits } from './learner-process.ts';
import { learnerRuntime } from './learner-runtime.ts';

/** A waiting process takes some 50 MB. */
const mostReady = 8;

/** Processes for the learner's code, some of which wait ready: starting Node takes longer than most checks. */
export class LearnerProcesses {
  readonly #runtime: string;
  readonly #limits: Limits;
  readonly #all = new Set<LearnerProcess>();
  readonly #ready: LearnerProcess[] = [];
  #taken = 0;

  private constructor(runtime: string, limits: Limits) {
    this.#runtime = runtime;
    this.#limits = limits;
  }

  static async create(limits: Limits = defaultLimits): Promise<LearnerProcesses> {
    return new LearnerProcesses(await learnerRuntime(), limits);
  }

  /** Has so many processes wait; or more, if more were taken since the last time. */
  prepare(count: number): void {
    this.#ready.push(...this.#ready.splice(0).filter((learner) => !learner.ended));
    const wanted = Math.max(count, Math.min(this.#taken, mostReady));
    this.#taken = 0;
    while (this.#ready.length < wanted) this.#ready.push(this.#start(false));
  }

  /** Comes back once those that wait have loaded all they need. */
  async untilReady(): Promise<void> {
    // One that ended meanwhile is replaced when it is wanted.
    await Promise.allSettled(this.#ready.map(async (learner) => await learner.ping()));
  }

  /** A process of its own for a program, which is yet to be opened. */
  take({ needsTsx }: LearnerProgram): LearnerProcess {
    if (needsTsx) return this.#start(true);
    this.#taken += 1;
    const ready = this.#ready.shift();
    // One more, for a check that starts a process of its own.
    if (this.#ready.length === 0) this.#ready.push(this.#start(false));
    return ready === undefined || ready.ended ? this.#start(false) : ready;
  }

  /** Ends those that are left. */
  async close(): Promise<void> {
    this.#ready.length = 0;
    await Promise.all([...this.#all].map(async (learner) => await learner.kill()));
  }

  #start(needsTsx: boolean): LearnerProcess {
    for (const learner of this.#all) if (learner.ended) this.#all.delete(learner);
    const learner = new LearnerProcess({ runtime: this.#runtime, needsTsx }, this.#limits);
    this.#all.add(learner);
    return learner;
  }
}
