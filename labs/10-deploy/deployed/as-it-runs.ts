import { fail } from '@workshop/lab-kit';
import { atRest, inTransit } from '../checks/encryption.ts';
import type { StackCheck } from '../checks/lab-check.ts';
import { unexposed } from '../checks/unexposed.ts';
import type { DeployedCheck } from './deployed-check.ts';
import type { Deployment } from './deployment.ts';
import { demandThere, nameOf } from './running.ts';

/** The lab's own judgement, of what RDS and ElastiCache say that they run. */
function asItRuns(check: StackCheck, words: Pick<DeployedCheck, 'title' | 'hint'>): DeployedCheck {
  return {
    id: `runs-${check.id}`,
    expected: check.expected,
    ...words,
    judge({ runs, seen }) {
      seen.forEach(demandThere);
      try {
        return check.judge(runs);
      } catch (error) {
        if (error instanceof Error) error.message = `as it runs: ${error.message}`;
        throw error;
      }
    },
  };
}

const transit = asItRuns(inTransit, {
  title: 'As they run, neither store takes a connection without TLS',
  hint: 'What is not as the template says was changed by hand. `aws rds describe-db-parameters --source user` shows the parameters that were set.',
});

export const runsInTransit: DeployedCheck = {
  ...transit,
  expected: `${transit.expected}; their parameter groups in-sync`,
  judge(deployment) {
    const seen = transit.judge(deployment);
    checkInForce(deployment);
    return seen;
  },
};

export const runsAtRest = asItRuns(atRest, {
  title: 'As they run, what is stored is encrypted',
  hint: 'Encryption is chosen when a store is made. One that runs without was made, or restored from a snapshot, without.',
});

export const runsPrivate = asItRuns(unexposed, {
  title: 'As they run, database and cache have no address on the internet',
  hint: 'Somebody has given the database a public address: `aws rds modify-db-instance --no-publicly-accessible --apply-immediately` takes it away.',
});

/** A parameter group that a store was given is not in force before the store says so. */
function checkInForce({ seen }: Deployment): void {
  for (const store of seen) {
    for (const { name, status } of store.parameterGroups ?? []) {
      if (status === 'in-sync') continue;
      fail(
        `the parameter group ${name} of ${nameOf(store)} is ${status || 'of no status'}, expected in-sync: what it says, such as require_secure_transport, is not in force yet`,
        {
          mistake: 'parameters-not-in-force',
          leadsTo:
            'Until the restart the store goes by its old parameters: MySQL may take plain connections.',
          ...(store.service === 'RDS' && status === 'pending-reboot'
            ? {
                hint: `It takes a restart: aws rds reboot-db-instance --db-instance-identifier ${store.name}`,
              }
            : { hint: 'Wait until it is applied, then verify again.' }),
        },
      );
    }
  }
}
