import type { FaultName } from './faults.ts';
import { makePlan } from './plan.ts';
import type { Run } from './run-schedules.ts';
import type { Verdict } from './schedule.ts';
import { shrink } from './shrink.ts';

/** A failing schedule, made as small as it goes, with what is needed to see it again. */
export async function explain(run: Run, verdict: Verdict, fault?: FaultName): Promise<string> {
  const plan = makePlan(verdict.seed);
  const smallest = await shrink(run, verdict, plan, fault);
  const command = `pnpm soak --seed ${verdict.seed}${fault === undefined ? '' : ` --fault '${fault}'`}`;
  return [
    `Seed ${verdict.seed}: ${verdict.violation?.kind}: ${verdict.violation?.text}`,
    `To see it again: ${command}`,
    '',
    `The smallest schedule found that goes wrong (${smallest.violation?.text}):`,
    '',
    smallest.transcript.print(plan.processes),
    '',
    'The schedule of the seed itself:',
    '',
    verdict.transcript.print(plan.processes),
  ].join('\n');
}
