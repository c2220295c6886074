import type { Verdict } from '@workshop/lab-kit';
import { stackChecks } from '../checks.ts';
import type { StackCheck } from '../checks/lab-check.ts';
import { runsAtRest, runsInTransit, runsPrivate } from './as-it-runs.ts';
import { asWritten } from './as-written.ts';
import { deployed } from './deployed.ts';
import { verdictOf, type DeployedCheck } from './deployed-check.ts';
import { readDeployment } from './deployment.ts';
import { filled } from './filled.ts';
import { running } from './running.ts';

/** What the template says, then what runs. */
const checks: readonly DeployedCheck[] = [
  deployed,
  running,
  ...stackChecks.map(ofTemplate),
  runsPrivate,
  runsInTransit,
  runsAtRest,
  asWritten,
  filled,
];

function ofTemplate({ id, title, expected, hint, judge }: StackCheck): DeployedCheck {
  return { id, title, expected, hint, judge: ({ written }) => judge(written) };
}

/**
 * Judges a stack in an AWS account: its template by the checks of the lab, and what runs by what RDS and ElastiCache say. Deploys and changes nothing.
 * @throws {StackError}
 */
export async function verifyDeployed(stackName: string): Promise<Verdict> {
  const startedAt = performance.now();
  const deployment = await readDeployment(stackName);
  const verdicts = checks.map((check) => verdictOf(check, deployment));
  return {
    lab: '10',
    passed: verdicts.every(({ passed }) => passed),
    durationMs: Math.round(performance.now() - startedAt),
    checks: verdicts,
    transcript: [],
  };
}
