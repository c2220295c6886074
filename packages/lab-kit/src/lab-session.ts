import { setTimeout } from 'node:timers/promises';
import type { Check, Lab } from './lab.ts';
import { LabRun } from './lab-run.ts';
import { Learners } from './learners.ts';
import { NoDatabaseFree } from './redis-database.ts';
import { runCheck } from './run-check.ts';
import type { Limits } from './sandbox/learner-process.ts';
import { LearnerProcesses } from './sandbox/learner-processes.ts';
import { prepareProgram, type LearnerProgram } from './sandbox/learner-program.ts';
import { createSpace, type EngineUrls, type Space } from './space.ts';
import type { TranscriptLine } from './transcript.ts';
import type { CheckVerdict, Verdict } from './verdict.ts';
import { VerdictInOrder } from './verdict-in-order.ts';

/**
 * So many checks run at a time. The nth check belongs to the nth lane, and round again, whichever has time for it: so the
 * same checks follow each other in the same process on every machine, every time.
 */
export const defaultLanes = 3;

export interface LabSessionOptions {
  lab: Lab;
  engines: EngineUrls | Promise<EngineUrls>;
  limits?: Limits;
  /** @default the lab's, or 3 */
  lanes?: number;
}

export interface RunOptions {
  /** The learner's file: `work/article-store.ts`. */
  entry: string;
  /** Only these, in this order. @default all of the lab's */
  checks?: readonly Check[];
  /** Skip what comes after the first check that fails. */
  untilFailure?: boolean;
  /** Ends the run early: it throws the signal's reason. */
  signal?: AbortSignal;
  /** Called for each check, in order, with what reached the stores during it. */
  onCheck?: (verdict: CheckVerdict, lines: readonly TranscriptLine[]) => void;
}

/** Runs a lab's checks, as often as wanted. Between runs its spaces stay, and processes wait for the next. */
export class LabSession {
  readonly #lab: Lab;
  readonly #lanes: number;
  readonly #engines: Promise<EngineUrls>;
  readonly #processes: Promise<LearnerProcesses>;
  readonly #spaces: Space[] = [];
  #isRunning = false;

  constructor({ lab, engines, limits = lab.limits, lanes = lab.lanes ?? defaultLanes }: LabSessionOptions) {
    this.#lab = lab;
    this.#lanes = Math.min(lanes, lab.checks.length);
    this.#engines = Promise.resolve(engines);
    this.#processes = LearnerProcesses.create(limits);
    // Whoever awaits them in a run is told what went wrong.
    this.#engines.catch(() => {});
    this.#processes.catch(() => {});
  }

  /** Makes ready what a run begins with, for a run that is to come. @throws when the engines fail us */
  async prepare(): Promise<void> {
    await Promise.all([this.#start(), this.#makeSpaces()]);
    const processes = await this.#processes;
    await processes.untilReady();
  }

  /** Has processes wait, unless the lab's are of another kind. */
  async #start(): Promise<void> {
    const processes = await this.#processes;
    if (this.#lab.harness === undefined) processes.prepare(this.#lanes);
  }

  /**
   * Runs the checks against somebody's file.
   * @returns a verdict, also for code that does not load, ends its process or never returns
   * @throws only when the engines fail us, or when stopped by the signal
   */
  async run(options: RunOptions): Promise<Verdict> {
    const { entry, checks = this.#lab.checks, untilFailure = false, signal, onCheck } = options;
    if (this.#isRunning) throw new Error('this session is running already: one run at a time');
    this.#isRunning = true;
    const startedAt = performance.now();
    const inOrder = new VerdictInOrder(checks, untilFailure, onCheck);
    const over = new AbortController();
    const stop = () => over.abort();
    signal?.addEventListener('abort', stop);
    try {
      signal?.throwIfAborted();
      const [program] = await Promise.all([
        prepareProgram(entry, this.#lab.harness),
        this.#start(),
        this.#makeSpaces(),
      ]);
      const lanes = Array.from({ length: this.#lanes }, (_, lane) => lane);
      const settled = await Promise.allSettled(
        this.#spaces.map(async (space) => {
          for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
            await this.#runLane({ checks, lane, space, program, inOrder, over });
          }
        }),
      );
      signal?.throwIfAborted();
      for (const lane of settled) if (lane.status === 'rejected') throw lane.reason;
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#isRunning = false;
    }
    return {
      lab: this.#lab.id,
      passed: inOrder.checks.every((check) => check.passed),
      durationMs: Math.round(performance.now() - startedAt),
      checks: inOrder.checks,
      transcript: inOrder.transcript,
    };
  }

  /** Ends all processes and takes the spaces away. */
  async close(): Promise<void> {
    // What never came to be needs no end. Processes first: they use the spaces.
    await this.#processes.then(async (processes) => await processes.close()).catch(() => {});
    await Promise.allSettled(this.#spaces.map(async (space) => await space.close()));
  }

  async #runLane({ checks, lane, space, program, inOrder, over }: Lane): Promise<void> {
    const processes = await this.#processes;
    const { url, harness } = program;
    const opening = { url, ...(harness && { harness }), options: space.urls };
    const run = new LabRun(
      this.#lab,
      space,
      new Learners(
        () => processes.take(program),
        opening,
        () => space.isAtRest(),
      ),
    );
    const end = () => void run.endProcesses();
    over.signal.addEventListener('abort', end);
    try {
      for (let at = lane; !over.signal.aborted; at += this.#lanes) {
        const check = checks[at];
        if (!check) break;
        const result = await runCheck(run, check);
        if (over.signal.aborted) break;
        inOrder.add(at, result);
        if (inOrder.isStopped) over.abort();
      }
    } catch (error) {
      // What fails when its process has been taken away says nothing.
      if (over.signal.aborted) return;
      over.abort();
      throw error;
    } finally {
      over.signal.removeEventListener('abort', end);
      await run.endProcesses();
    }
  }

  /** One for each lane, if they are to be had; one will do, for one lane after the other. */
  async #makeSpaces(): Promise<void> {
    const engines = await this.#engines;
    if (this.#spaces.length === 0) this.#spaces.push(await whenFree(() => createSpace(engines, this.#lab)));
    const missing = Array.from({ length: this.#lanes - this.#spaces.length }, async () => {
      this.#spaces.push(await createSpace(engines, this.#lab, this.#spaces[0]));
    });
    for (const space of await Promise.allSettled(missing)) {
      if (space.status === 'rejected' && !(space.reason instanceof NoDatabaseFree)) throw space.reason;
    }
  }
}

interface Lane {
  checks: readonly Check[];
  /** Its number, from 0. */
  lane: number;
  space: Space;
  program: LearnerProgram;
  inOrder: VerdictInOrder;
  /** Aborted when nothing more needs to be run. */
  over: AbortController;
}

/** How long to wait for another run to end, ms. */
const longestWaitMs = 60_000;

/** @throws {NoDatabaseFree} when none was free for a minute */
async function whenFree(make: () => Promise<Space>): Promise<Space> {
  const limit = performance.now() + longestWaitMs;
  for (;;) {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof NoDatabaseFree) || performance.now() > limit) throw error;
    }
    await setTimeout(100);
  }
}
