import { CheckFailed, fail, type CheckVerdict, type Verdict } from '@workshop/lab-kit';
import { stackChecks } from '../checks.ts';
import type { Subject } from '../checks/lab-check.ts';
import { expectedOutputs } from '../checks/outputs.ts';
import { placeOf } from '../template/physical.ts';
import { modelOf } from '../template/stack-model.ts';
import { readStack, type DeployedStack } from './read-stack.ts';

type Said = Pick<CheckVerdict, 'id' | 'title' | 'expected' | 'hint'>;

/** The widest range of addresses that may have the site open: 65,536 of them. */
const narrowestPrefix = 16;

/**
 * Judges a stack in an AWS account by the checks of the lab, and by what CloudFormation says of it. Deploys and changes nothing.
 * @throws {StackError}
 */
export async function verifyDeployed(stackName: string): Promise<Verdict> {
  const startedAt = performance.now();
  const stack = await readStack(stackName);
  const subject: Subject = { ...modelOf(stack.template, placeOf(stack.stackId), stack.parameters), welcome };
  const checks = [
    verdict(deployed, () => judgeStatus(stack)),
    ...stackChecks.map((check) => verdict(check, () => check.judge(subject))),
    verdict(filled, () => judgeOutputs(stack, Object.keys(expectedOutputs(subject)))),
  ];
  return {
    lab: '10',
    passed: checks.every(({ passed }) => passed),
    durationMs: Math.round(performance.now() - startedAt),
    checks,
    transcript: [],
  };
}

/** Who the visitors are is not known here; that they are not everybody is. */
function welcome(cidr: string): boolean {
  const prefix = /^\d+\.\d+\.\d+\.\d+\/(\d+)$/.exec(cidr)?.[1];
  return prefix !== undefined && Number(prefix) >= narrowestPrefix;
}

const deployed: Said = {
  id: 'deployed',
  title: 'The stack is deployed',
  expected: 'the status CREATE_COMPLETE or UPDATE_COMPLETE',
  hint: "The stack's events in the CloudFormation console name the resource that failed first, and why.",
};

function judgeStatus({ status, reason }: DeployedStack): string {
  if (status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE') return status;
  if (status.endsWith('_IN_PROGRESS') && !status.includes('ROLLBACK')) {
    fail(`its status is ${status}: it is not finished`, {
      hint: 'Wait until `cdk deploy` returns, then verify again.',
    });
  }
  fail(`its status is ${status}${reason ? `: ${reason}` : ''}`, {
    mistake: 'not-deployed',
    leadsTo: 'What runs is not what your code says.',
  });
}

const filled: Said = {
  id: 'filled',
  title: 'The outputs have values',
  expected: 'an endpoint, a name or an address in each',
  hint: 'The Outputs tab of the stack shows what the demo will read.',
};

function judgeOutputs({ outputs }: DeployedStack, names: readonly string[]): string {
  const empty = names.filter((name) => !outputs[name]);
  if (empty.length > 0) {
    fail(`${empty.length} of ${names.length} outputs without a value: ${empty.join(', ')}`, {
      mistake: 'output-missing',
      leadsTo: 'The demo looks them up by name and does not start.',
    });
  }
  return names.map((name) => `${name} ${outputs[name]}`).join(', ');
}

function verdict({ id, title, expected, hint }: Said, judge: () => string): CheckVerdict {
  try {
    return { id, title, passed: true, expected, observed: judge(), hint };
  } catch (error) {
    if (!(error instanceof CheckFailed)) throw error;
    return { id, title, passed: false, expected, hint, observed: error.message, ...error.details };
  }
}
