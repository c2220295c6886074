import { fail } from '@workshop/lab-kit';
import { securityGroup } from '../template/security-rules.ts';
import { textOf } from '../template/template.ts';
import type { Subject } from './lab-check.ts';
import { attachmentOf, balancersOf, serversOf } from './servers.ts';

/** The port of the demo. */
export const sitePort = 8008;

/** Groups of something, by their ids. @throws when there are none, or one whose rules are not in the template */
export function groupsOf(subject: Subject, called: string, groups: readonly unknown[]): readonly string[] {
  if (groups.length === 0) {
    fail(`${called} has no security group, and so gets the default one of its network`, foreignGroup);
  }
  const foreign = groups.find((group) => !securityGroup(subject, group));
  if (foreign !== undefined)
    fail(`${called} has a security group that is not in the template: ${textOf(foreign)}`, foreignGroup);
  return groups.map(textOf);
}

const foreignGroup = {
  mistake: 'foreign-group',
  leadsTo: 'Who may connect is decided somewhere else, for other reasons, and changes without you.',
};

/** The groups that the web server carries. */
export function serverGroups(subject: Subject): readonly string[] {
  return serversOf(subject).flatMap((server) =>
    groupsOf(subject, 'the web server', attachmentOf(subject, server).securityGroups),
  );
}

/** The groups that load balancers carry. */
export function balancerGroups(subject: Subject): readonly string[] {
  return balancersOf(subject).flatMap(({ securityGroups }) =>
    groupsOf(subject, 'the load balancer', securityGroups),
  );
}
