import { fail } from '@workshop/lab-kit';
import type { DeployedCheck } from './deployed-check.ts';

export const deployed: DeployedCheck = {
  id: 'deployed',
  title: 'The stack is deployed',
  expected: 'the status CREATE_COMPLETE or UPDATE_COMPLETE',
  hint: "The stack's events in the CloudFormation console name the resource that failed first, and why.",
  judge({ stack: { status, reason } }) {
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
  },
};
