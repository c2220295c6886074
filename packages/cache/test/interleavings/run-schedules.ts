import { randomUUID } from 'node:crypto';
import { FAULTS } from './faults.ts';
import type { FaultName } from './faults.ts';
import { makePlan } from './plan.ts';
import type { Plan } from './plan.ts';
import { runSchedule } from './schedule.ts';
import type { Verdict } from './schedule.ts';
import { Wire } from './wire.ts';

/**
 * Schedules that a thread runs side by side. Each is deterministic by itself, so they do not disturb each other, and while one waits for
 * Redis the others go on.
 */
const SIDE_BY_SIDE = 24;

export interface RunOptions {
  readonly redisUrl: string;
  /** The first seed; the others follow it one by one. */
  readonly seed: number;
  readonly schedules: number;
  readonly fault?: FaultName | undefined;
  /** Stops after the first schedule that finds something; otherwise all are run. */
  readonly stopsAtFirst?: boolean;
  readonly onVerdict?: (verdict: Verdict) => void;
}

export interface Summary {
  readonly schedules: number;
  readonly readsChecked: number;
  readonly steps: number;
  /** One number for each order in which commands reached Redis. */
  readonly interleavings: ReadonlySet<number>;
  readonly failures: readonly Verdict[];
  /** Names that no schedule knew of, and so did not remove. */
  readonly strays: readonly string[];
}

/** Of a run with thousands of failures, a few are enough to look at. */
const KEPT_FAILURES = 20;

/** Runs the schedules of so many seeds. */
export async function runSchedules(options: RunOptions): Promise<Summary> {
  return withWire(options.redisUrl, async (run, sweep) => {
    const { seed, schedules, fault, stopsAtFirst = false, onVerdict } = options;
    const interleavings = new Set<number>();
    const failures: Verdict[] = [];
    let [done, next, readsChecked, steps] = [0, 0, 0, 0];
    let last = schedules;
    await sideBySide(async () => {
      while (next < last) {
        const own = seed + next++;
        const verdict = await run(makePlan(own), own, fault);
        done++;
        readsChecked += verdict.readsChecked;
        steps += verdict.steps;
        interleavings.add(verdict.interleaving);
        if (verdict.violation !== undefined) {
          failures.push(verdict);
          // Side by side they do not end in order, and the same run is to keep the same ones.
          failures.sort((one, other) => one.seed - other.seed);
          failures.length = Math.min(failures.length, KEPT_FAILURES);
          if (stopsAtFirst) last = next;
        }
        onVerdict?.(verdict);
      }
    });
    const strays = await sweep();
    return { schedules: done, readsChecked, steps, interleavings, failures, strays };
  });
}

/** Runs one plan in the order that `choices` draws. */
export type Run = (plan: Plan, choices: number, fault?: FaultName) => Promise<Verdict>;

/** Gives `work` a connection, and keys of its own for each schedule. */
export async function withWire<T>(
  redisUrl: string,
  work: (run: Run, sweep: () => Promise<string[]>) => Promise<T>,
): Promise<T> {
  const wire = new Wire(redisUrl);
  const space = `test:${randomUUID().slice(0, 8)}`;
  let count = 0;
  try {
    await wire.redis.ping();
    return await work(
      (plan, choices, fault) =>
        runSchedule({
          wire,
          prefix: `${space}:${(count++).toString(36)}`,
          plan,
          choices,
          fault: fault && FAULTS[fault],
        }),
      () => wire.sweep(space),
    );
  } finally {
    wire.close();
  }
}

export async function sideBySide(work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
}
