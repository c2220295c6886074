import { CheckRun } from './check-run.ts';
import type { Check, Lab } from './lab.ts';
import type { Learners } from './learners.ts';
import { CallHung, ProcessEnded } from './sandbox/errors.ts';
import type { Space } from './space.ts';
import type { TranscriptLine } from './transcript.ts';

/** Some of a lab's checks, one after the other: in one space, with one process of the learner's for all that allow it. */
export class LabRun {
  /** What reached the stores during the last check. */
  lines: TranscriptLine[] = [];
  /** The last check lost the process: it ended, or it no longer answered. */
  lost = false;
  /** The file could not be loaded, so no check can say anything. */
  unusable = false;
  readonly #lab: Lab;
  readonly #space: Space;
  readonly #learners: Learners;

  constructor(lab: Lab, space: Space, learners: Learners) {
    this.#lab = lab;
    this.#space = space;
    this.#learners = learners;
  }

  /** Ends the learner's processes, and with them a check that waits for one, or for what one was to send. */
  async endProcesses(): Promise<void> {
    this.#space.mysqlTap.weather.clear();
    this.#space.redisTap.weather.clear();
    await this.#learners.kill();
  }

  /** Runs one check on fresh tables, with a cold cache, in good weather. @returns what it observed */
  async check(check: Check): Promise<string> {
    const { mysqlTap, redisTap } = this.#space;
    const run = new CheckRun(this.#lab, check, this.#space, this.#learners);
    this.lost = false;
    let reusable = false;
    try {
      await this.#prepare(run);
      const observed = await check.run(run.context());
      // After bad weather clients wait before they connect again; after a failure anything may be left behind.
      reusable = !run.weatherUsed && !this.#learners.main.finished;
      return observed;
    } catch (error) {
      this.lost = error instanceof ProcessEnded || (error instanceof CallHung && error.blocked);
      throw error;
    } finally {
      mysqlTap.weather.clear();
      redisTap.weather.clear();
      this.#space.holding.clear();
      // What a process still sends must not meet the next check.
      if (reusable) reusable = await settles(run);
      this.lines = run.transcript();
      await this.#learners.endCheck(reusable);
    }
  }

  async #prepare(run: CheckRun): Promise<void> {
    const { ready } = this.#learners;
    const kept = await this.#space.renew(!ready);
    if (kept && ready) return;
    try {
      await this.#learners.restart();
    } catch (error) {
      this.unusable = !this.#learners.opened;
      throw error;
    }
    // It may have stored something as it started.
    await run.untilStarted();
    await this.#space.redis.flushdb();
  }
}

/** False when the process is lost meanwhile: the check has its verdict by then. */
async function settles(run: CheckRun): Promise<boolean> {
  return await run.settle().then(
    () => true,
    () => false,
  );
}
