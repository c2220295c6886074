import type { FaultName } from './faults.ts';
import type { Plan } from './plan.ts';
import type { Run } from './run-schedules.ts';
import type { Verdict } from './schedule.ts';

/** How many orders of steps are tried before a smaller plan counts as harmless, and how many of them at once. */
const TRIES = 288;
const AT_ONCE = 24;

/**
 * Looks for a smaller schedule that goes wrong in the same way: leaves out one operation after the other, and tries many orders of what
 * remains, since the order in which a race is lost is another once an operation is gone. Everything is drawn from the seed, so
 * the same failure is always shrunk to the same schedule.
 */
export async function shrink(run: Run, first: Verdict, plan: Plan, fault?: FaultName): Promise<Verdict> {
  let best = first;
  let current = plan;
  for (let index = current.operations.length - 1; index >= 0; index--) {
    const smaller = { ...current, operations: current.operations.toSpliced(index, 1) };
    const found = await failureOf(run, smaller, first, fault);
    if (found === undefined) continue;
    best = found;
    current = smaller;
  }
  return best;
}

/** The shortest of the first few failures; of the same kind as `first`, or one defect could turn into another on the way. */
async function failureOf(
  run: Run,
  plan: Plan,
  first: Verdict,
  fault?: FaultName,
): Promise<Verdict | undefined> {
  for (let tried = 0; tried < TRIES; tried += AT_ONCE) {
    const verdicts = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => run(plan, plan.seed + tried + index, fault)),
    );
    const failures = verdicts.filter(({ violation }) => violation?.kind === first.violation?.kind);
    if (failures.length > 0) return failures.toSorted((one, other) => one.steps - other.steps)[0];
  }
  return undefined;
}
