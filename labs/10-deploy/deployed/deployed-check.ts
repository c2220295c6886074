import { CheckFailed, type CheckVerdict } from '@workshop/lab-kit';
import type { Deployment } from './deployment.ts';

/** A check of a stack in an account. */
export interface DeployedCheck {
  readonly id: string;
  readonly title: string;
  readonly expected: string;
  readonly hint: string;
  /** @returns what was seen @throws {CheckFailed} */
  readonly judge: (deployment: Deployment) => string;
}

export function verdictOf(check: DeployedCheck, deployment: Deployment): CheckVerdict {
  const { id, title, expected, hint } = check;
  try {
    return { id, title, passed: true, expected, observed: check.judge(deployment), hint };
  } catch (error) {
    if (!(error instanceof CheckFailed)) throw error;
    return { id, title, passed: false, expected, hint, observed: error.message, ...error.details };
  }
}
