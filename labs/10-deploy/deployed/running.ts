import { fail } from '@workshop/lab-kit';
import { textOf } from '../template/template.ts';
import type { DeployedCheck } from './deployed-check.ts';
import type { Seen } from './seen.ts';

/** What serves. RDS goes on to serve while it makes a backup or moves to another kind of disk, ElastiCache while it makes a snapshot. */
const serving = new Set(['available', 'active', 'backing-up', 'storage-optimization', 'snapshotting']);

export const running: DeployedCheck = {
  id: 'running',
  title: 'Database and cache are there, and available',
  expected: 'each store of the template known to its service, with the status available',
  hint: 'The console of RDS or ElastiCache has the events of each store: what was done to it, and when.',
  judge({ seen }) {
    for (const each of seen) {
      demandThere(each);
      if (serving.has(each.status)) continue;
      fail(`${nameOf(each)} is ${each.status}, expected available`, {
        mistake: 'not-available',
        leadsTo: 'The demo waits for a connection, or loses the ones it has.',
        hint: 'If it is being changed, wait until that is over, then verify again.',
      });
    }
    return seen.filter(isStore).map(inWords).join('; ') || 'no store';
  },
};

/** Fails for what somebody has deleted. */
export function demandThere(seen: Seen): asserts seen is Seen & { status: string } {
  if (seen.status !== undefined) return;
  fail(
    seen.name
      ? `${seen.service} has no ${seen.called.replace(/^the /, '')} ${seen.name}, which CloudFormation made`
      : `${seen.called} ${seen.id} is not made yet`,
    {
      mistake: 'deleted-by-hand',
      leadsTo: 'The outputs lead to nothing, and the next `cdk deploy` does not bring it back.',
      hint: 'What was deleted by hand comes back only with a new stack: `cdk destroy`, then `cdk deploy`.',
    },
  );
}

/** "the database workshop-db" */
export function nameOf({ called, name }: Seen): string {
  return `${called} ${name}`;
}

function isStore({ called }: Seen): boolean {
  return called === 'the database' || called === 'the cache';
}

function inWords(seen: Seen): string {
  const { Engine, EngineVersion, MajorEngineVersion } = seen.properties;
  const engine = [Engine, EngineVersion ?? MajorEngineVersion].map(textOf).filter(Boolean).join(' ');
  const nodes = seen.members ? ` on ${seen.members.length} node${seen.members.length === 1 ? '' : 's'}` : '';
  return `${nameOf(seen)}: ${engine}${nodes}, ${seen.status}`;
}
